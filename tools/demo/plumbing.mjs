/**
 * plumbing.mjs: what people call a plumber about. Same shape as hvac.mjs.
 *
 * Longer than a file should be because it is data: one list, read top to bottom.
 */

/** @typedef {import("./scenes.mjs").Problem} Problem */

const ALWAYS = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2];

/** @type {Problem[]} */
export const PLUMBING_PROBLEMS = [
  {
    key: "sink_clog",
    card: "Drain clog",
    scenario: "Kitchen drain blocked",
    service: "Drain clearing",
    months: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4],
    weight: 1.4,
    urgent: 0.15,
    variants: [
      [
        "The sink in the basement bar’s stopped up, and there’s something growing in it.",
        "Basement bar sink blocked {since}.",
      ],
      [
        "I can hear the kitchen drain glugging in the wall, and then it comes up in the other bowl.",
        "Kitchen drain glugs in the wall, backs up into the second bowl.",
      ],
      [
        "My kitchen sink won’t drain. I’ve tried the plunger, I’ve tried the stuff from the store, it just sits there.",
        "Kitchen sink standing full {since}; plunger and drain cleaner tried.",
      ],
      [
        "The kitchen sink backs up every time I run the dishwasher. There’s dirty water coming up.",
        "Dirty water in the kitchen sink whenever the dishwasher runs.",
      ],
      [
        "We had everybody over, and now the sink’s completely blocked. I think it was the potato peels.",
        "Kitchen drain blocked after a family dinner, potato peels.",
      ],
      [
        "It’s draining so slow I could take a nap. Both sides of the sink.",
        "Both bowls of the kitchen sink drain very slowly {since}.",
      ],
    ],
    ask: [
      {
        q: [
          "Is it only that sink, or are other drains slow too?",
          "Are any other drains in the house backing up?",
        ],
        a: [
          "Just that one.",
          "The bathroom’s fine. Only the kitchen.",
          "Now that you say it, the tub’s been slow too.",
        ],
      },
      {
        q: [
          "Did you use any chemical cleaner in it? The plumber needs to know before opening it up.",
          "Has any drain cleaner gone down there today?",
        ],
        a: [
          "Yeah, a whole bottle, last night.",
          "No chemicals, only hot water and dish soap.",
          "Baking soda and vinegar, does that count?",
        ],
      },
    ],
  },
  {
    key: "slow_tub",
    card: "Drain clog",
    scenario: "Tub or shower drains slowly",
    service: "Drain clearing",
    months: ALWAYS,
    weight: 0.8,
    urgent: 0.02,
    variants: [
      [
        "My shower’s filling up. By the time I’m done I’m standing in water up to my ankles.",
        "Shower drains slowly, ankle-deep after a few minutes.",
      ],
      [
        "The tub drain’s been getting slower and slower, and I’ve got three daughters, so I can guess why.",
        "Tub drain slow, hair suspected; household with three daughters.",
      ],
      [
        "The drain in the basement shower gurgles when somebody flushes upstairs.",
        "Basement shower gurgles when the upstairs toilet flushes.",
      ],
    ],
    ask: [
      {
        q: [
          "Has anyone snaked it before?",
          "Has that drain been cleaned out before?",
        ],
        a: [
          "My brother-in-law did, last year. It helped for a while.",
          "No, never.",
          "You guys did, I think in the winter.",
        ],
      },
    ],
  },
  {
    key: "toilet_runs",
    card: "Toilet",
    scenario: "Toilet runs or leaks",
    service: "Toilet repair",
    months: ALWAYS,
    weight: 1.2,
    urgent: 0.08,
    variants: [
      [
        "The toilet in the hall keeps running. I jiggle the handle and it stops, and then it starts up again.",
        "Hall toilet runs on; handle has to be jiggled.",
      ],
      [
        "There’s water around the bottom of the toilet every morning. I thought it was my grandson, but it isn’t.",
        "Water at the base of the toilet every morning, likely the wax ring.",
      ],
      [
        "My toilet rocks when you sit on it, and the floor’s getting soft.",
        "Toilet rocks, floor soft around it.",
      ],
      [
        "The handle broke off the toilet upstairs, so we’ve been flushing it with a bucket.",
        "Flush handle broken off; flushing with a bucket {since}.",
      ],
    ],
    ask: [
      {
        q: [
          "Do you have another bathroom you can use?",
          "Is that the only toilet in the home?",
        ],
        a: [
          "We’ve got one in the basement, so we’re alright.",
          "It’s the only one, so sooner would be better.",
          "There’s another one, but my mother-in-law can’t do the stairs.",
        ],
      },
      {
        q: [
          "If you turn the little valve behind it clockwise, does it stop?",
          "Have you been able to close the valve behind the toilet?",
        ],
        a: [
          "It won’t turn, it’s stuck solid.",
          "Yes, I’ve got it shut off.",
          "I’m afraid to touch it, it’s all green.",
        ],
      },
    ],
  },
  {
    key: "toilet_clog",
    card: "Toilet",
    scenario: "Toilet overflows",
    service: "Drain clearing",
    months: ALWAYS,
    weight: 0.8,
    urgent: 0.6,
    variants: [
      [
        "The toilet overflowed and I can’t get it to go down. I’ve been plunging for an hour.",
        "Toilet overflowed, plunging did not help.",
      ],
      [
        "My four-year-old flushed something. He says it was a dinosaur.",
        "Toilet blocked by a toy dinosaur, per a four-year-old.",
      ],
      [
        "It’s the second time this month the toilet’s backed up on us.",
        "Toilet backed up for the second time this month.",
      ],
    ],
    ask: [
      {
        q: [
          "Is the water still rising, or has it settled?",
          "Is it still coming up over the rim?",
        ],
        a: [
          "No, it stopped right at the edge.",
          "It’s settled, but nobody dares flush.",
          "I turned off the water behind it.",
        ],
      },
    ],
  },
  {
    key: "faucet",
    card: "Faucet",
    scenario: "Faucet drips or fails",
    service: "Faucet repair",
    months: ALWAYS,
    weight: 1.1,
    urgent: 0.02,
    variants: [
      [
        "I’ve got a drip in the bathroom faucet that’s keeping me up at night.",
        "Bathroom faucet drips, hot side. {fixture}.",
      ],
      [
        "The kitchen faucet leaks from the bottom when you turn it. It runs under the counter.",
        "Kitchen faucet leaks at the base, water under the counter. {fixture}.",
      ],
      [
        "The shower handle just spins. You can’t turn the water hot or off all the way.",
        "Shower valve handle spins, water will not shut off fully.",
      ],
      [
        "I bought a new faucet and I can’t get the old one off, the nuts are rusted on.",
        "Install a customer-supplied kitchen faucet; old nuts rusted.",
      ],
    ],
    ask: [
      {
        q: [
          "Do you know the brand of the faucet?",
          "Do you see a name on the faucet?",
        ],
        a: [
          "It’s a {fixture}.",
          "No name on it that I can see.",
          "It says {fixture}, I think.",
        ],
      },
    ],
  },
  {
    key: "no_hot_water",
    card: "Water heater",
    scenario: "No hot water",
    service: "Water heater repair",
    months: [5, 5, 4, 3, 2, 2, 2, 2, 3, 3, 4, 5],
    weight: 1.4,
    equipment: true,
    urgent: 0.45,
    variants: [
      [
        "It’s hot for two minutes and then it’s freezing. Every single morning.",
        "Hot water lasts two minutes in the morning. {heater}, {age} years old.",
      ],
      [
        "We’ve got no hot water. Not lukewarm, I mean ice cold.",
        "No hot water {since}. {heater} gas heater, {age} years old.",
      ],
      [
        "The pilot on the water heater won’t stay lit. I light it, it goes ten seconds, and it’s out.",
        "Pilot on the water heater goes out after ten seconds.",
      ],
      [
        "The hot water runs out after one shower. There are five of us.",
        "Hot water lasts one shower, family of five. {heater}, 40 gal.",
      ],
      [
        "The tankless is showing an error, eleven, and nobody can take a bath.",
        "Tankless heater shows error 11, no hot water {since}.",
      ],
    ],
    ask: [
      {
        q: ["Is it gas or electric?", "Do you know if the heater is gas?"],
        a: [
          "Gas.",
          "It’s gas, down in the basement.",
          "Electric, it’s in a closet.",
        ],
      },
      {
        q: [
          "Do you see any water on the floor around it?",
          "Is it dry underneath the tank?",
        ],
        a: [
          "No, it’s dry.",
          "A little bit, like a ring.",
          "I’d have to go downstairs. … No, dry as a bone.",
        ],
      },
      {
        q: [
          "About how old is it? There’s a sticker with the date on the side.",
          "Do you know how old the heater is?",
        ],
        a: [
          "It was here when we bought the place, so {age} years at least.",
          "Let me see. I can’t read it. Old.",
          "I’d say {age} years.",
        ],
      },
    ],
  },
  {
    key: "heater_leak",
    card: "Water heater",
    scenario: "Water heater leaks",
    service: "Water heater replacement",
    months: [4, 4, 3, 3, 2, 2, 2, 2, 3, 3, 4, 4],
    weight: 0.7,
    equipment: true,
    urgent: 0.75,
    variants: [
      [
        "My water heater’s leaking out the bottom. I’ve got it all over the laundry room.",
        "Water heater leaking from the bottom into the laundry room. {heater}, {age} years old.",
      ],
      [
        "There’s a puddle under the hot water tank and it’s getting bigger.",
        "Growing puddle under the water heater {since}.",
      ],
      [
        "The relief valve on my water heater keeps dripping, I’m emptying a bucket every few hours.",
        "Relief valve on the water heater drips steadily.",
      ],
    ],
    ask: [
      {
        q: [
          "Let’s stop the water first: there’s a valve on the cold pipe on top of the heater. Can you turn it clockwise?",
          "Can you reach the shutoff on the pipe above the heater and close it?",
        ],
        a: [
          "It’s tight. … There. Okay, I think it’s off.",
          "I shut off the main, I didn’t know which one it was.",
          "It’s a lever. Okay, I turned it sideways.",
        ],
      },
      {
        q: [
          "And if it’s gas, please turn the knob on the front to off as well.",
          "Please set the gas knob on the front to off or pilot, so it doesn’t heat an empty tank.",
        ],
        a: [
          "Done.",
          "Okay, it’s on off.",
          "It’s electric. I flipped the breaker.",
        ],
      },
    ],
  },
  {
    key: "disposal",
    card: "Disposal",
    scenario: "Disposal jammed",
    service: "Disposal repair",
    months: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 5, 4],
    weight: 0.7,
    urgent: 0.05,
    variants: [
      [
        "The garbage disposal just hums. It doesn’t spin.",
        "Disposal hums but does not spin.",
      ],
      [
        "I think I dropped a spoon in the disposal. It made a terrible noise and now it’s dead.",
        "Spoon in the disposal; dead after a loud noise.",
      ],
      [
        "The disposal’s leaking from underneath, everything in my cabinet is wet.",
        "Disposal leaks from the bottom into the cabinet, likely needs replacing.",
      ],
    ],
    ask: [
      {
        q: [
          "There’s a small red button on the bottom. Does pressing it change anything?",
          "Have you tried the reset button underneath?",
        ],
        a: [
          "I tried that. It hums and clicks off.",
          "Where? … Oh. No, nothing.",
          "I didn’t know there was one. It’s humming again, that’s all.",
        ],
      },
    ],
  },
  {
    key: "under_sink",
    card: "Leak",
    scenario: "Leak under a sink",
    service: "Leak repair",
    months: ALWAYS,
    weight: 1.2,
    urgent: 0.3,
    variants: [
      [
        "I found water in the cabinet under my bathroom sink. Everything’s soaked, and it smells.",
        "Leak in the bathroom vanity, cabinet soaked {since}.",
      ],
      [
        "The pipe under the kitchen sink is dripping where it goes into the wall.",
        "Drip at the wall under the kitchen sink.",
      ],
      [
        "There’s a leak behind the washing machine, at the little valve.",
        "Washing machine valve leaks behind the machine.",
      ],
      [
        "My downstairs neighbor says water’s coming through his ceiling from my bathroom.",
        "Neighbor below has water through the ceiling from this unit’s bathroom.",
      ],
    ],
    ask: [
      {
        q: [
          "Have you been able to shut the water off to it?",
          "Is the water turned off for now?",
        ],
        a: [
          "I put a bucket there, it’s slow.",
          "Yes, I closed the two little valves.",
          "I don’t know where that is. It’s an old building.",
        ],
      },
      {
        q: [
          "Is any of it near an outlet or a light?",
          "Does the water come anywhere near electricity?",
        ],
        a: [
          "No.",
          "No, it’s all on the floor side.",
          "There’s an outlet for the disposal. I unplugged it.",
        ],
      },
    ],
  },
  {
    key: "ceiling_leak",
    card: "Leak",
    scenario: "Leak through ceiling",
    service: "Leak detection",
    months: ALWAYS,
    weight: 0.7,
    urgent: 0.7,
    variants: [
      [
        "There’s a stain on {room} ceiling and it’s growing. It’s right under the bathroom.",
        "Growing stain on {room} ceiling below the bathroom.",
      ],
      [
        "Water drips through the light fixture in {room} when somebody showers upstairs.",
        "Drips through the light fixture in {room} when the shower runs. Told to leave the light off.",
      ],
    ],
    ask: [
      {
        q: [
          "Please leave that light off, and don’t use that bathroom until the plumber has seen it.",
          "I’d stay out of that shower for now, and keep the light switched off.",
        ],
        a: ["Okay, we’ll use the other one.", "I’ll tape the switch.", "Sure."],
      },
    ],
  },
  {
    key: "frozen_pipe",
    card: "Frozen pipe",
    scenario: "No water, pipe frozen",
    service: "Pipe thawing",
    months: [10, 8, 1, 0, 0, 0, 0, 0, 0, 0, 1, 6],
    weight: 1.6,
    urgent: 0.8,
    variants: [
      [
        "We’ve got a trickle upstairs and nothing in the powder room. The powder room’s over the garage.",
        "Trickle upstairs, no water in the powder room over the garage.",
      ],
      [
        "The laundry line’s frozen again. You told me to insulate it, and I didn’t.",
        "Laundry line frozen again, insulation was advised last year.",
      ],
      [
        "There’s no water at the kitchen sink, and it’s four degrees out. I think the pipe’s frozen.",
        "No water at the kitchen sink in the cold snap, pipe on an outside wall likely frozen.",
      ],
      [
        "Nothing comes out of the upstairs bathroom, hot or cold. It worked last night.",
        "Upstairs bathroom has no water since the overnight freeze.",
      ],
      [
        "The tenant in the garden unit has no water. It happens every winter when it gets like this.",
        "Garden unit without water, pipe freezes every winter.",
      ],
    ],
    ask: [
      {
        q: [
          "Please open that faucet a little and keep the cabinet doors open, so warm air gets in. No torch or open flame, please.",
          "Leave the tap open, and if you have a hair dryer, you can warm the pipe gently. Never a flame.",
        ],
        a: [
          "I’ve got the hair dryer on it now.",
          "Okay, no flames. My cousin wanted to use a torch.",
          "Alright, the doors are open.",
        ],
      },
      {
        q: [
          "Do you know where the main shutoff is, in case it lets go when it thaws?",
          "If it bursts when it thaws: do you know where to shut off the main?",
        ],
        a: [
          "Yes, front of the basement by the meter.",
          "I’ll have to find it.",
          "I think so. The round red handle?",
        ],
      },
    ],
  },
  {
    key: "sump",
    card: "Sump pump",
    scenario: "Sump pump fails",
    service: "Sump pump service",
    months: [1, 2, 6, 8, 7, 5, 4, 4, 3, 3, 2, 1],
    weight: 1.1,
    urgent: 0.5,
    variants: [
      [
        "My sump pump’s running nonstop and the pit’s still full.",
        "Sump pump runs nonstop, pit stays full.",
      ],
      [
        "It’s supposed to rain three inches, and my sump pump just clicks.",
        "Sump pump clicks but does not pump; heavy rain forecast.",
      ],
      [
        "I want to put in a battery backup for the sump. We lost power last spring, and the basement flooded.",
        "Wants a battery backup for the sump pump after last spring’s flood.",
      ],
      [
        "The check valve bangs so hard when the pump shuts off that it wakes us up.",
        "Sump check valve bangs at shut-off.",
      ],
    ],
    ask: [
      {
        q: [
          "Is there any water on the basement floor yet?",
          "Is the basement still dry?",
        ],
        a: [
          "Not yet, but it’s close to the top.",
          "A little in the corner.",
          "It’s dry. I’d like to keep it that way.",
        ],
      },
    ],
  },
  {
    key: "pressure",
    card: "Water pressure",
    scenario: "Low water pressure",
    service: "Diagnostic visit",
    months: ALWAYS,
    weight: 0.7,
    urgent: 0.05,
    variants: [
      [
        "My water pressure’s gone down to nothing. You can’t run the shower and the sink at the same time.",
        "Low pressure through the whole house {since}.",
      ],
      [
        "The hot water comes out in a trickle upstairs, cold’s fine. It’s all galvanized pipe in here.",
        "Hot side trickles upstairs, galvanized pipes.",
      ],
      [
        "I got a water bill for six hundred dollars. It’s usually eighty. Something’s leaking somewhere.",
        "Water bill jumped from $80 to $600; wants leak detection.",
      ],
    ],
    ask: [
      {
        q: [
          "Is it the whole house, or just one fixture?",
          "Is it everywhere in the house?",
        ],
        a: [
          "Everywhere, upstairs worst.",
          "Mostly the second floor.",
          "I asked next door, theirs is fine.",
        ],
      },
    ],
  },
  {
    key: "spigot",
    card: "Outdoor faucet",
    scenario: "Hose bib leaks",
    service: "Hose bib repair",
    months: [0, 0, 2, 7, 6, 4, 3, 2, 3, 7, 5, 1],
    weight: 0.8,
    urgent: 0.05,
    variants: [
      [
        "I turned on the outside faucet, and now there’s water coming into the basement.",
        "Hose bib split, water into the basement when it is opened.",
      ],
      [
        "I need the outside faucets shut down and drained before it freezes. I can’t get to the valve anymore.",
        "Winterize two outside faucets; customer cannot reach the valve.",
        "winter",
      ],
      [
        "The spigot in the back drips all day, my patio’s turning green.",
        "Rear spigot drips all day.",
      ],
    ],
    ask: [
      {
        q: [
          "Is there a shutoff for it inside the house?",
          "Have you found the valve for it inside?",
        ],
        a: [
          "Yes, and I closed it.",
          "It’s behind the paneling somewhere.",
          "There is, but it doesn’t close all the way.",
        ],
      },
    ],
  },
  {
    key: "rodding",
    card: "Sewer maintenance",
    scenario: "Annual rodding",
    service: "Sewer rodding",
    months: [2, 2, 4, 5, 4, 3, 3, 3, 4, 4, 2, 2],
    weight: 1.2,
    urgent: 0.02,
    routine: true,
    variants: [
      [
        "It’s time to get the line rodded again. You do it for us every year.",
        "Yearly sewer rodding.",
      ],
      [
        "We’ve got that big silver maple in the front, so I get the sewer rodded every spring.",
        "Spring rodding, roots from the silver maple in front.",
      ],
      [
        "I’d like somebody to put a camera down the sewer before we finish the basement.",
        "Sewer camera inspection before finishing the basement.",
      ],
      [
        "We’re buying the house next month and the inspector said to have the sewer scoped.",
        "Sewer scope for a home purchase, closing next month.",
      ],
    ],
    ask: [
      {
        q: [
          "Is there a cleanout we can get to, inside or in the yard?",
          "Do you know where the cleanout is?",
        ],
        a: [
          "In the basement floor, by the washer.",
          "There’s one in the front yard, under the downspout.",
          "I don’t. You found it last time.",
        ],
      },
    ],
  },
  {
    key: "sewer_smell",
    card: "Odor",
    scenario: "Sewer smell",
    service: "Diagnostic visit",
    months: ALWAYS,
    weight: 0.5,
    urgent: 0.2,
    variants: [
      [
        "There’s a sewer smell in the basement. It comes and goes, but it’s bad.",
        "Sewer smell in the basement, comes and goes {since}.",
      ],
      [
        "My powder room stinks, and nobody’s used it. I poured bleach down, it didn’t help.",
        "Powder room smells of sewer, dry trap or vent suspected.",
      ],
    ],
    ask: [
      {
        q: [
          "Is there a floor drain nearby that doesn’t get much water?",
          "Does anything in that room go unused, a shower or a floor drain?",
        ],
        a: [
          "There’s a floor drain, yes, it’s always dry.",
          "Nobody’s used that shower in a year.",
          "Not that I know of.",
        ],
      },
    ],
  },
  {
    key: "install",
    card: "Installation",
    scenario: "Fixture installation",
    service: "Fixture installation",
    months: ALWAYS,
    weight: 0.9,
    urgent: 0,
    routine: true,
    variants: [
      [
        "I’ve got a new toilet sitting in a box, and I’d like someone to put it in.",
        "Install one customer-supplied toilet.",
      ],
      [
        "We’re getting a dishwasher delivered and the store won’t hook it up.",
        "Dishwasher hookup, delivery already scheduled.",
      ],
      [
        "I want grab bars and one of those handheld showers, for my mother.",
        "Handheld shower and grab bars for an elderly mother.",
      ],
      [
        "I need a water line for the refrigerator. The ice maker’s been sitting empty for two years.",
        "Water line for the refrigerator’s ice maker.",
      ],
    ],
    ask: [
      {
        q: [
          "Do you have it there already?",
          "Is the fixture on site, or should we bring one?",
        ],
        a: [
          "It’s here, in the garage.",
          "It comes on Thursday, they said.",
          "I’d rather you bring one. Nothing fancy.",
        ],
      },
    ],
  },
  {
    key: "quote",
    card: "Estimate",
    scenario: "Replacement estimate",
    intent: "ESTIMATE_REQUEST",
    service: "Estimate visit",
    months: ALWAYS,
    weight: 1.1,
    urgent: 0.02,
    routine: true,
    variants: [
      [
        "I’d like a price on replacing my water heater before it goes.",
        "Estimate: replace a {age}-year-old {heater}, 50 gal gas.",
      ],
      [
        "The city sent a letter that we’ve got a lead service line. What does it cost to change that?",
        "Estimate for a lead service line replacement after the city’s letter.",
      ],
      [
        "I want to know what it would be to replace all the galvanized pipe in a brick bungalow.",
        "Repipe estimate, brick bungalow, galvanized to copper.",
      ],
      [
        "We’re redoing the bathroom, and I need a plumber for the rough-in.",
        "Bathroom remodel, rough-in estimate.",
      ],
      [
        "Can you give me a ballpark on an overhead sewer? I’m tired of the basement flooding.",
        "Estimate for an overhead sewer conversion, basement floods.",
      ],
    ],
    ask: [
      {
        q: [
          "Is it a single-family home, or a multi-unit building?",
          "What kind of building is it?",
        ],
        a: [
          "Single family, brick, nineteen twenty-six.",
          "It’s a two-flat. I live on the first floor.",
          "A condo. I’d need the association’s okay too.",
        ],
      },
    ],
  },
  {
    key: "grease",
    card: "Commercial drain",
    scenario: "Grease line backup",
    service: "Hydro jetting",
    only: "commercial",
    months: ALWAYS,
    weight: 7,
    urgent: 0.5,
    variants: [
      [
        "The boys’ bathroom has two urinals running over, and it’s recess in an hour.",
        "Two urinals overflowing in the boys’ bathroom.",
        "school church",
      ],
      [
        "The mop sink in the hall is backing up with something black.",
        "Hall mop sink backs up, black water.",
      ],
      [
        "We need a bottle filler put in where the old drinking fountain was.",
        "Replace the old drinking fountain with a bottle filler.",
        "school church laundry brewery",
      ],
      [
        "The utility sink’s dripping on the electric panel side. I’ve got a bucket there.",
        "Utility sink drips near the electric panel, bucket in place.",
      ],
      [
        "One of the water heaters is down. I’ve got thirty machines and half of them are on cold.",
        "One of two water heaters down, half of the machines on cold.",
        "laundry",
      ],
      [
        "We’ve got drain flies at the dish pit, and the line’s slow.",
        "Slow line and drain flies at the dish pit.",
        "food brewery",
      ],
      [
        "The glycol chiller drain’s backing up onto the brewery floor.",
        "Chiller drain backing up onto the production floor.",
        "brewery",
      ],
      [
        "One of the washers won’t drain, and the trench is full of lint.",
        "Trench drain full of lint, one washer will not drain.",
        "laundry",
      ],
      [
        "The floor drain in the kitchen’s coming up and I’ve got lunch in two hours.",
        "Kitchen floor drain backing up two hours before lunch service.",
        "food",
      ],
      [
        "We need the grease line jetted again, it’s been three months.",
        "Quarterly jetting of the grease line.",
        "food brewery",
      ],
      [
        "The three-compartment sink won’t drain, and the health inspector’s coming Thursday.",
        "Three-compartment sink blocked, health inspection on Thursday.",
        "food school",
      ],
      [
        "Both of the ladies’ room toilets are out, and we’ve got a big party tonight.",
        "Two toilets out in the ladies’ room, event tonight.",
        "food church brewery",
      ],
    ],
    ask: [
      {
        q: [
          "What time is best so we’re not in the way?",
          "When can the crew get to it without disturbing you?",
        ],
        a: [
          "Before ten, we’re closed until eleven.",
          "After close would be best, but I can’t wait that long.",
          "Anytime. Just come in the back.",
        ],
      },
    ],
  },
  {
    key: "rpz",
    card: "Backflow",
    scenario: "Annual backflow test",
    service: "Backflow test",
    only: "commercial",
    months: [1, 2, 4, 5, 5, 4, 3, 2, 2, 2, 1, 1],
    weight: 4,
    urgent: 0,
    routine: true,
    variants: [
      [
        "The city wants the RPZ certified by the end of the month.",
        "Annual backflow (RPZ) certification, due at the end of the month.",
      ],
      [
        "We’ve got two backflow preventers due for their test, one domestic, one fire.",
        "Two backflow tests: domestic and fire line.",
      ],
    ],
    ask: [
      {
        q: [
          "Do you have last year’s report, or should we pull it up?",
          "Did we do the test last year?",
        ],
        a: [
          "You did it, you should have it.",
          "I can e-mail you the report.",
          "Another company did, they went out of business.",
        ],
      },
    ],
  },
  {
    key: "tenant",
    card: "Rental unit",
    scenario: "Tenant reports a leak",
    service: "Rental unit service",
    only: "property_manager",
    months: ALWAYS,
    weight: 6,
    urgent: 0.4,
    variants: [
      [
        "Garden unit’s radiator valve is spitting water, and it’s heat season, so I can’t shut it down long.",
        "Garden unit: radiator valve leaks during heating season.",
        "winter",
      ],
      [
        "I need all nine units checked for running toilets before the meters get read.",
        "Nine units to be checked for running toilets before the meter reading.",
      ],
      [
        "Third floor rear says the bathtub won’t drain, and second floor rear says it’s coming through the ceiling. You can guess.",
        "Third floor rear tub blocked, water through the second-floor ceiling.",
      ],
      [
        "I’ve got a tenant moving in on the first, and the kitchen faucet just came off in my hand.",
        "Kitchen faucet broken off, tenant moves in on the first.",
      ],
      [
        "The boiler room floor drain’s backing up a little, not much, but I don’t like it.",
        "Boiler room floor drain backing up slowly.",
      ],
      [
        "Unit two’s toilet has been running for God knows how long. I just got the water bill.",
        "Unit 2: toilet runs constantly, found through the water bill.",
      ],
      [
        "No hot water in the whole six-flat. Everybody’s calling me.",
        "Six-flat without hot water, all tenants affected.",
      ],
      [
        "The city inspector wrote us up for the vacuum breakers on the laundry sinks.",
        "City violation: vacuum breakers on the laundry sinks.",
      ],
    ],
    ask: [
      {
        q: ["Who’ll let the plumber in?", "How do we get into the building?"],
        a: [
          "The keys are in a lockbox on the gangway gate.",
          "I’ll meet them. Have them call ten minutes before.",
          "The first-floor tenant’s always home, ring the bottom bell.",
        ],
      },
      {
        q: [
          "Is the water shut off to it now?",
          "Has anybody closed the riser?",
        ],
        a: [
          "I shut off the riser in the basement.",
          "Not yet, I’d have to shut off everyone.",
          "The tenant says he did. I’d check.",
        ],
      },
    ],
  },
];

/** @type {import("./scenes.mjs").Emergency[]} */
export const PLUMBING_EMERGENCIES = [
  {
    key: "burst",
    card: "Burst pipe",
    scenario: "Burst pipe, active flooding",
    service: "Emergency pipe repair",
    months: [10, 8, 3, 2, 1, 1, 1, 1, 1, 2, 3, 8],
    variants: [
      [
        "A pipe burst in my basement, there’s water spraying everywhere!",
        "Burst pipe spraying in the basement. Main shut off during the call.",
      ],
      [
        "The pipe in the ceiling of {room} let go. It’s raining in there!",
        "Pipe burst above {room}, water through the ceiling.",
      ],
      [
        "It thawed and it burst. It’s pouring down the wall, oh my gosh.",
        "Frozen pipe burst on thawing, water down the wall.",
      ],
    ],
    advice: [
      "Let’s stop the water. The main shutoff is usually where the pipe comes in, at the front of the basement by the meter. Turn it clockwise, or the lever crosswise.",
      "Find the main valve, by the water meter, and turn it clockwise as far as it goes. I’ll stay on the line.",
    ],
    reply: [
      "Okay, I’m going down. … I’ve got it. … It’s slowing. It stopped!",
      "It’s stiff. … My husband’s got it. It’s off. Thank God.",
      "I can’t find it, I can’t find it. Wait. Behind the freezer. Okay, it’s off.",
    ],
  },
  {
    key: "sewer_backup",
    card: "Sewer backup",
    scenario: "Main line backing up",
    service: "Emergency rodding",
    months: [2, 3, 6, 8, 8, 7, 7, 7, 5, 4, 3, 2],
    variants: [
      [
        "There’s sewage coming up out of the floor drain in my basement. It’s disgusting, and it’s not stopping.",
        "Sewage rising from the basement floor drain.",
      ],
      [
        "Everything’s backing up, the tub, the toilet, all of it. And my upstairs tenant’s still doing laundry.",
        "Main line backup: tub and toilet; tenant upstairs told to stop using water.",
      ],
      [
        "With this rain the basement’s filling up from the drain, I’ve got two inches already.",
        "Two inches of water from the floor drain during heavy rain.",
      ],
    ],
    advice: [
      "Please make sure nobody in the building uses any water, no flushing, no laundry. And keep out of it, it isn’t safe to touch.",
      "Stop all water in the house, and stay out of the wet area. If it gets near the furnace or an outlet, don’t go in at all.",
    ],
    reply: [
      "I’ll go knock upstairs right now.",
      "Okay. I’ve told everybody. It’s still coming, slowly.",
      "Alright, we’re all upstairs.",
    ],
  },
  {
    key: "heater_flood",
    card: "Water heater failure",
    scenario: "Tank ruptured",
    service: "Emergency water heater replacement",
    months: [5, 5, 4, 3, 3, 2, 2, 2, 3, 3, 4, 5],
    variants: [
      [
        "The hot water tank split open. It’s dumping water all over, it’s hot!",
        "Water heater tank ruptured, hot water across the utility room.",
      ],
      [
        "I came home to an inch of water in the basement, and the heater’s hissing.",
        "Inch of water in the basement, water heater hissing.",
      ],
    ],
    advice: [
      "Stay back from the hot water. If you can reach it safely, close the cold valve on top of the heater, or the main, and turn the gas knob to off.",
      "Please don’t step in it if there are outlets near the floor. Shut the main if it’s within reach, and the gas at the heater.",
    ],
    reply: [
      "I’ve got the main off. It’s still draining out, but it’s less.",
      "The gas is off. Okay. What do I do with all this water?",
      "I closed it. I’m soaked, but I closed it.",
    ],
  },
  {
    key: "gas",
    card: "Gas smell",
    scenario: "Gas leak reported",
    service: "Emergency gas line repair",
    months: [4, 4, 3, 2, 2, 2, 2, 2, 2, 3, 4, 4],
    variants: [
      [
        "I smell gas in the laundry room. Ever since they moved the dryer.",
        "Gas smell in the laundry room after the dryer was moved. Told to leave and call the gas company.",
      ],
    ],
    advice: [
      "Please leave the building now. Don’t touch any switches, don’t light anything. Call the gas company or 911 from outside, and we’ll come as soon as they’ve made it safe.",
    ],
    reply: [
      "Okay. I’m walking out. I’m out. I’ll call them.",
      "We’re leaving. Come on, Bruno, come on.",
    ],
  },
];

/** @type {import("./scenes.mjs").Question[]} */
export const PLUMBING_QUESTIONS = [
  {
    q: "How much is it to rod out a main line, roughly?",
    a: "Rodding the main starts at 245 dollars through an accessible cleanout. With a camera inspection it’s 395.",
    r: "Okay. And do I have to be home?",
    end: "Somebody over 18 does, if the cleanout’s in the basement.",
    desc: "Asks the price of rodding the main, with and without camera.",
    result: "Price given, will call back",
    card: "Pricing",
  },
  {
    q: "Do you guys do the free city backflow paperwork, or do I file that myself?",
    a: "We file the test report with the city for you. It’s included in the price of the test.",
    r: "Perfect, that’s all I wanted to know.",
    end: "Good. Call any time to set up the test.",
    desc: "Asks who files the backflow test report; we do.",
    result: "Question answered",
    card: "Backflow",
  },
  {
    q: "Which way do I turn the main valve to shut it off? I’m going on vacation and I want to be safe.",
    a: "Clockwise until it stops, or if it’s a lever, a quarter turn so it sits across the pipe. Then open a faucet to let the pressure out.",
    r: "Righty tighty. Okay. Should I turn the water heater down too?",
    end: "Yes, set it to vacation or pilot while you’re away. Enjoy the trip.",
    desc: "Asks how to shut off the main before a vacation.",
    result: "Question answered",
    card: "Advice",
  },
  {
    q: "Is the flange warranty still good? You put my toilet in about eight months ago.",
    a: "Yes, our labor is guaranteed for one year, so you’re covered until spring. If it moves or leaks, we come out at no charge.",
    r: "It’s okay so far, I just wanted to know.",
    end: "Then you’re set. Just call if anything changes.",
    desc: "Asks about the labor guarantee on a toilet set eight months ago.",
    result: "Question answered",
    card: "Warranty",
    known: true,
  },
  {
    q: "The city’s replacing the main on our block. Do I need to do anything with my pipes?",
    a: "When they turn the water back on, run the cold water in the bathtub for ten minutes, and clean the faucet screens afterward.",
    r: "Good, because the flyer didn’t say a thing.",
    end: "If the pressure stays low after a day, give us a call.",
    desc: "City replacing the water main; asks what to do afterward.",
    result: "Question answered",
    card: "Advice",
  },
  {
    q: "What’s the difference between the forty and the fifty gallon? My wife wants the fifty.",
    a: "For a family of four, a fifty gives you about one more shower in the morning. It’s around 180 dollars more, installed.",
    r: "Then my wife’s right. She’ll love hearing that.",
    end: "I’ll e-mail both quotes, so you can compare.",
    desc: "Compares a 40 and a 50 gallon heater; both quotes to be sent.",
    result: "Answered, quotes emailed",
    card: "Water heater",
    email: true,
  },
  {
    q: "Are you licensed and bonded? My condo board needs a certificate of insurance before you come in.",
    a: "We are. The office sends the certificate straight to the association. Where should it go?",
    r: "To board at example dot org. Just put my unit number on it.",
    end: "I’ve passed that to the office. They’ll send it this afternoon.",
    desc: "Condo board needs a certificate of insurance before the visit.",
    result: "Certificate requested from office",
    card: "Documents",
    follow: "Send certificate of insurance to the condo board.",
  },
  {
    q: "Can I flush those wipes that say flushable? My wife and I have a bet.",
    a: "I’m afraid not. They don’t break down, and they’re the most common thing we pull out of drains.",
    r: "Ha! I owe her a dinner, then.",
    end: "It’s cheaper than a visit from us.",
    desc: "Asks whether flushable wipes are flushable. They are not.",
    result: "Question answered",
    card: "Advice",
  },
  {
    q: "Do you come out to Berwyn on Saturdays?",
    a: "We do, Saturday mornings until noon, at the regular rate. After noon it’s the weekend rate.",
    r: "Okay, let me check with my tenant and call you back.",
    end: "Sounds good. Saturdays fill up by Thursday, usually.",
    desc: "Asks about Saturday service in Berwyn.",
    result: "Question answered",
    card: "Service area",
  },
  {
    q: "The plumber told me the name of a water softener, and I lost the paper.",
    a: "It’s in the notes of your visit: a 32,000-grain softener for a household of four. Installed it’s 1,650 dollars.",
    r: "That’s the one. I’ll talk it over with my wife.",
    end: "I’ll text you the details, so they don’t get lost.",
    desc: "Lost the note about a 32,000-grain softener ($1,650); details texted.",
    result: "Answered, details texted",
    card: "Visit notes",
    known: true,
    sms: true,
  },
];

/** @type {import("./scenes.mjs").Complaint[]} */
export const PLUMBING_COMPLAINTS = [
  {
    q: "{tech} fixed the leak {lastVisit} and it’s dripping again, in the same spot.",
    desc: "Same spot leaks again after the repair.",
    want: "I’d like somebody out here today, and I’m not paying for it.",
    revisit: true,
  },
  {
    q: "You rodded my line {lastVisit}, and it’s backed up already. That didn’t last a week.",
    desc: "Main line backed up again days after rodding.",
    want: "Is there a guarantee on that or not?",
    revisit: true,
  },
  {
    q: "{He} cut a hole in my drywall and left it. Nobody told me I’d have to fix that myself.",
    desc: "Drywall opened for access and left; customer was not told.",
    want: "Who’s going to pay for that wall?",
  },
  {
    q: "I was told nine o’clock, then eleven, then two. It’s four-thirty.",
    desc: "Arrival moved three times, nobody there at 4:30.",
    want: "Are you coming or not? Just tell me the truth.",
    sameDay: true,
    revisit: true,
  },
  {
    q: "The invoice charges me for a camera inspection. Nobody put any camera anywhere.",
    desc: "Charged for a camera inspection that was not done.",
    want: "Take that off my bill, please.",
  },
  {
    q: "My new faucet’s on crooked. I didn’t notice until {he} left.",
    desc: "Faucet installed crooked; wants it straightened.",
    want: "It’s a small thing, but I paid good money for it.",
    revisit: true,
  },
];

export const PLUMBING_PRAISE = [
  [
    "I’m calling to say thank you. {tech} got here in forty minutes and saved my basement.",
    "Praise for {tech}: there in forty minutes, basement saved.",
  ],
  [
    "{tech} wouldn’t even charge me, it was just a loose nut. I want somebody there to know that.",
    "Praise for {tech}: tightened a nut, no charge.",
  ],
];

export const PLUMBING_ROOMS = [
  "the dining room",
  "the front hall",
  "the back bedroom",
  "the kitchen",
  "the living room",
  "the basement office",
];

export const HEATERS = [
  "A. O. Smith",
  "Bradford White",
  "Rheem",
  "State",
  "Kenmore",
  "American Standard",
];

export const FIXTURES = ["Moen", "Delta", "Kohler", "Price Pfister", "Grohe"];
