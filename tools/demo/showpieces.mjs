/**
 * showpieces.mjs: conversations written out rather than put together: a booking in
 * Spanish, a whole apartment building, and the call that the guide shows.
 */

/** @typedef {import("./scene.mjs").Scene} Scene */

/**
 * A booking in Spanish.
 * @param {Scene} scene
 * @param {string[]} need
 */
export function spanish(scene, need) {
  const { talk, random, customer } = scene;
  const [line, summary, service] = need;
  if (customer === undefined) return;
  scene.greet();
  talk.caller(
    scene.deal([
      "Hola, ¿habla español?",
      "Buenas, ¿me puede atender en español?",
      "¿Español, por favor?",
    ]),
  );
  talk.agent(
    scene.deal([
      "Claro que sí. ¿En qué le puedo ayudar?",
      "Por supuesto. Dígame, ¿qué pasa?",
    ]),
  );
  talk.caller(line);
  talk.agent("Entiendo, le mandamos a un técnico.");
  if (!customer.named) {
    talk.agent("¿Me da su nombre, por favor?");
    talk.caller(
      scene.deal(["Sí, {full}.", "{full}, a sus órdenes.", "Me llamo {full}."]),
    );
    customer.named = true;
    scene.firstNamed = true;
  }
  talk.agent("Gracias. ¿Y la dirección?");
  talk.caller(
    `${customer.street}, en ${customer.town.city}, ${customer.town.zip}.`,
  );
  const open = scene.openings(1, 4);
  const days = [
    "domingo",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
  ];
  const hours = (/** @type {import("./clock.mjs").Slot} */ slot) =>
    `el ${days[scene.clock.weekday(slot.at)]} de ${slot.hour > 12 ? slot.hour - 12 : slot.hour} a ${slot.hour + 2 > 12 ? slot.hour - 10 : slot.hour + 2}`;
  talk.agent(
    `Tengo ${hours(open[0])}, o ${hours(open[1])}. ¿Cuál le conviene?`,
  );
  const slot = random.pick(open.slice(0, 2));
  talk.caller(
    slot === open[0]
      ? scene.deal(["El primero, por favor.", "Lo más pronto posible."])
      : scene.deal([
          "El segundo está mejor.",
          "Mejor el segundo, por el trabajo.",
        ]),
  );
  talk.agent(
    `La visita cuesta ${scene.company.fee} dólares y se descuenta de la reparación. ¿Está bien?`,
  );
  talk.caller(scene.deal(["Sí, está bien.", "Bueno, sí.", "De acuerdo."]));
  talk.agent(
    "Listo. Le llega un mensaje de texto con la confirmación. ¿Algo más?",
  );
  talk.caller(
    scene.deal([
      "No, es todo. Muchas gracias.",
      "Nada más, muy amable.",
      "Eso es todo. Que Dios la bendiga.",
    ]),
  );
  talk.agent("Para servirle. Que tenga buen día.");
  scene.captured.name = customer.full;
  scene.captured.phone = customer.phone;
  scene.captured.address = {
    street: customer.street,
    city: customer.town.city,
    state: scene.company.state,
    zip: customer.town.zip,
    full: `${customer.street}, ${customer.town.city}, ${scene.company.state} ${customer.town.zip}`,
  };
  customer.placed = true;
  scene.captured.problemDescription = summary;
  scene.captured.urgency = "normal";
  scene.custom.language = "es";
  scene.book(slot, service);
  scene.intent("BOOK_APPOINTMENT", "Spanish caller");
  scene.sms("booking_confirmation_es");
  scene.mood(random.weighted({ NEUTRAL: 4, HAPPY: 2, ANXIOUS: 1 }), 0.1, 0.5);
}

/** Apartments of the long call: tenant, trouble, way in. */
const UNITS = [
  ["1A", "Mrs. Odom", "no heat in the bedroom", "she’s always home"],
  [
    "1B",
    "the Castellanos family",
    "filter change only",
    "call first, the baby sleeps till ten",
  ],
  [
    "1D",
    "Mr. Fitch",
    "thermostat’s stuck on hold",
    "use the master key, he’s at work",
  ],
  [
    "2A",
    "Jasmine and Cole",
    "rattling vent in the hallway",
    "they’ve got a cat, door stays shut",
  ],
  ["2B", "a vacant unit", "full check before we rent it", "lockbox, 4407"],
  [
    "2C",
    "Mr. Abara",
    "water under the air handler",
    "he works nights, after two please",
  ],
  ["2D", "Ms. Petrie", "filter change only", "master key"],
  [
    "3A",
    "the Nguyens",
    "one room’s freezing",
    "their son speaks English, ask for Danny",
  ],
  [
    "3B",
    "Miss Loretta",
    "she says it smells dusty",
    "knock loud, she doesn’t hear well",
  ],
  [
    "3C",
    "two grad students",
    "filter change, and the smoke alarm chirps",
    "master key is fine",
  ],
  [
    "3D",
    "Mr. Haskell",
    "breaker trips when the heat comes on",
    "he’ll want to watch, fair warning",
  ],
  [
    "4A",
    "the Delacroixs",
    "nothing wrong, filter change",
    "dog named Tank, they’ll crate him",
  ],
  [
    "4B",
    "a vacant unit",
    "the thermostat’s missing, somebody took it",
    "lockbox, same code",
  ],
  ["4C", "Professor Amin", "blower never shuts off", "mornings only"],
  ["4D", "Kayla", "filter change only", "master key"],
];

/**
 * A property manager goes through a whole building, unit by unit: the longest
 * call there is.
 * @param {Scene} scene
 */
export function building(scene) {
  const { talk, random, customer } = scene;
  if (customer === undefined) return;
  scene.greet();
  talk.caller(
    "Hi. Get comfortable, I’ve got the whole building to go through with you. Fifteen units, filters and heat check, before it gets cold.",
  );
  talk.agent(
    "I’m ready. Let’s go unit by unit: who lives there, what’s wrong, and how we get in.",
  );
  scene.name();
  scene.address();
  talk.caller(
    "Everything’s on the one invoice, and I need the unit number on each line, please. Last time accounting sent it back.",
  );
  talk.agent("One invoice, a line for each unit. Go ahead with the first one.");
  UNITS.forEach(([unit, tenant, trouble, way], index) => {
    talk.caller(
      scene.deal([
        `${unit} is ${tenant}.`,
        `Next is ${unit}. That’s ${tenant}.`,
        `${unit}. ${tenant[0].toUpperCase()}${tenant.slice(1)}.`,
        `Then ${unit}, ${tenant}.`,
      ]),
    );
    talk.wait(8, 24);
    talk.agent(
      scene.deal([
        `${unit}, okay. What’s the trouble there?`,
        `And what do they need in ${unit}?`,
        `Go on. What’s it doing?`,
        `What should we look at in ${unit}?`,
      ]),
    );
    talk.caller(`${trouble[0].toUpperCase()}${trouble.slice(1)}.`);
    if (/water|breaker|freezing|no heat/.test(trouble)) {
      talk.agent(
        scene.deal([
          "I’ll mark that one as a repair, not just a check. How long has it been like that?",
          "That one goes first, then. Since when?",
        ]),
      );
      talk.caller(
        scene.deal([
          "They told me on Monday.",
          "About a week. I only heard today.",
          "Since it turned cold, so a few days.",
        ]),
      );
    }
    talk.agent(
      scene.deal(["And how do we get in?", "Access?", "Who lets us in?"]),
    );
    talk.wait(10, 40);
    talk.caller(`${way[0].toUpperCase()}${way.slice(1)}.`);
    talk.agent(
      scene.deal([
        `Noted for ${unit}.`,
        `${unit} is done.`,
        "Got it. Next?",
        "Okay, next.",
      ]),
    );
    if (index === 5) {
      talk.caller("Hang on, my other line. … … Sorry. Where were we?");
      talk.agent("We finished 2C. 2D is next.");
    }
    if (index === 10) {
      talk.caller(
        "Halfway decent, this. Last year I did it with a spreadsheet, and half of it was wrong.",
      );
      talk.agent("Only four to go.");
    }
  });
  talk.agent(
    "That’s fifteen units: five with repairs, ten for filters and a check. With two technicians we need a day and a half. Let’s find two days.",
  );
  const slot = scene.agree(4, 9);
  scene.book(slot, "Building service, 15 units");
  talk.agent(
    "And I’ll hold the following morning for the rest. Who should we ask for on site?",
  );
  talk.caller(
    "Ask for Curtis, he’s the super. He’s got the master key, and he knows every unit.",
  );
  talk.agent(
    "I’ll e-mail you the list exactly as I have it, so you can check it against yours.",
  );
  talk.caller("You’re the first one who ever offered. Thank you.");
  scene.close();
  scene.captured.problemDescription =
    "Fall service for 15 apartments: filters everywhere, repairs in five. One invoice, a line for each unit.";
  scene.captured.urgency = "normal";
  scene.captured.accessInstructions = {
    customerPresent: false,
    keyLocation: "Master key with the super, Curtis",
    lockboxCode: "4407",
    specialNotes:
      "2B and 4B vacant (lockbox). 2C after 2 PM. 4C mornings only. Knock loudly at 3B.",
  };
  scene.custom.units = UNITS.map(([unit, , trouble]) => `${unit}: ${trouble}`);
  scene.custom.unitCount = UNITS.length;
  scene.intent(
    "BOOK_APPOINTMENT",
    "Building service",
    "Multi-unit maintenance",
  );
  scene.action("email_sent", customer.email, { template: "unit_list" });
  scene.followUp(
    "Two technicians, day and a half. Reserve the second morning.",
  );
  scene.mood(random.weighted({ NEUTRAL: 1 }), 0.2, 0.35);
}

/**
 * The call that the guide to the product shows: a customer known by her number
 * cannot be at home and leaves word how to get in.
 * @param {Scene} scene
 */
export function sarah(scene) {
  const { talk, customer, clock } = scene;
  const visit = customer?.visit;
  if (customer === undefined || visit === undefined)
    throw new Error("Sarah has no visit");
  const name = visit.technician.name.split(" ")[0];
  talk.agent(
    "Thanks for calling {company}, this is the virtual assistant. Hi Sarah, welcome back. How can I help today?",
  );
  talk.caller(
    `Hi. So you have somebody coming ${clock.spokenDay(scene.at, visit.slot.at)} ${visit.slot.spoken}, but I just found out I can’t be there.`,
  );
  talk.agent(
    `I see the visit: ${clock.dayName(visit.slot.at)}, ${clock.monthDay(visit.slot.at)}, ${visit.slot.spoken}, at ${customer.street}. Would you like to move it, or leave the technician a way in?`,
  );
  talk.caller(
    "No, keep it. There’s a key under the front door mat. Just lock up after.",
  );
  talk.agent(
    "Got it. The key is under the front door mat, and the technician should lock up when finished. Will anyone else be home?",
  );
  talk.caller(
    "Nobody. Well, the dog. Max. He’s friendly, he just barks a lot at first.",
  );
  talk.agent(
    "Thanks, I’ll add that Max is friendly and may bark. Is there a gate?",
  );
  talk.caller("Yes, sorry, the gate code is 4471.");
  talk.agent(
    "4471. Is there someone nearby we could call if there’s a problem getting in?",
  );
  talk.caller(
    "Yeah, my neighbor Nataly, she’s at 404-555-0144. She’s home all morning.",
  );
  talk.agent(
    "I have Nataly, your neighbor, at 404-555-0144. I’ve saved all of that to the appointment.",
  );
  talk.caller(
    "Perfect. And it’s still just the tune-up, right? There’s no extra charge for the second unit?",
  );
  talk.agent(
    "Your maintenance plan covers both units, so there’s no extra charge.",
  );
  talk.caller(
    "Good. Last time they had to come back for a part, so if the technician could look at the upstairs one first, that would be great.",
  );
  talk.agent(
    `I’ve added a note asking ${name} to start with the upstairs unit. You’ll get a text when ${name} is on the way. Anything else, Sarah?`,
  );
  talk.caller("That’s everything. Thank you so much.");
  talk.agent("You’re welcome. Have a good {partOfDay}.");
  scene.captured.name = customer.full;
  scene.captured.problemDescription =
    "Key is under the front mat. If nobody answers, call her neighbor Nataly.";
  scene.captured.urgency = "normal";
  scene.captured.appointment = { existingId: visit.id };
  scene.captured.accessInstructions = {
    customerPresent: false,
    keyLocation: "Under the front door mat",
    gateCode: "4471",
    alternateContact: {
      name: "Nataly",
      phone: "+14045550144",
      relationship: "neighbor",
    },
    petInfo: "Max, friendly dog, barks",
    specialNotes: "Lock up when finished. Start with the upstairs unit.",
  };
  scene.custom.startWith = "upstairs unit";
  scene.intent(
    "APPOINTMENT_ACCESS_UPDATE",
    "Update access instructions",
    "Access details for a booked visit",
  );
  scene.outcome.status = "completed";
  scene.outcome.result = "Appointment updated";
  scene.action("appointment_updated", visit.service, {
    changed: "access notes and contact",
  });
  scene.action("technician_notified", visit.technician.name, { by: "text" });
  scene.action("sms_sent", customer.phone, { template: "access_saved" });
  scene.mood("NEUTRAL", 0.1, 0.2);
}
