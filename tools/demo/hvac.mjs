/**
 * hvac.mjs: what people call an air-conditioning and heating company about.
 *
 * A problem has variants: what the caller says first, and how the record sums it
 * up in one line. Both use the same slots ({since}, {room}, {brand}, …), which are
 * decided once per call, so the transcript and the record never disagree.
 * `months` weighs a problem by season, January first.
 *
 * Longer than a file should be because it is data: one list, read top to bottom.
 */

/** @typedef {import("./scenes.mjs").Problem} Problem */

const SUMMER = [0, 0, 1, 3, 7, 10, 10, 10, 6, 2, 0, 0];
const WINTER = [10, 8, 4, 1, 0, 0, 0, 0, 0, 3, 7, 10];
const ALWAYS = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2];

/** @type {Problem[]} */
export const HVAC_PROBLEMS = [
  {
    key: "ac_warm",
    card: "No cooling",
    scenario: "AC runs but does not cool",
    service: "AC repair",
    months: SUMMER,
    weight: 1.5,
    equipment: true,
    urgent: 0.35,
    variants: [
      [
        "My air conditioner’s running but it’s just blowing warm air. It’s been like that {since}.",
        "AC runs but blows warm air {since}. {brand} system, about {age} years old.",
      ],
      [
        "Yeah, so the AC is on, I can hear it, but the house won’t go under {hot}. I’ve got the thermostat set at seventy-two.",
        "House stays at {hot} with the thermostat set to 72. AC running nonstop {since}.",
      ],
      [
        "We’ve got no cool air {floor}. The downstairs unit is fine, it’s only {floor}.",
        "No cooling {floor} {since}; the other system is fine.",
      ],
      [
        "The air coming out of the vents isn’t cold anymore. I changed the filter and that didn’t do anything.",
        "Air from the vents is not cold. Filter already changed, no difference.",
      ],
      [
        "It’s {hot} in my house right now and the unit outside isn’t spinning. The inside part is blowing, though.",
        "Outdoor fan not spinning, indoor blower runs. {hot} inside.",
      ],
      [
        "I came home and it was {hot} in here. The system says it’s cooling but it sure isn’t.",
        "Came home to {hot} inside; thermostat shows cooling. {brand}, {age} years old.",
      ],
    ],
    ask: [
      {
        q: [
          "Is the fan on the outdoor unit turning?",
          "When you look outside, is the big fan on the unit spinning?",
        ],
        a: [
          "Hang on, let me look. No. It’s just sitting there humming.",
          "Yes, it’s spinning. It just doesn’t do anything.",
          "It comes on for maybe a minute and then it quits.",
          "I think so? I hear it from the kitchen.",
        ],
      },
      {
        q: [
          "Have you had a chance to check the filter?",
          "When was the filter last changed, if you know?",
        ],
        a: [
          "I put a new one in last week.",
          "Oh, honestly, it’s been a while. Probably the spring.",
          "My husband checked it, he says it’s clean.",
          "I didn’t know I was supposed to, we just moved in.",
        ],
      },
      {
        q: [
          "Do you see any ice on the copper line by the indoor unit?",
          "Is there any frost on the pipes near the air handler?",
        ],
        a: [
          "No, no ice. It’s a little sweaty, that’s all.",
          "There was some this morning, but it melted.",
          "I can’t get to it, it’s up in the attic.",
        ],
      },
    ],
  },
  {
    key: "ac_leak",
    card: "Water leak from unit",
    scenario: "Condensate leak",
    service: "AC repair",
    months: SUMMER,
    weight: 0.9,
    equipment: true,
    urgent: 0.55,
    variants: [
      [
        "There’s water coming out from under the air handler. It’s all over the closet floor.",
        "Water pooling under the air handler in the hall closet {since}.",
      ],
      [
        "I’ve got a brown spot on my ceiling in {room} and it’s right under the AC in the attic.",
        "Ceiling stain in {room} below the attic air handler; drain line suspected.",
      ],
      [
        "My AC is dripping water in the garage, and the little pan underneath is full.",
        "Drain pan in the garage full and dripping. Float switch may have shut the AC off.",
      ],
      [
        "The unit shut itself off and there’s water in the pan. Somebody told me it’s the drain line.",
        "AC shut off by the float switch, water in the pan. Drain line likely clogged.",
      ],
    ],
    ask: [
      {
        q: [
          "Is the water still coming, or has it stopped?",
          "Is it still dripping right now?",
        ],
        a: [
          "It’s slow, but yes, I’ve got a towel under it.",
          "It stopped when I turned the thing off.",
          "I’ve emptied the bucket twice already.",
        ],
      },
      {
        q: [
          "If you haven’t yet, please switch the system off at the thermostat, so it stops making water. Can you do that?",
          "Could you turn the cooling off at the thermostat for now? That keeps it from making more water.",
        ],
        a: [
          "Okay. Done, it’s off.",
          "I already did that, yes.",
          "I will, but it’s going to get hot in here fast.",
        ],
      },
      {
        q: [
          "Has the drain line been cleared before?",
          "Do you remember when the drain was last flushed?",
        ],
        a: [
          "Somebody did it two summers ago.",
          "Never, that I know of.",
          "Your guy did it when he was here for the tune-up.",
        ],
      },
    ],
  },
  {
    key: "ac_ice",
    card: "Frozen coil",
    scenario: "Evaporator coil iced over",
    service: "AC repair",
    months: SUMMER,
    weight: 0.6,
    equipment: true,
    urgent: 0.3,
    variants: [
      [
        "There’s ice all over the copper pipe going into the house, in {month}. That can’t be right.",
        "Refrigerant line iced over; weak airflow {since}.",
      ],
      [
        "Hardly any air is coming out of the vents, and when I opened the panel the whole coil was a block of ice.",
        "Coil frozen solid, almost no airflow. {brand}, {age} years old.",
      ],
      [
        "It freezes up every night. I turn it off, it melts, it works for half a day and then it does it again.",
        "Coil freezes every night and thaws when switched off; repeating {since}.",
      ],
    ],
    ask: [
      {
        q: [
          "For now, please set the system to off and the fan to on, so the ice can melt. The technician can’t test a frozen coil.",
          "The best thing is to turn cooling off and leave the fan running until it thaws.",
        ],
        a: [
          "Okay, so off, and fan on. Got it.",
          "How long does that take? … Alright.",
          "I did that last night, it helps for a few hours.",
        ],
      },
      {
        q: [
          "Has anyone added refrigerant in the last couple of years?",
          "Has it ever been low on refrigerant before?",
        ],
        a: [
          "Yes, two pounds, last June. They said there was a leak.",
          "Not since we’ve lived here.",
          "The last company topped it off every year, to be honest.",
        ],
      },
    ],
  },
  {
    key: "ac_noise",
    card: "Noisy equipment",
    scenario: "Outdoor unit noise",
    service: "AC repair",
    months: [1, 1, 2, 4, 6, 7, 7, 7, 5, 2, 1, 1],
    weight: 0.6,
    equipment: true,
    urgent: 0.1,
    variants: [
      [
        "The outside unit has started making this awful grinding noise. My neighbor actually came over about it.",
        "Grinding noise from the outdoor unit {since}; neighbor complained.",
      ],
      [
        "When the AC kicks on there’s a loud bang, and then it rattles the whole time it runs.",
        "Bang at start-up, then rattling for the whole cycle.",
      ],
      [
        "There’s a high squeal from the air handler. It’s driving my dog crazy.",
        "High-pitched squeal from the air handler, worst at start-up.",
      ],
      [
        "It sounds like a helicopter out there. It still cools, it’s just so loud I can’t sleep.",
        "Outdoor unit very loud at night; still cooling.",
      ],
    ],
    ask: [
      {
        q: [
          "Does it do it all the time, or only when it starts?",
          "Is the noise there the whole time it runs?",
        ],
        a: [
          "Mostly when it starts up and when it shuts down.",
          "The entire time. It’s going right now, can you hear it?",
          "It comes and goes. Of course it isn’t doing it now.",
        ],
      },
      {
        q: [
          "Is it still keeping the house comfortable?",
          "Is it cooling the way it should otherwise?",
        ],
        a: [
          "Yes, it cools fine.",
          "Kind of. It’s slower than it used to be.",
          "So far. I’m afraid to run it, though.",
        ],
      },
    ],
  },
  {
    key: "ac_dead",
    card: "System will not start",
    scenario: "No power to unit",
    service: "AC repair",
    months: [1, 1, 2, 4, 7, 9, 9, 9, 6, 2, 1, 1],
    weight: 0.9,
    equipment: true,
    urgent: 0.4,
    variants: [
      [
        "My AC won’t come on at all. I’ve tried the thermostat, I tried the breaker, nothing.",
        "System dead: thermostat calls, nothing starts. Breaker already reset.",
      ],
      [
        "It trips the breaker every time it tries to start. I’ve flipped it back three times.",
        "Breaker trips each time the AC starts. Told not to reset it again.",
      ],
      [
        "We had that storm and the power flickered, and ever since then the air conditioning is dead.",
        "No response from the AC since the storm; lights and outlets are fine.",
      ],
      [
        "It clicks like it wants to start, and then nothing happens. It’s been doing that {since}.",
        "Clicks but does not start {since}. Possible capacitor. {brand}, {age} years old.",
      ],
    ],
    ask: [
      {
        q: [
          "Is there anything on the thermostat screen?",
          "Does the thermostat screen light up?",
        ],
        a: [
          "It’s on. It says cool, seventy-four.",
          "No, it’s blank.",
          "Yes, and there’s a little snowflake blinking.",
        ],
      },
      {
        q: [
          "Please leave the breaker off until the technician has seen it. Resetting it again can damage the compressor.",
          "I’d leave it off at the breaker for now. It’s safer for the compressor.",
        ],
        a: [
          "Oh. Okay, I won’t touch it.",
          "Alright, it’s off.",
          "Good to know, I was about to try it again.",
        ],
      },
    ],
  },
  {
    key: "hot_room",
    card: "Uneven temperature",
    scenario: "Room does not reach temperature",
    service: "Airflow visit",
    months: [4, 3, 2, 2, 4, 6, 6, 6, 4, 2, 3, 4],
    weight: 0.5,
    urgent: 0.02,
    variants: [
      [
        "One room never gets to temperature. It’s {room}. The rest of the house is fine.",
        "Temperature in {room} is off by 6–8 degrees; rest of the house is fine.",
      ],
      [
        "There’s basically no air coming out of the vents in {room}. I’ve checked, they’re open.",
        "Almost no airflow in {room}; vents open, filter new.",
      ],
      [
        "We finished the space over the garage, and it’s impossible to keep comfortable.",
        "Bonus room over the garage hard to heat and cool; asks about a damper or a mini-split.",
      ],
    ],
    ask: [
      {
        q: [
          "Has it always been that way, or did it start recently?",
          "Is that new, or has it been like that since you moved in?",
        ],
        a: [
          "It’s always been bad, but this year it’s worse.",
          "It started after they blew insulation in the attic.",
          "Since we moved in. We just kept the door shut.",
        ],
      },
      {
        q: [
          "Do you know if that room is on its own zone?",
          "Is that room on the same thermostat as the rest?",
        ],
        a: [
          "No, there’s one thermostat for everything.",
          "I think there are two zones, up and down.",
          "I have no idea, sorry.",
        ],
      },
    ],
  },
  {
    key: "thermostat",
    card: "Thermostat",
    scenario: "Thermostat blank or lost",
    service: "Thermostat service",
    months: ALWAYS,
    weight: 1.8,
    urgent: 0.1,
    variants: [
      [
        "My mother turned every knob she could find, and now it runs and runs and won’t stop.",
        "System runs without stopping after the settings were changed.",
      ],
      [
        "There’s a little wrench on the thermostat and it says call for service. So I’m calling.",
        "Thermostat shows a wrench and “call for service”.",
      ],
      [
        "My thermostat screen is completely blank. I put new batteries in and it’s still blank.",
        "Thermostat screen blank, new batteries did not help.",
      ],
      [
        "The thermostat keeps saying it lost the Wi-Fi, and then it goes to seventy-eight on its own.",
        "Thermostat drops off Wi-Fi and changes its own set point.",
      ],
      [
        "I bought one of those smart thermostats and there’s a wire missing. I don’t want to burn the house down.",
        "Wants a smart thermostat installed; no common wire at the wall.",
      ],
      [
        "It says seventy on the wall and it’s definitely not seventy in here. I bought a little thermometer, it’s off by five degrees.",
        "Thermostat reads about 5 degrees off; checked with a second thermometer.",
      ],
    ],
    ask: [
      {
        q: [
          "Do you know the brand of the thermostat?",
          "Which thermostat is it, do you see a name on it?",
        ],
        a: [
          "It’s a Honeywell, the square one.",
          "It’s an Ecobee.",
          "It’s a Nest, second generation I think.",
          "It just says touch screen. It came with the house.",
        ],
      },
      {
        q: [
          "Is the heating or cooling running at all right now?",
          "Does the system still run?",
        ],
        a: [
          "It runs, I just can’t control it.",
          "No, nothing’s running.",
          "It was running all night, I couldn’t get it to stop.",
        ],
      },
    ],
  },
  {
    key: "no_heat",
    card: "No heat",
    scenario: "Furnace does not ignite",
    service: "Furnace repair",
    months: WINTER,
    weight: 1.6,
    equipment: true,
    urgent: 0.6,
    variants: [
      [
        "It was fine at dinner, and now it’s {cold} in here and the furnace is just dead quiet.",
        "Furnace silent since the evening, {cold} inside.",
      ],
      [
        "I’ve changed the filter and the thermostat batteries and it still won’t light.",
        "Furnace will not light; filter and thermostat batteries changed.",
      ],
      [
        "Upstairs is warm and downstairs is {cold}. The one in the basement isn’t coming on.",
        "Basement furnace does not start, {cold} downstairs, upstairs warm.",
      ],
      [
        "My heat isn’t working. It’s {cold} in the house and dropping.",
        "No heat {since}, {cold} inside and falling. {brand} gas furnace.",
      ],
      [
        "The furnace tries to light, I hear it click click click, and then it gives up.",
        "Furnace clicks but does not ignite, locks out after three tries.",
      ],
      [
        "The blower’s running but the air’s cold. It’s been blowing cold air {since}.",
        "Furnace blows cold air {since}; burner not lighting.",
      ],
      [
        "We woke up and it was {cold} in here. There’s a red light blinking on the furnace, three blinks and then a pause.",
        "Woke up to {cold}. Furnace board flashes three red blinks (pressure switch).",
      ],
      [
        "It heats for about five minutes and then shuts off, over and over, and the house never gets warm.",
        "Furnace short-cycles every five minutes, house not reaching set point.",
      ],
    ],
    ask: [
      {
        q: [
          "Is it a gas furnace or a heat pump, do you know?",
          "Do you know if your heat is gas or electric?",
        ],
        a: [
          "Gas.",
          "It’s gas, it’s down in the crawl space.",
          "I think it’s a heat pump, the thing outside runs in the winter too.",
          "Gas furnace in the attic.",
        ],
      },
      {
        q: [
          "Is there anyone in the home who’s elderly, or very young, or who has a medical condition?",
          "Do you have small children or anyone elderly in the house?",
        ],
        a: [
          "No, it’s just me and my wife. We’ve got blankets.",
          "My mother lives with us, she’s eighty-one.",
          "We’ve got a two-year-old.",
          "No, just the cat, and she’s furious.",
        ],
      },
      {
        q: [
          "Do you have a space heater for tonight?",
          "Will you be alright until we can get there?",
        ],
        a: [
          "We have one, yes.",
          "We’ll light the fireplace.",
          "I guess we’ll have to be.",
        ],
      },
    ],
  },
  {
    key: "heat_pump",
    card: "Heat pump",
    scenario: "Auxiliary heat stays on",
    service: "Heat pump repair",
    months: WINTER,
    weight: 0.8,
    equipment: true,
    urgent: 0.3,
    variants: [
      [
        "It’s blowing air that isn’t warm and isn’t cold, and the thing outside is making steam.",
        "Lukewarm air {since}; outdoor unit steams while it defrosts.",
      ],
      [
        "Every time it changes over, there’s a whoosh and the lights dim.",
        "Loud whoosh and dimming lights at every changeover. {brand} heat pump.",
      ],
      [
        "You put in the heat pump in {month} two years ago, and now it won’t come off E-M heat.",
        "Heat pump will not leave emergency heat {since}. {brand}.",
      ],
      [
        "My thermostat’s been saying auxiliary heat {since}, and my power bill was four hundred dollars.",
        "Stuck on auxiliary heat {since}; power bill over $400.",
      ],
      [
        "The outside unit is a solid block of ice. I thought it was supposed to melt that by itself.",
        "Heat pump iced over, not defrosting.",
      ],
      [
        "The heat pump’s running and running and it’s {cold} in here. It used to keep up.",
        "Heat pump runs nonstop, {cold} inside; not keeping up below freezing.",
      ],
    ],
    ask: [
      {
        q: [
          "Is the outdoor unit running while that happens?",
          "Does the outside unit run at all?",
        ],
        a: [
          "It hums, but the fan doesn’t turn.",
          "No, it’s completely quiet out there.",
          "It runs, but it’s covered in frost.",
        ],
      },
      {
        q: [
          "You can switch the thermostat to emergency heat until we come. It costs more, but it will keep you warm.",
          "In the meantime, emergency heat on the thermostat should hold the house.",
        ],
        a: [
          "Okay, I see it. E-M heat. Alright.",
          "That’s what I’ve been doing, that’s why I’m calling.",
          "I’ll do that, thank you.",
        ],
      },
    ],
  },
  {
    key: "furnace_smell",
    card: "Odor from vents",
    scenario: "Burning-dust smell",
    service: "Furnace inspection",
    months: [2, 1, 1, 0, 0, 0, 0, 0, 1, 8, 7, 3],
    weight: 0.6,
    urgent: 0.35,
    variants: [
      [
        "I turned the heat on for the first time this year and it smells like something’s burning.",
        "Dusty burning smell at first heat of the season; no smoke, alarms quiet.",
      ],
      [
        "There’s a smell like hot metal when the furnace runs. It goes away after a while, but it comes back.",
        "Hot-metal smell whenever the furnace runs {since}.",
      ],
      [
        "The vents smell musty, like a wet towel. My kids have been coughing.",
        "Musty smell from the vents; children coughing. Asks about coil and duct cleaning.",
      ],
    ],
    ask: [
      {
        q: [
          "Do you see any smoke, or smell anything like rotten eggs?",
          "Just to be safe: no smoke, and no smell of gas?",
        ],
        a: [
          "No, nothing like that. More like dust.",
          "No smoke. I checked all the rooms.",
          "No gas smell, no.",
        ],
      },
      {
        q: [
          "Do you have working carbon monoxide alarms?",
          "Is there a carbon monoxide detector in the house?",
        ],
        a: [
          "Yes, two, and they haven’t gone off.",
          "There’s one in the hall. Let me… the light’s green.",
          "I don’t think so, no. Should I get one?",
        ],
      },
    ],
  },
  {
    key: "tuneup_spring",
    card: "Maintenance",
    scenario: "Spring tune-up",
    service: "AC tune-up",
    months: [0, 1, 7, 9, 6, 2, 1, 0, 0, 0, 0, 0],
    weight: 2.4,
    urgent: 0,
    routine: true,
    variants: [
      [
        "I skipped it last year and I feel guilty, so let’s do it now.",
        "AC tune-up, skipped last year. {brand}, {age} years old.",
      ],
      [
        "We’re back from Florida on the tenth, could somebody check the air before it gets hot?",
        "AC check before summer, back in town on the tenth.",
      ],
      [
        "I’d like to get my AC checked before it gets hot.",
        "Spring AC tune-up, one system.",
      ],
      [
        "I got your postcard about the spring tune-up. I’d like to set that up.",
        "Spring tune-up from the postcard, {brand} system.",
      ],
      [
        "It’s time for my maintenance visit. I’m on the plan, both units.",
        "Maintenance plan visit, both units.",
      ],
      [
        "We just bought the house and I want somebody to look at the air conditioning, so there are no surprises in July.",
        "New homeowner; wants the AC checked before summer. Age unknown.",
      ],
      [
        "Last year it quit on us the first hot week, so this year I’m calling early.",
        "Early tune-up; system failed in the first hot week last year.",
      ],
    ],
    ask: [
      {
        q: ["Is that for one system or two?", "How many systems do you have?"],
        a: [
          "Two. One upstairs, one down.",
          "Just the one.",
          "One outside, and a mini-split in the sunroom.",
        ],
      },
      {
        q: [
          "Has anything seemed different, weak airflow, noise, anything like that?",
          "Is it working alright as far as you can tell?",
        ],
        a: [
          "No, it’s been good.",
          "It ran a lot last summer, but it kept up.",
          "A little rattle when it starts, if they could look at that.",
        ],
      },
    ],
  },
  {
    key: "tuneup_fall",
    card: "Maintenance",
    scenario: "Fall tune-up",
    service: "Heating tune-up",
    months: [1, 0, 0, 0, 0, 0, 0, 1, 6, 9, 6, 2],
    weight: 2.4,
    urgent: 0,
    routine: true,
    variants: [
      [
        "I’d like the gas logs and the furnace looked at, if you do both.",
        "Furnace check, asks about the gas logs too.",
      ],
      [
        "My carbon monoxide alarm’s new and it’s made me nervous. I’d like the heater checked.",
        "Heating check for peace of mind, new carbon monoxide alarm.",
      ],
      [
        "I want to schedule the furnace check before winter.",
        "Fall furnace check, {brand}, {age} years old.",
      ],
      [
        "You all did the AC in the spring and said to call in the fall for the heat.",
        "Fall visit due on the maintenance plan.",
      ],
      [
        "I’m calling to set up the heating tune-up for me and for my mother, she’s two doors down.",
        "Heating tune-up for two homes on the same street.",
      ],
      [
        "We’ve got a gas furnace that nobody’s looked at in, I want to say, five years.",
        "Furnace inspection, not serviced in about five years.",
      ],
    ],
    ask: [
      {
        q: [
          "Have you had the heat on yet this season?",
          "Has the heat run yet this fall?",
        ],
        a: [
          "Not yet.",
          "Once, last week, for an hour. It seemed fine.",
          "Just this morning. It smelled a little dusty.",
        ],
      },
      {
        q: [
          "Would you like the technician to bring filters? I’d need the size.",
          "Should the technician bring filters along?",
        ],
        a: [
          "Yes, sixteen by twenty-five by one.",
          "Sure. I think it’s twenty by twenty by one.",
          "No, I’ve got a stack of them.",
        ],
      },
    ],
  },
  {
    key: "mini_split",
    card: "Ductless system",
    scenario: "Mini-split fault",
    service: "Mini-split repair",
    months: [3, 2, 2, 2, 4, 6, 7, 7, 5, 2, 2, 3],
    weight: 0.45,
    urgent: 0.15,
    variants: [
      [
        "The mini-split in {room} is flashing a code. It says E five.",
        "Mini-split in {room} shows E5 and shuts off.",
      ],
      [
        "My ductless unit drips water down the wall every time it runs.",
        "Ductless head drips down the wall in {room}.",
      ],
      [
        "The remote doesn’t do anything anymore, and there’s an orange light blinking on the wall unit.",
        "Mini-split does not answer the remote; orange light blinking.",
      ],
    ],
    ask: [
      {
        q: [
          "Do you know who made it?",
          "What brand is it, do you see a name on the front?",
        ],
        a: [
          "Mitsubishi.",
          "It’s a Fujitsu. You all put it in.",
          "Daikin, I think. The sticker’s faded.",
        ],
      },
    ],
  },
  {
    key: "quote",
    card: "New system",
    scenario: "Replacement estimate",
    intent: "ESTIMATE_REQUEST",
    service: "Comfort consultation",
    months: [3, 3, 3, 3, 4, 5, 5, 5, 3, 3, 3, 3],
    weight: 1.0,
    urgent: 0.03,
    routine: true,
    variants: [
      [
        "I need a price on a new system. Mine’s {age} years old and I’m done fixing it.",
        "Replacement estimate: {brand} split system, {age} years old, several repairs.",
      ],
      [
        "Another company told me I need a whole new unit for fourteen thousand dollars. I’d like a second opinion.",
        "Second opinion on a $14,000 replacement quote from another company.",
      ],
      [
        "We’re adding a sunroom and need to know what it’d take to heat and cool it.",
        "Estimate for a sunroom addition, about 240 sq ft; mini-split preferred.",
      ],
      [
        "I’m thinking about going from gas to a heat pump. I heard there’s a rebate.",
        "Asks about a gas-to-heat-pump change and current rebates.",
      ],
    ],
    ask: [
      {
        q: [
          "About how many square feet is the home?",
          "Roughly how big is the house?",
        ],
        a: [
          "Twenty-two hundred, give or take.",
          "Sixteen hundred. Ranch, all on one floor.",
          "Around three thousand with the basement.",
          "I’d have to look. Three bedrooms, two baths.",
        ],
      },
      {
        q: [
          "Would you be interested in hearing about financing too?",
          "Should the advisor bring the financing options?",
        ],
        a: [
          "Yes, that would help.",
          "No, I’ll pay for it outright.",
          "Depends on the number, doesn’t it? Sure, bring it.",
        ],
      },
    ],
  },
  {
    key: "rooftop",
    card: "Commercial unit",
    scenario: "Rooftop unit fault",
    service: "Rooftop unit service",
    only: "commercial",
    months: [4, 4, 3, 3, 6, 8, 8, 8, 6, 3, 3, 4],
    weight: 6,
    urgent: 0.45,
    variants: [
      [
        "The sanctuary’s at fifty-eight, and service is at ten tomorrow.",
        "Sanctuary at 58 degrees, service at ten tomorrow.",
        "church winter",
      ],
      [
        "The toddler room is either freezing or a sauna. There’s no in between.",
        "Toddler room swings between cold and hot.",
        "school",
      ],
      [
        "The server closet’s at ninety-one, and our software people are yelling at me.",
        "Server closet at 91 degrees.",
        "office hotel storage vet",
      ],
      [
        "It’s the X-ray room, the little split unit is dripping on the counter.",
        "Split unit in the X-ray room drips on the counter.",
        "office vet",
      ],
      [
        "The climate-controlled building’s humidity alarm keeps texting me at night.",
        "Humidity alarm in the climate-controlled building every night.",
        "storage",
      ],
      [
        "The oven hood’s on, the air’s on, and it’s still ninety in the kitchen.",
        "Kitchen at 90 degrees with hood and air running.",
        "food summer",
      ],
      [
        "The walk-up window’s unit is blowing hot on my cashiers. I’ve got fans on them.",
        "Unit over the cashiers blows hot, fans in place.",
        "food summer",
      ],
      [
        "Our exhaust and the air are fighting each other, the front door won’t stay closed.",
        "Building out of balance: front door is pushed open when the units run.",
        "food office storage",
      ],
      [
        "I’ve got water coming down around the unit in the back hall, and I don’t know if it’s the roof or the AC.",
        "Water at the back-hall unit, roof or AC unclear.",
      ],
      [
        "The thermostat in the exam room wing is dead, and I’ve got animals back there.",
        "Thermostat dead in the rear wing; temperature matters for the animals.",
        "vet",
      ],
      [
        "We’re hosting a wedding Saturday, and the ballroom isn’t getting below seventy-eight.",
        "Ballroom does not get below 78, event on Saturday.",
        "hotel church summer",
      ],
      [
        "I need a quote to replace two of the five units before next summer’s budget.",
        "Budget quote: replace two of five rooftop units.",
      ],
      [
        "One of our rooftop units is down. It’s the one over the dining area and we open at five.",
        "RTU over the dining area down; opens at 5 PM.",
        "food hotel",
      ],
      [
        "RTU number three isn’t cooling. I’ve got it at eighty in the lobby and guests are complaining.",
        "RTU 3 not cooling, lobby at 80 degrees, guests complaining.",
        "hotel summer",
      ],
      [
        "We need the quarterly filter change and a check on all four units.",
        "Quarterly filter change and inspection, four rooftop units.",
      ],
      [
        "The unit on the north side keeps throwing an alarm, high pressure, and it locks out around two every afternoon.",
        "North RTU locks out on high pressure every afternoon around 2.",
        "summer",
      ],
      [
        "A tenant upstairs says the heat’s out. It’s the Trane package unit over suite two hundred.",
        "Suite 200: no heat from the package unit, tenant complaint.",
        "office storage winter",
      ],
    ],
    ask: [
      {
        q: [
          "Is the roof hatch locked, or can the technician get up there alone?",
          "How does the technician get roof access?",
        ],
        a: [
          "It’s locked, you get the key from the front desk.",
          "There’s a ladder in the back hall. It’s open.",
          "Maintenance will walk your guy up.",
        ],
      },
      {
        q: [
          "Do you need a purchase order number on the invoice?",
          "Should I put a purchase order on this one?",
        ],
        a: [
          "Yes, it’s {po}.",
          "No, just bill it like always.",
          "I’ll have to get that from accounting. Send it without one for now.",
        ],
      },
    ],
  },
  {
    key: "tenant",
    card: "Rental unit",
    scenario: "Tenant reports a fault",
    service: "Rental unit service",
    only: "property_manager",
    months: [4, 4, 3, 3, 5, 7, 7, 7, 5, 3, 3, 4],
    weight: 6,
    urgent: 0.35,
    variants: [
      [
        "I’ve got a tenant in two-oh-six with no air, and she’s called me four times today.",
        "Unit 206: no cooling, tenant has called four times.",
        "summer",
      ],
      [
        "Building C, the hallway unit is dripping on the carpet. I need somebody before someone slips.",
        "Building C hallway unit dripping on the carpet, slip hazard.",
      ],
      [
        "We’ve got three vacant units turning over, and I need the systems checked in all of them.",
        "Turnover check of three vacant units.",
      ],
      [
        "The tenant in four-eleven says the thermostat doesn’t do anything. She may just have it on hold, but I have to send somebody.",
        "Unit 411: thermostat does not respond, possibly on hold.",
      ],
      [
        "The condenser for unit nine was stolen. Again. I need a price and a cage.",
        "Unit 9: condenser stolen; wants a replacement price with a security cage.",
      ],
      [
        "One of my residents smells something burnt when the system kicks on. No smoke. Unit one-eighteen.",
        "Unit 118: burnt smell at start-up, no smoke.",
      ],
      [
        "The office at the clubhouse is at sixty-one degrees, and we’ve got a closing there at noon.",
        "Clubhouse office at 61 degrees, closing at noon.",
        "winter",
      ],
    ],
    ask: [
      {
        q: [
          "Does the tenant know we’re coming, or should we call?",
          "Who’s the contact for getting into the unit?",
        ],
        a: [
          "Call the tenant first, I’ll text you the number.",
          "Permission to enter is on file. Use the office key.",
          "My super will let you in.",
        ],
      },
      {
        q: [
          "Is there a spending limit before we call you?",
          "Up to what amount may we go ahead without asking?",
        ],
        a: [
          "Three hundred. Over that, call me.",
          "Five hundred’s fine.",
          "Just fix it and send me the bill.",
        ],
      },
    ],
  },
];

/** @type {import("./scenes.mjs").Emergency[]} */
export const HVAC_EMERGENCIES = [
  {
    key: "heat_newborn",
    card: "No cooling, vulnerable person",
    scenario: "No cooling with infant or elderly at home",
    service: "Emergency AC repair",
    months: [0, 0, 0, 1, 5, 9, 10, 10, 5, 1, 0, 0],
    variants: [
      [
        "Our AC quit and I have a three-week-old. It’s {hot} in here and I don’t know what to do.",
        "No cooling with a newborn at home, {hot} inside.",
      ],
      [
        "My father’s ninety and on oxygen and the air conditioning just died. It’s already {hot}.",
        "No cooling, 90-year-old on oxygen, {hot} inside.",
      ],
      [
        "I run a home daycare, I’ve got six kids here, and the air’s out. It’s {hot}.",
        "Home daycare with six children, no cooling, {hot} inside.",
      ],
    ],
    advice: [
      "Please keep everyone in the coolest room, close the blinds, and give plenty of water. If anyone seems faint or confused, call 911 right away.",
      "Close the curtains and keep a fan on. If anyone looks dizzy or stops sweating, that’s a 911 call, don’t wait for us.",
    ],
    reply: [
      "Okay. Okay, we’re in the back bedroom, it’s a bit better there.",
      "Alright, we’ve got a fan going.",
      "I will. Just please hurry.",
    ],
  },
  {
    key: "ceiling_flood",
    card: "Active water damage",
    scenario: "Condensate flooding through ceiling",
    service: "Emergency AC repair",
    months: [0, 0, 1, 2, 6, 9, 9, 9, 5, 1, 0, 0],
    variants: [
      [
        "My AC is leaking through the ceiling into {room}. It’s pouring!",
        "AC leaking through the ceiling into {room}. System shut off at the panel.",
      ],
      [
        "The ceiling in {room} just came down. There’s water everywhere, it’s from the unit in the attic.",
        "Ceiling collapsed in {room} under the attic unit, water still coming.",
      ],
    ],
    advice: [
      "First, please turn the system off at the thermostat, and at the breaker marked AC or air handler if you can reach it safely.",
      "Let’s stop the water. Switch the thermostat to off, and stay out from under the wet part of the ceiling.",
    ],
    reply: [
      "It’s off. It’s slowing down.",
      "Okay, my son’s doing it now. Yes. It’s off.",
      "I shut it off at the panel already.",
    ],
  },
  {
    key: "burning",
    card: "Electrical burning smell",
    scenario: "Burning smell or smoke from equipment",
    service: "Emergency safety check",
    months: [4, 3, 2, 2, 3, 5, 5, 5, 3, 3, 4, 4],
    variants: [
      [
        "There’s smoke coming out of the vents. Not a lot, but it smells like burnt plastic.",
        "Light smoke and burnt-plastic smell from the vents. Everyone outside.",
      ],
      [
        "The closet with the air handler smells like an electrical fire, and the door’s hot.",
        "Electrical burning smell at the air handler closet, door hot.",
      ],
    ],
    advice: [
      "Please get everyone out of the house now, and call 911 from outside. Don’t switch anything on or off on your way.",
      "If you see smoke, leave the house and call 911 first. I’ll have our technician call you as soon as the fire department says it’s safe.",
    ],
    reply: [
      "We’re on the front lawn. I’ll call them now.",
      "Okay, we’re going out. Come on, come on, out.",
      "The fire department’s already on the way.",
    ],
  },
  {
    key: "no_heat_freeze",
    card: "No heat, freezing",
    scenario: "No heat in freezing weather",
    service: "Emergency furnace repair",
    months: [10, 8, 3, 0, 0, 0, 0, 0, 0, 0, 4, 9],
    variants: [
      [
        "We have no heat and it’s going down to nineteen tonight. I’ve got a baby in the house.",
        "No heat, low of 19 tonight, baby in the home. {brand} furnace.",
      ],
      [
        "I’m calling for my neighbor, she’s eighty-six and her heat’s been out since this morning. It’s {cold} in there.",
        "Neighbor calls for an 86-year-old without heat since morning, {cold} inside.",
      ],
      [
        "The furnace is dead, it’s {cold} inside, and I’m scared the pipes are going to freeze.",
        "Furnace dead, {cold} inside, risk of frozen pipes.",
      ],
    ],
    advice: [
      "Let every faucet drip a little so the pipes don’t freeze, and please don’t use the oven for heat.",
      "Keep everyone in one room with the door closed. If you use a space heater, three feet from anything that burns.",
    ],
    reply: [
      "Okay. We’re all in the living room under blankets.",
      "I’ll go do that right now.",
      "Yes, yes. How soon can somebody come?",
    ],
  },
  {
    key: "co_alarm",
    card: "Gas or carbon monoxide",
    scenario: "Carbon monoxide alarm",
    service: "Emergency safety check",
    months: [8, 6, 4, 2, 1, 1, 1, 1, 1, 4, 6, 8],
    variants: [
      [
        "My carbon monoxide alarm’s going off and it won’t stop. Should I just take the battery out?",
        "Carbon monoxide alarm sounding. Told to leave the house and call 911; furnace to be locked out.",
      ],
      [
        "I smell gas by the furnace. It’s really strong.",
        "Strong gas smell at the furnace. Told to leave and call the gas company; technician to follow.",
      ],
    ],
    advice: [
      "Please don’t silence it. Take everyone and any pets outside now, leave the door open, and call 911 from out there.",
      "Leave right now, don’t touch any switch, and call the gas company’s emergency line or 911 from outside. We’ll come once they’ve cleared it.",
    ],
    reply: [
      "Okay, we’re outside. I’ve got the dog.",
      "Oh my God. Okay. Okay, going.",
      "Alright, I’m out on the porch. No, further, okay.",
    ],
  },
];

/**
 * Questions that need no visit: what is asked, the answer, the one line for the
 * record, and how it ended.
 * @type {import("./scenes.mjs").Question[]}
 */
export const HVAC_QUESTIONS = [
  {
    q: "Quick question. Is my heat pump still under warranty? It went in in 2019, and I got told it needs a coil.",
    a: "I see a ten-year parts warranty, so the coil itself is covered until 2029. Labor isn’t, and that’s usually between 900 and 1,400 dollars.",
    r: "Oh, that’s not as bad as I thought. Can you send me that in writing?",
    end: "I’ve e-mailed you the estimate, so you have it in writing.",
    desc: "Asks whether the 2019 heat pump is still under warranty, and what a coil costs.",
    result: "Answered, estimate emailed",
    card: "Warranty",
    email: true,
  },
  {
    q: "What size filter do I need? I’m standing in the aisle at the store and I can’t remember.",
    a: "The last visit notes say 16 by 25 by 1. Any pleated filter up to MERV 11 is fine for your system.",
    r: "Sixteen, twenty-five, one. You’re a lifesaver.",
    end: "Happy to help. Change it about every three months.",
    desc: "Needs the filter size: 16x25x1 per the last visit.",
    result: "Question answered",
    card: "Filters",
    known: true,
  },
  {
    q: "Do you all work on Mitsubishi mini-splits, or only the regular kind?",
    a: "We do, Mitsubishi, Daikin and Fujitsu. A diagnostic visit is 89 dollars, and we take that off if you go ahead with the repair.",
    r: "Okay. Let me talk to my landlord first, and I’ll call you back.",
    end: "Of course. We’re here around the clock.",
    desc: "Asks if we service Mitsubishi mini-splits; will check with the landlord.",
    result: "Question answered",
    card: "Services offered",
  },
  {
    q: "I’m wondering what you charge just to come out and look.",
    a: "The diagnostic is 89 dollars on weekdays and 139 on weekends and holidays. It goes toward the repair if you approve it.",
    r: "And that’s whether or not you find anything?",
    end: "Yes, that covers the visit and a written quote either way.",
    desc: "Asks what a diagnostic visit costs, weekday and weekend.",
    result: "Price given, will call back",
    card: "Pricing",
  },
  {
    q: "The technician left a yellow tag on my furnace. What does that mean? Am I safe to use it?",
    a: "A yellow tag means it’s safe to run, but a part should be replaced this season. The note says the flame sensor is worn.",
    r: "Okay, good. The red one’s the bad one, I take it.",
    end: "Exactly. Red would mean it was shut off.",
    desc: "Asks what the yellow tag on the furnace means; flame sensor worn, safe to run.",
    result: "Question answered",
    card: "Visit notes",
    known: true,
  },
  {
    q: "Is there a rebate right now if I put in a heat pump? My neighbor got something from the power company.",
    a: "There’s a utility rebate for qualifying heat pumps, and we file the paperwork for you. The amount depends on the model.",
    r: "Can somebody send me the list?",
    end: "I’ll e-mail you the list of qualifying models today.",
    desc: "Asks about the heat-pump rebate; list of qualifying models to be sent.",
    result: "Answered, rebate list emailed",
    card: "Rebates",
    email: true,
  },
  {
    q: "Can I run the AC while they’re sanding my floors? The contractor’s asking.",
    a: "It’s better to keep it off while they sand. The dust goes straight to the coil. Seal the returns with plastic, and put a new filter in after.",
    r: "That’s what I figured. I’ll tell him.",
    end: "If it smells dusty afterward, we can clean the coil for you.",
    desc: "Asks if the AC may run during floor sanding. Advised to keep it off and seal the returns.",
    result: "Question answered",
    card: "Advice",
  },
  {
    q: "How long do these things usually last? Mine’s from 2008 and I’m trying to plan.",
    a: "Around Atlanta, an air conditioner lasts about 12 to 15 years, and a gas furnace 15 to 20. Yours is on borrowed time, but regular service helps.",
    r: "So I should start saving, is what you’re telling me.",
    end: "A free consultation would give you real numbers, whenever you’re ready.",
    desc: "Asks how long a 2008 system will last; offered a free consultation.",
    result: "Question answered",
    card: "Advice",
  },
  {
    q: "Do you carry the UV light thing for the ducts? My daughter has asthma.",
    a: "We do. The UV lamp sits over the coil and keeps mold down. Installed, it’s 695 dollars, and the bulb is changed every two years.",
    r: "Hm. Let me think about it. Does it actually work?",
    end: "It helps with mold on the coil. For pollen, a better filter does more, and it’s cheaper.",
    desc: "Asks about a UV lamp for a child with asthma; media filter suggested.",
    result: "Price given, will call back",
    card: "Air quality",
  },
  {
    q: "I’m selling my house and the inspector wants a letter that the furnace was serviced. Can you do that?",
    a: "Yes. I can see the visit on file, and the office will send the service letter by tomorrow.",
    r: "Great, the closing’s on the thirtieth, so that’s perfect.",
    end: "It’ll come to the e-mail address we have for you.",
    desc: "Needs a service letter for the furnace before closing on the 30th.",
    result: "Letter requested from office",
    card: "Documents",
    known: true,
    email: true,
    follow: "Send furnace service letter, closing on the 30th.",
  },
  {
    q: "Do you service Stone Mountain? I know you’re over in Decatur.",
    a: "We do, all of DeKalb, and Fulton, Gwinnett, Cobb and Rockdale.",
    r: "Oh, good. I’ll pass it on, it’s for my church.",
    end: "Please do. They can call this number day or night.",
    desc: "Asks whether we serve Stone Mountain.",
    result: "Question answered",
    card: "Service area",
  },
  {
    q: "Your guy said something about a surge protector for the outside unit. Is that worth it, honestly?",
    a: "With the storms here, a lot of customers get one. It’s 325 dollars installed, and it protects the compressor and the board.",
    r: "I’ll have him do it the next time he’s out.",
    end: "I’ve added a note to your file, so he’ll bring one.",
    desc: "Asks about a surge protector ($325); to be fitted at the next visit.",
    result: "Note added for next visit",
    card: "Options",
    known: true,
    note: true,
  },
];

/**
 * Complaints after a visit. {tech} is the technician of that visit.
 * @type {import("./scenes.mjs").Complaint[]}
 */
export const HVAC_COMPLAINTS = [
  {
    q: "You were here {lastVisit} and it’s making the exact same noise. I paid for that.",
    desc: "Second visit needed: same noise from the air handler after the repair. Asks for a manager.",
    want: "I don’t want to pay for another visit, I want to talk to a manager.",
    revisit: true,
  },
  {
    q: "{tech} was here {lastVisit}, {he} left, and it quit again that same night.",
    desc: "System failed again the night after the repair.",
    want: "I just want it fixed right. I’m not paying twice.",
    revisit: true,
  },
  {
    q: "I sat home from noon until six. Nobody came. Nobody called.",
    desc: "Waited from noon to six, no technician, no call.",
    want: "I lost half a day of work. What are you going to do about it?",
    sameDay: true,
    revisit: true,
  },
  {
    q: "Your technician tracked mud across my white carpet, and {he} didn’t even say anything.",
    desc: "Mud tracked over white carpet during the visit; wants it cleaned.",
    want: "I want that carpet cleaned, and I want somebody to call me who can actually decide that.",
  },
  {
    q: "The bill says two hours. {He} was in my house thirty-five minutes. I have it on my doorbell camera.",
    desc: "Disputes two labor hours; doorbell camera shows 35 minutes.",
    want: "I want that corrected before I pay anything.",
  },
  {
    q: "I was quoted two-eighty over the phone and the invoice is four hundred and ten dollars.",
    desc: "Quoted $280, invoiced $410. Wants an explanation of the difference.",
    want: "Somebody needs to explain the difference to me.",
  },
  {
    q: "{He} left the attic stairs open and the access panel’s just lying there. There’s insulation all over my hallway.",
    desc: "Attic stairs left open and panel off after the visit; insulation in the hallway.",
    want: "Can someone come back and clean this up, please?",
    revisit: true,
  },
];

/** Small jobs that a customer thanks for. */
export const HVAC_PRAISE = [
  [
    "I just wanted to tell somebody that {tech} was wonderful. {He} explained everything, and {he} put {his} little shoe covers on.",
    "Praise for {tech}: explained everything, tidy.",
  ],
  [
    "I don’t need anything, I just want to leave a good word for {tech}. {He} found what two other companies didn’t.",
    "Praise for {tech}: found what two other companies missed.",
  ],
  [
    "{tech} stayed until nine at night to get us going again. I’d like {his} boss to know.",
    "Praise for {tech}: stayed until 9 PM to finish.",
  ],
];

/** Vague lines for {room}. */
export const HVAC_ROOMS = [
  "the nursery",
  "the master bedroom",
  "the upstairs hallway",
  "the bonus room",
  "my son’s room",
  "the sunroom",
  "the guest room",
  "the home office",
  "the den",
];

export const HVAC_BRANDS = [
  "Trane",
  "Carrier",
  "Lennox",
  "Goodman",
  "Rheem",
  "American Standard",
  "Bryant",
  "York",
  "Amana",
];
