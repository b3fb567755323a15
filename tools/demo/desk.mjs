/**
 * desk.mjs: calls that any front desk has: questions, bills, plans, messages,
 * hang-ups, salesmen, wrong numbers, and the service itself failing.
 */

import * as office from "./office.mjs";
import { spokenPhone } from "./scene.mjs";
import { booking, keepSlots } from "./scenes.mjs";

/** @typedef {import("./scene.mjs").Scene} Scene */
/** @typedef {import("./scenes.mjs").Problem} Problem */
/** @typedef {import("./scenes.mjs").Question} Question */

/**
 * A question that needs no visit.
 * @param {Scene} scene
 * @param {Question} question
 */
export function question(scene, question) {
  const { talk, random } = scene;
  scene.greet();
  scene.open(question.q);
  if (!scene.known && random.chance(0.5)) {
    talk.agent("Sure.");
    scene.name();
  } else if (scene.known) {
    scene.captured.name = scene.customer?.full;
    talk.agent(
      scene.deal([
        "Let me look.",
        "Sure.",
        "One second.",
        "Good question.",
        "Happy to help.",
      ]),
    );
    talk.wait(1, 5);
  }
  talk.agent(question.a);
  talk.caller(question.r);
  if (question.email && !scene.known) scene.email();
  talk.agent(question.end);
  scene.captured.problemDescription = question.desc;
  scene.captured.urgency = "normal";
  scene.intent("SERVICE_QUESTION", question.card);
  scene.outcome.status = "completed";
  scene.outcome.result = question.result;
  if (question.email)
    scene.action("email_sent", scene.customer?.email ?? "", {
      template: "answer",
    });
  if (question.sms) scene.sms("answer");
  if (question.note)
    scene.action("note_added", "customer file", { text: question.desc });
  if (question.follow) scene.followUp(question.follow);
  scene.close();
  scene.mood(
    random.weighted({ NEUTRAL: 6, HAPPY: 2, CONFUSED: 1.5 }),
    0.08,
    0.4,
  );
  keepSlots(scene);
}

/**
 * A bill.
 * @param {Scene} scene
 * @param {typeof office.BILLING[number]} bill
 */
export function billing(scene, bill) {
  const { talk, random } = scene;
  scene.greet();
  scene.open(bill.q);
  scene.name();
  if (random.chance(0.6)) {
    talk.agent(
      scene.deal([
        "Do you have the invoice number in front of you?",
        "Could you give me the invoice number?",
      ]),
    );
    talk.caller(
      scene.deal([
        "Uh, hold on. … {invoice}.",
        "It’s {invoice}.",
        "Number {invoice}.",
        "I don’t, I’m driving.",
      ]),
    );
    talk.wait(1, 4);
  }
  talk.agent(bill.a);
  talk.caller(bill.r);
  talk.agent(bill.end);
  scene.captured.problemDescription = scene.fill(bill.desc);
  scene.captured.urgency = "normal";
  scene.intent("BILLING_QUESTION", "Billing");
  scene.outcome.status = "completed";
  scene.outcome.result = bill.result;
  if (bill.sms) scene.sms("payment_link");
  if (bill.email)
    scene.action("email_sent", scene.customer?.email ?? "", {
      template: "invoice",
    });
  if (bill.follow) scene.followUp(bill.follow);
  scene.slot("invoice");
  if (scene.said("amount"))
    scene.custom.amountDiscussed = Number(scene.slot("amount"));
  scene.close();
  scene.mood(
    bill.mood ?? random.weighted({ NEUTRAL: 5, CONFUSED: 2, HAPPY: 1 }),
    bill.mood ? 0.4 : 0.1,
    bill.mood ? 0.75 : 0.4,
  );
  keepSlots(scene);
}

/**
 * Joins, asks about or leaves the maintenance plan.
 * @param {Scene} scene
 */
export function plan(scene) {
  const { talk, random, company } = scene;
  scene.greet();
  const kind = random.weighted({ join: 4, ask: 4, benefit: 3 });
  scene.open(
    kind === "join"
      ? scene.deal([
          `I’d like to sign up for the ${company.plan}.`,
          `The technician told me about the ${company.plan}. I think I’ll do it.`,
        ])
      : kind === "ask"
        ? scene.deal([
            `What do I get with the ${company.plan}?`,
            "How does your maintenance plan work?",
          ])
        : scene.deal([
            `I’m on the ${company.plan}, is there anything due this season?`,
            `When does my ${company.plan} run out?`,
          ]),
  );
  scene.name();
  talk.agent(
    kind === "benefit"
      ? scene.deal([
          "Your plan runs through the end of next month, and one visit is still open.",
          "Both visits for this year are done. The next one’s due in the spring.",
        ])
      : `It’s ${company.planPrice}: two visits a year, priority scheduling, and ${random.pick(["ten", "fifteen"])} percent off repairs. You can cancel any time.`,
  );
  const joins = kind === "join" || (kind === "ask" && random.chance(0.4));
  if (joins) {
    talk.caller(
      scene.deal([
        "Okay, sign me up.",
        "That’s less than I thought. Let’s do it.",
        "Alright, go ahead.",
      ]),
    );
    talk.agent(
      "I’ve texted you a link to set up the payment. The plan starts as soon as that’s done.",
    );
    scene.sms("plan_signup");
    scene.outcome.result = "Plan sign-up link sent";
    scene.captured.problemDescription = `Signs up for the ${company.plan}.`;
    scene.custom.plan = company.plan;
  } else {
    talk.caller(
      scene.deal([
        "Okay, that’s good to know.",
        "I’ll think about it.",
        "Alright. I’ll call when I’m ready.",
      ]),
    );
    scene.outcome.result = "Question answered";
    scene.captured.problemDescription =
      kind === "ask"
        ? `Asks what the ${company.plan} includes.`
        : `Asks what is still due on the ${company.plan}.`;
  }
  scene.captured.urgency = "normal";
  scene.intent("MAINTENANCE_PLAN", company.plan);
  scene.outcome.status = "completed";
  scene.close();
  scene.mood(random.weighted({ NEUTRAL: 5, HAPPY: 2 }), 0.08, 0.4);
}

/**
 * A message after the tone.
 * @param {Scene} scene
 * @param {string} reason the caller's first sentence
 * @param {string} summary
 * @param {string} intent
 */
export function message(scene, reason, summary, intent) {
  const { talk, company } = scene;
  talk.agent(
    scene.late
      ? "You’ve reached {company}. All lines are busy right now. Please leave your name, your number and the reason for your call after the tone."
      : scene.deal([
          "{company}. I’m sorry, I’m having trouble hearing you. Please leave a message after the tone, and someone will call you back.",
          "Thank you for calling {company}. Everyone’s helping other customers. Please leave a message after the tone.",
        ]),
  );
  talk.wait(1.5, 4);
  talk.caller(
    scene.fill(scene.deal(office.MESSAGES).replace("{reason}", reason)),
  );
  scene.captured.name = scene.customer?.full;
  scene.captured.phone = scene.customer?.phone;
  scene.captured.problemDescription = scene.fill(summary);
  scene.captured.urgency = intent === "EMERGENCY" ? "urgent" : "normal";
  scene.intent(intent, "Voicemail");
  scene.outcome.status = "voicemail";
  scene.outcome.result = "Message left";
  scene.outcome.messageLeft = true;
  scene.followUp(
    `Call back ${scene.customer?.full}, ${spokenPhone(scene.customer?.phone ?? company.office)}.`,
  );
  scene.action("voicemail_left", company.office);
  scene.mood("NEUTRAL", 0.05, 0.35);
  if (scene.customer !== undefined && !scene.customer.named) {
    scene.customer.named = true;
    scene.firstNamed = true;
  }
}

/**
 * The caller hangs up: in the greeting, while explaining, or while waiting.
 * @param {Scene} scene
 * @param {string[]} [reason] what they had begun to say, and how it is written down
 */
export function hangUp(scene, reason) {
  const { talk, random } = scene;
  scene.greet();
  scene.tail = 0;
  const way = random.weighted({
    greeting: 5,
    hello: 2,
    middle: reason === undefined ? 0 : 4,
    hold: reason === undefined ? 0 : 2,
  });
  scene.outcome.status = "abandoned";
  if (way === "greeting") {
    talk.cut(random.int(1800, 9000));
    scene.outcome.result = "Hung up during the greeting";
    return;
  }
  if (way === "hello") {
    talk.caller(
      scene.deal([
        "Hello? … Hello?",
        "Can you hear me? … No.",
        "Uh, never mind.",
        "Oh, it’s a machine.",
        "Sorry, wrong button.",
      ]),
    );
    scene.outcome.result = "No reason given";
    return;
  }
  const [line, summary] = reason ?? ["", ""];
  scene.open(line);
  talk.agent(scene.deal(office.SYMPATHY));
  if (way === "middle") {
    talk.caller(
      scene.deal([
        "Hold on, somebody’s at the door. I’ll call you back.",
        "Sorry, I’m losing you.",
        "You know what, it just came back on.",
        "Actually, let me call you back, it’s my boss.",
      ]),
    );
    scene.outcome.result = "Hung up before booking";
    scene.captured.problemDescription = scene.fill(summary);
    scene.followUp("Hung up before booking, call back.");
  } else {
    talk.agent("Please hold for a moment while I check with dispatch.");
    talk.wait(20, 75);
    scene.tail = random.between(20_000, 70_000);
    scene.outcome.result = "Hung up while on hold";
    scene.captured.problemDescription = scene.fill(summary);
    scene.followUp("Hung up on hold, call back.");
  }
  if (scene.known) scene.captured.name = scene.customer?.full;
}

/**
 * A sales call or a recording.
 * @param {Scene} scene
 * @param {string[]} spam
 */
export function spam(scene, spam) {
  const { talk, random } = scene;
  scene.greet();
  talk.caller(spam[0]);
  scene.captured.problemDescription = spam[1];
  if (random.chance(0.45)) {
    talk.agent(
      scene.deal([
        "No, thank you. Please take this number off your list. Goodbye.",
        "We’re not interested. Please do not call again.",
        "This line is for customers. Goodbye.",
      ]),
    );
    if (random.chance(0.4))
      talk.caller(
        scene.deal([
          "But sir –",
          "It’ll only take two minutes –",
          "Press one now to continue.",
        ]),
      );
  }
  scene.outcome.status = "spam";
  scene.outcome.result = scene.deal([
    "Blocked",
    "Ended by the assistant",
    "Caller hung up",
  ]);
}

/**
 * Wrong numbers, job seekers, suppliers.
 * @param {Scene} scene
 * @param {typeof office.OTHERS[number]} other
 */
export function other(scene, other) {
  const { talk, random } = scene;
  const [line, answer, reply, summary, name] = random.deal(other.lines);
  scene.greet();
  talk.caller(line);
  talk.agent(answer);
  talk.caller(reply);
  scene.captured.problemDescription = summary;
  if (name !== undefined) scene.captured.name = name;
  if (other.intent !== "WRONG_NUMBER") {
    talk.agent(
      scene.deal([
        "Thank you, I’ll pass it on. Goodbye.",
        "Noted. Have a good {partOfDay}.",
      ]),
    );
    scene.outcome.messageLeft = true;
    if (other.follow) scene.followUp(other.follow);
  }
  scene.intent(other.intent, "Not a customer");
  scene.outcome.status = "completed";
  scene.outcome.result = other.result;
  scene.mood("NEUTRAL", 0.05, 0.3);
}

/**
 * The service itself fails in the middle of a call.
 * @param {Scene} scene
 * @param {Problem} problem
 * @param {string[]} variant
 */
export function failure(scene, problem, variant) {
  const { talk, random } = scene;
  const { customer } = scene;
  const was = customer && { named: customer.named, placed: customer.placed };
  booking(scene, problem, variant);
  talk.cut(
    random.int(14_000, Math.max(16_000, Math.min(talk.now - 6_000, 90_000))),
  );
  if (customer && was) {
    Object.assign(customer, was);
    customer.visit = undefined;
  }
  scene.actions = [];
  scene.custom = {};
  scene.tail = random.between(1000, 9000);
  const first = talk.turns.find((turn) => turn.speaker === "caller");
  scene.captured =
    first === undefined
      ? {}
      : { problemDescription: scene.captured.problemDescription };
  scene.outcome = {
    status: "error",
    result: scene.deal([
      "Speech service timed out",
      "Line dropped",
      "Assistant restarted mid-call",
    ]),
  };
  scene.followUp("Call ended by a fault on our side, call back.");
  scene.mood("CONFUSED", 0.3, 0.6);
}

/**
 * Somebody of the company itself calls through its own line.
 * @param {Scene} scene
 */
export function ownLine(scene) {
  const { talk, random, company } = scene;
  const technician = random.pick(company.technicians);
  const first = technician.name.split(" ")[0];
  scene.greet();
  talk.caller(
    scene.deal([
      `Hey, it’s ${first}, I’m at the shop. Just testing if the forwarding works.`,
      `It’s ${first}, calling in from the office line. Can you tell me my first stop tomorrow?`,
    ]),
  );
  talk.agent(
    scene.deal([
      `Hi ${first}. I can hear you fine, the forwarding works.`,
      `Hi ${first}. Please check the dispatch board for that, I only see customers’ visits.`,
    ]),
  );
  talk.caller(scene.deal(["Perfect. Bye.", "Fair enough. Thanks."]));
  scene.intent("INTERNAL", "Staff");
  scene.captured.problemDescription = `${first} calling from the company’s own line.`;
  scene.outcome.status = "completed";
  scene.outcome.result = "Staff call";
  scene.mood("NEUTRAL", 0.02, 0.1);
}
