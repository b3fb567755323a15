/**
 * scenes.mjs: calls about something broken: a visit is booked, or help is sent.
 *
 * A scene, here and in visits.mjs, desk.mjs and showpieces.mjs, speaks a whole
 * conversation and fills the record; what it leaves behind (a visit booked, a name
 * learnt) stays with the customer, so the next call of a story knows it.
 */

import { MINUTE } from "./clock.mjs";
import * as office from "./office.mjs";

/** @typedef {import("./scene.mjs").Scene} Scene */

/**
 * @typedef {object} Problem
 * @property {string} key
 * @property {string} card triage card
 * @property {string} scenario
 * @property {string} service what is booked
 * @property {number[]} months weight by month, January first
 * @property {number} weight
 * @property {number} urgent chance that it cannot wait
 * @property {boolean} [routine] nothing is broken
 * @property {boolean} [equipment] make and age of the machine matter
 * @property {string} [only] kind of customer
 * @property {string} [intent]
 * @property {string[][]} variants [what is said, what is written, words that limit it: kinds of firm, a season]
 * @property {{ q: string[], a: string[] }[]} ask
 */

/**
 * @typedef {object} Emergency
 * @property {string} key
 * @property {string} card
 * @property {string} scenario
 * @property {string} service
 * @property {number[]} months
 * @property {string[][]} variants
 * @property {string[]} advice
 * @property {string[]} reply
 */

/**
 * @typedef {object} Question
 * @property {string} q
 * @property {string} a
 * @property {string} r
 * @property {string} end
 * @property {string} desc
 * @property {string} result
 * @property {string} card
 * @property {boolean} [known] only from customers
 * @property {boolean} [email]
 * @property {boolean} [sms]
 * @property {boolean} [note]
 * @property {string} [follow]
 */

/**
 * @typedef {object} Complaint
 * @property {string} q
 * @property {string} desc
 * @property {string} want
 * @property {boolean} [revisit] somebody has to come again
 * @property {boolean} [sameDay] makes sense only on the day of the visit
 */

/** What slots of a conversation are worth keeping, and under which name. */
const CUSTOM_SLOTS = {
  brand: "equipmentBrand",
  heater: "equipmentBrand",
  age: "equipmentAgeYears",
  fixture: "fixtureBrand",
  hot: "indoorTemperatureF",
  cold: "indoorTemperatureF",
  po: "purchaseOrder",
  invoice: "invoiceNumber",
};

/** What callers say who do not book yet, and why. */
const UNDECIDED = [
  [
    "Let me check with my wife first, and I’ll call you back.",
    "wants to check with spouse",
  ],
  [
    "Let me ask my husband what he thinks. I’ll call back.",
    "wants to check with spouse",
  ],
  ["That’s more than I thought. I’ll call around.", "comparing prices"],
  ["I need to ask my landlord who pays for that.", "asking the landlord"],
  ["Okay. Let me look at my calendar and call back.", "checking the calendar"],
  [
    "My son-in-law wants to have a look first. If he can’t, I’ll call.",
    "relative will try first",
  ],
];

const UNDECIDED_FIRM = [
  [
    "I’ll need the owner’s okay for that. I’ll call you back.",
    "needs the owner’s approval",
  ],
  ["Let me get a purchase order first.", "waiting for a purchase order"],
  [
    "I have to run it by the board, they meet on Tuesday.",
    "needs the board’s approval",
  ],
];

/** Keeps what was said as custom fields. @param {Scene} scene */
export function keepSlots(scene) {
  for (const [slot, field] of Object.entries(CUSTOM_SLOTS)) {
    if (!scene.said(slot)) continue;
    const value = scene.slot(slot);
    const number = parseInt(value, 10);
    scene.custom[field] =
      slot === "age" || slot === "hot" || slot === "cold"
        ? number
        : value.replace(/^PO /, "");
  }
}

/**
 * The caller says what is wrong; the assistant asks about it.
 * @param {Scene} scene
 * @param {Problem} problem
 * @param {string[]} variant
 */
function describe(scene, problem, [line, summary]) {
  const { talk, random } = scene;
  scene.open(line);
  talk.agent(
    scene.deal(problem.routine ? office.SYMPATHY_ROUTINE : office.SYMPATHY),
  );
  const questions =
    problem.ask.length > 2 && random.chance(0.6)
      ? problem.ask.slice(0, 2)
      : problem.ask;
  for (const { q, a } of questions) {
    talk.agent(scene.deal(q));
    talk.caller(scene.deal(a));
    if (random.chance(0.55)) talk.agent(scene.ack());
  }
  scene.captured.problemDescription = scene.fill(summary);
  scene.intent(
    problem.intent ?? "BOOK_APPOINTMENT",
    problem.card,
    problem.scenario,
  );
}

/**
 * A visit is booked for a problem: the most common call.
 * @param {Scene} scene
 * @param {Problem} problem
 * @param {string[]} [variant] one of the problem's
 */
export function booking(
  scene,
  problem,
  variant = scene.random.deal(problem.variants),
) {
  const { talk, random, customer } = scene;
  const urgent = random.chance(problem.urgent);
  scene.greet();
  describe(scene, problem, variant);
  const residential = customer?.firm === undefined;
  if (problem.equipment && random.chance(0.45)) scene.equipment();
  scene.captured.urgency = urgent ? "urgent" : "normal";
  scene.name();
  scene.address();
  if (!scene.known && residential && random.chance(0.4)) scene.ownership();
  if (!scene.known || random.chance(0.25)) scene.phone();

  if (random.chance(0.5) && !problem.routine) {
    const [line, answer] = random.deal(office.PRICE_LINES);
    talk.agent(line);
    talk.caller(answer);
  }
  if (scene.wish === undefined && random.chance(0.09)) {
    // They want to think about it, or to ask somebody first.
    const [line, note] = random.deal(residential ? UNDECIDED : UNDECIDED_FIRM);
    talk.agent("Shall I look for a time?");
    talk.caller(line);
    talk.agent(
      scene.deal([
        "Of course. We’re here whenever you’re ready.",
        "No problem. I’ll keep the details, so you won’t have to repeat them.",
      ]),
    );
    scene.close();
    scene.outcome.status = "completed";
    scene.outcome.result = `Not booked, ${note}`;
    if (urgent || random.chance(0.5))
      scene.followUp(
        `Lead not booked (${note}). Call back about: ${scene.captured.problemDescription}`,
      );
    scene.mood("NEUTRAL", 0.15, 0.4);
    keepSlots(scene);
    return;
  }

  const slot = scene.agree(
    urgent ? 0 : problem.routine ? 3 : 1,
    urgent ? 1 : problem.routine ? 12 : 4,
  );
  const technician = scene.book(slot, problem.service);
  const access = random.chance(scene.known ? 0.3 : 0.55);
  if (access) scene.entry(random.chance(0.35));
  if (!scene.known && random.chance(0.45)) scene.email();
  if (random.chance(0.55)) {
    talk.agent(
      scene.deal(office.READ_BACK).replace("{when}", scene.when(slot)),
    );
    talk.caller(scene.deal(office.YES));
  }
  talk.agent(
    scene.deal([
      `You’re all set for ${scene.when(slot)}. You’ll get a text when ${technician.name.split(" ")[0]} is on the way.`,
      `That’s booked: ${scene.clock.dayName(slot.at)}, ${scene.clock.monthDay(slot.at)}, ${slot.spoken}. ${technician.name.split(" ")[0]} will be your technician.`,
      `Okay, ${scene.when(slot)} it is. I’ve texted you the confirmation.`,
    ]),
  );
  if (random.chance(0.35)) talk.agent(scene.deal(office.EXPECT));
  if (random.chance(0.5)) {
    const [asked, answer] = random.deal(office.AFTERTHOUGHTS);
    talk.caller(asked);
    talk.agent(answer);
    talk.caller(
      scene.deal([
        "Okay, good.",
        "Alright.",
        "Great.",
        "That’s fine.",
        "Good to know.",
      ]),
    );
  }
  scene.sms("booking_confirmation");
  if (scene.captured.email)
    scene.action("email_sent", scene.captured.email, {
      template: "booking_confirmation",
    });
  if (urgent)
    scene.action("technician_notified", technician.name, { by: "text" });
  if (!customer?.firm && !scene.known && random.chance(0.25)) {
    talk.agent("May I ask how you heard about us?");
    const source = random.pick([
      ["My neighbor uses you.", "neighbor"],
      ["I saw your truck.", "truck"],
      ["The internet, you had good reviews.", "online reviews"],
      ["You did my mother’s house.", "family"],
      ["There was a sticker on the unit.", "sticker on equipment"],
    ]);
    talk.caller(source[0]);
    scene.custom.referredBy = source[1];
  }
  scene.close();
  /** @type {Record<string, number>} */
  const calm = problem.routine
    ? { NEUTRAL: 6, HAPPY: 3 }
    : { NEUTRAL: 6, HAPPY: 0.4, ANXIOUS: 1.5, FRUSTRATED: 1.5 };
  scene.mood(
    urgent
      ? random.weighted({ ANXIOUS: 3, FRUSTRATED: 2, URGENT: 3 })
      : random.weighted(calm),
    urgent ? 0.4 : 0.1,
    urgent ? 0.75 : 0.45,
  );
  keepSlots(scene);
}

/**
 * Something that cannot wait: safety first, then the technician on call.
 * @param {Scene} scene
 * @param {Emergency} emergency
 */
export function emergency(scene, emergency) {
  const { talk, random, company, customer } = scene;
  const [line, summary] = random.deal(emergency.variants);
  scene.greet();
  scene.open(line, "tense");
  talk.agent(scene.deal(emergency.advice));
  talk.wait(0.5, 4);
  talk.caller(scene.deal(emergency.reply));
  talk.agent(
    scene.deal([
      "Good. You’re doing the right thing.",
      "Okay. Let’s get someone to you.",
      "Thank you. Now let’s get help there.",
    ]),
  );
  scene.name();
  scene.address();
  scene.captured.phone = customer?.phone;
  scene.captured.problemDescription = scene.fill(summary);
  scene.captured.urgency = "emergency";
  scene.intent("EMERGENCY", emergency.card, emergency.scenario);
  scene.mood(random.weighted({ URGENT: 5, ANXIOUS: 3, ANGRY: 1 }), 0.7, 0.98);
  keepSlots(scene);

  const technician = random.pick(company.technicians);
  const way = random.weighted({
    transfer: 5,
    dispatch: 3,
    unanswered: 1.2,
    drop: 0.4,
  });
  const minutes = random.pick([35, 40, 45, 50, 60]);
  if (way === "dispatch") {
    const slot = {
      at: scene.at + minutes * MINUTE,
      hour: 0,
      window: "within the hour",
      spoken: "within the hour",
    };
    talk.agent(
      `I’m sending ${technician.name.split(" ")[0]}, our on-call technician. ${technician.he === "she" ? "She’ll" : "He’ll"} be there in about ${minutes} minutes, and you’ll get a text with a live map.`,
    );
    talk.caller(
      scene.deal([
        "Thank you. Thank you so much.",
        "Okay. Please tell them to hurry.",
        "Oh, thank goodness.",
      ]),
    );
    talk.agent("Stay safe, and call back right away if anything changes.");
    scene.book(slot, emergency.service);
    if (customer?.visit !== undefined) customer.visit.technician = technician;
    scene.outcome.result = `On-call technician ${technician.name.split(" ")[0]} dispatched`;
    scene.action("technician_notified", technician.name, { by: "call" });
    scene.sms("technician_on_the_way");
    scene.outcome.status = "completed";
    return;
  }
  talk.agent(
    scene.deal([
      "I’m connecting you with our on-call technician now. Please stay on the line.",
      "Let me put you straight through to the technician on call. One moment.",
    ]),
  );
  talk.caller(
    scene.deal(["Okay.", "Please hurry.", "Thank you.", "Okay, I’m here."]),
  );
  scene.action(
    "transfer_initiated",
    company.onCall,
    { to: technician.name },
    way === "unanswered" ? "failed" : "success",
  );
  scene.outcome.transferredTo = company.onCall;
  if (way === "unanswered") {
    talk.wait(22, 31);
    talk.agent(
      "The technician hasn’t picked up yet. I’ve paged both people on call, and one of them will call you within fifteen minutes. Is that alright?",
    );
    talk.caller(
      scene.deal([
        "Fifteen minutes? Okay. Please, no longer.",
        "I guess. I’ll keep the phone in my hand.",
      ]),
    );
    talk.agent("If it gets worse, hang up and call 911.");
    scene.outcome.status = "voicemail";
    scene.outcome.result = "On-call technician paged";
    scene.outcome.messageLeft = true;
    scene.action("technician_notified", technician.name, { by: "page" });
    scene.followUp("Emergency not connected: call back within 15 minutes.");
    delete scene.outcome.transferredTo;
  } else if (way === "drop") {
    talk.wait(6, 14);
    scene.outcome.status = "error";
    scene.outcome.result = "Line dropped during transfer";
    scene.actions[scene.actions.length - 1].status = "failed";
    delete scene.outcome.transferredTo;
    scene.followUp(
      "Line dropped during an emergency transfer. Call back at once.",
    );
  } else {
    scene.outcome.status = "transferred";
    scene.outcome.result = `To on-call technician ${technician.name.split(" ")[0]} ${technician.name.split(" ")[1][0]}.`;
  }
}
