/**
 * visits.mjs: calls around a visit: moved, called off, how to get in, where is the
 * technician, and what the customer says of it afterwards.
 */

import * as office from "./office.mjs";

/** @typedef {import("./scene.mjs").Scene} Scene */
/** @typedef {import("./scenes.mjs").Complaint} Complaint */

/**
 * The visit to come is moved. Returns the new slot.
 * @param {Scene} scene
 */
export function reschedule(scene) {
  const { talk, random, customer, clock } = scene;
  const visit = customer?.visit;
  if (customer === undefined || visit === undefined)
    throw new Error("no visit to move");
  const [reason, note] = random.deal(office.RESCHEDULE_REASONS);
  const day = clock.spokenDay(scene.at, visit.slot.at);
  scene.greet();
  scene.open(
    scene.deal([
      `I need to move my appointment, the one ${day}. ${reason}`,
      `You’ve got somebody coming ${day}, and I can’t make it. ${reason}`,
      `I have to reschedule. ${reason}`,
      `Can we do a different day than ${day}? ${reason}`,
    ]),
  );
  scene.name();
  talk.agent(
    scene.deal([
      `I see it: ${clock.dayName(visit.slot.at)}, ${clock.monthDay(visit.slot.at)}, ${visit.slot.spoken}, for the ${lowerService(visit.service)}. Let’s find another time.`,
      `No problem. That’s the ${lowerService(visit.service)} ${day}. Let me see what else I have.`,
    ]),
  );
  talk.wait(0.8, 3);
  const previous = visit.slot;
  const slot = scene.agree(1, 9, previous);
  customer.visit = { ...visit, slot };
  scene.captured.appointment = {
    ...scene.captured.appointment,
    existingId: visit.id,
    requestedDate: clock.date(slot.at),
    requestedTimeWindow: slot.window,
  };
  scene.captured.problemDescription = `Moves ${clock.dayName(previous.at)}’s ${lowerService(visit.service)}: ${note}.`;
  scene.captured.urgency = "normal";
  talk.agent(`Done. You’re now on for ${scene.when(slot)}.`);
  scene.intent("RESCHEDULE", "Move appointment", "Reschedule existing visit");
  scene.outcome.status = "completed";
  scene.outcome.result = `Moved to ${scene.written(slot)}`;
  scene.action("appointment_updated", visit.service, {
    from: `${clock.short(previous.at)}, ${previous.window}`,
    to: `${clock.short(slot.at)}, ${slot.window}`,
  });
  scene.sms("booking_changed");
  scene.close();
  scene.mood(random.weighted({ NEUTRAL: 7, ANXIOUS: 1, HAPPY: 1 }), 0.1, 0.35);
}

/** @param {string} service */
function lowerService(service) {
  return /^[A-Z]{2}/.test(service)
    ? service
    : service[0].toLowerCase() + service.slice(1);
}

/**
 * The visit to come is called off.
 * @param {Scene} scene
 */
export function cancel(scene) {
  const { talk, random, customer, clock } = scene;
  const visit = customer?.visit;
  if (customer === undefined || visit === undefined)
    throw new Error("no visit to cancel");
  const [reason, note] = random.deal(office.CANCEL_REASONS);
  scene.greet();
  scene.open(
    scene.deal([
      `I’d like to cancel the appointment. ${reason}`,
      `I don’t need you ${clock.spokenDay(scene.at, visit.slot.at)} after all. ${reason}`,
    ]),
  );
  scene.name();
  talk.agent(
    `I have the ${lowerService(visit.service)} on ${clock.dayName(visit.slot.at)}, ${visit.slot.spoken}. Should I cancel that one?`,
  );
  talk.caller(scene.deal(office.YES));
  talk.agent(
    scene.deal([
      "It’s canceled, and there’s no charge.",
      "Alright, that’s canceled. Call us any time if you need us again.",
    ]),
  );
  customer.visit = undefined;
  scene.cancelled = visit;
  scene.captured.appointment = { existingId: visit.id };
  scene.captured.problemDescription = `Cancels the ${lowerService(visit.service)} on ${clock.short(visit.slot.at)}: ${note}.`;
  scene.captured.urgency = "normal";
  scene.intent("CANCEL_APPOINTMENT", "Cancel appointment");
  scene.outcome.status = "completed";
  scene.outcome.result = "Appointment canceled";
  scene.action("appointment_cancelled", visit.service, {
    date: clock.short(visit.slot.at),
    reason: note,
  });
  scene.close();
  scene.mood("NEUTRAL", 0.08, 0.3);
}

/**
 * How the technician gets in is changed for a visit already booked.
 * @param {Scene} scene
 */
export function access(scene) {
  const { talk, random, customer, clock } = scene;
  const visit = customer?.visit;
  if (customer === undefined || visit === undefined)
    throw new Error("no visit to change");
  const day = clock.spokenDay(scene.at, visit.slot.at);
  scene.greet();
  scene.open(
    scene.deal([
      `So you have somebody coming ${day}, but I just found out I can’t be there.`,
      `I’ve got a visit ${day}, and I need to tell you how to get in.`,
      `For my appointment ${day}, nobody’s going to be home. Can they still do it?`,
      `I gave you the wrong code for ${day}, I’m so sorry.`,
    ]),
  );
  talk.agent(
    scene.deal([
      `I see the visit: ${clock.dayName(visit.slot.at)}, ${clock.monthDay(visit.slot.at)}, ${visit.slot.spoken}, at ${customer.street}.`,
      `Yes, the ${lowerService(visit.service)} at ${customer.street}, ${visit.slot.spoken}.`,
    ]),
  );
  if (random.chance(0.4)) {
    talk.agent("Would you like to move it, or leave the technician a way in?");
    talk.caller(
      scene.deal([
        "No, keep it.",
        "Leave it. I’ll tell you how to get in.",
        "Keep it, I’ve waited long enough.",
      ]),
    );
  }
  /** @type {string | undefined} */
  let firmSummary;
  if (customer.firm === undefined) scene.entry(true);
  else firmSummary = scene.firmEntry();
  talk.agent(
    scene.deal([
      "I’ve saved all of that to the appointment.",
      "That’s on the ticket now, and the technician has it on the phone.",
      "Done. The technician will see it before setting out.",
    ]),
  );
  const notes = scene.captured.accessInstructions;
  scene.captured.name = customer.full;
  scene.captured.appointment = { existingId: visit.id };
  scene.captured.problemDescription =
    firmSummary ?? accessSummary(customer, notes);
  scene.captured.urgency = "normal";
  scene.intent(
    "APPOINTMENT_ACCESS_UPDATE",
    "Update access instructions",
    "Access details for a booked visit",
  );
  scene.outcome.status = "completed";
  scene.outcome.result = "Appointment updated";
  scene.action("appointment_updated", visit.service, {
    changed: "access instructions",
  });
  scene.action("technician_notified", visit.technician.name, { by: "text" });
  scene.sms("access_saved");
  scene.close();
  scene.mood(random.weighted({ NEUTRAL: 7, ANXIOUS: 1 }), 0.08, 0.3);
}

/**
 * @param {import("./scene.mjs").Customer} customer
 * @param {Record<string, any>} notes
 */
function accessSummary(customer, notes) {
  const parts = [];
  if (notes.lockboxCode) parts.push("Nobody home, lockbox code given.");
  else if (notes.keyLocation)
    parts.push(
      `Key is ${notes.keyLocation[0].toLowerCase()}${notes.keyLocation.slice(1)}.`,
    );
  if (notes.gateCode) parts.push("Gate code given.");
  if (notes.alternateContact)
    parts.push(
      `If nobody answers, call ${notes.alternateContact.relationship} ${notes.alternateContact.name}.`,
    );
  if (notes.petInfo)
    parts.push(`${notes.petInfo[0].toUpperCase()}${notes.petInfo.slice(1)}.`);
  return parts.length > 0
    ? parts.slice(0, 3).join(" ")
    : `${customer.full} changes how to get in.`;
}

/**
 * Where is the technician?
 * @param {Scene} scene
 */
export function eta(scene) {
  const { talk, random, customer } = scene;
  const visit = customer?.visit;
  if (customer === undefined || visit === undefined)
    throw new Error("no visit today");
  const name = visit.technician.name.split(" ")[0];
  const minutes = random.pick([15, 20, 25, 30, 40]);
  scene.greet();
  scene.open(
    scene.deal([
      "I’m supposed to have somebody here by now. Is he still coming?",
      "I’m just checking where my technician is.",
      "The window’s almost over and I haven’t heard anything.",
      "Could you tell me how long it’s going to be? I’ve got to leave at some point.",
    ]),
  );
  talk.agent(
    scene.deal([
      "Let me check with dispatch.",
      "One moment, I’ll look at the board.",
    ]),
  );
  talk.wait(3, 9);
  talk.agent(
    scene.deal([
      `${name} is finishing a job nearby, and should be with you in about ${minutes} minutes.`,
      `${name} is on the way. The map says ${minutes} minutes.`,
      `The last job ran long. ${name} expects to be there in ${minutes} minutes. I’m sorry for the wait.`,
    ]),
  );
  talk.caller(
    scene.deal([
      "Okay. I can wait that long.",
      "Alright, thank you.",
      "That’s fine, I just wanted to know.",
      "Okay, but no later, please.",
    ]),
  );
  scene.captured.name = customer.full;
  scene.captured.problemDescription = `Asks where the technician is; ${name} about ${minutes} minutes out.`;
  scene.captured.urgency = "normal";
  scene.intent("TECHNICIAN_ETA", "Arrival time", "Visit today, arrival time");
  scene.outcome.status = "completed";
  scene.outcome.result = "Arrival time given";
  scene.sms("technician_on_the_way");
  scene.close();
  scene.mood(
    random.weighted({ NEUTRAL: 3, FRUSTRATED: 3, ANXIOUS: 1 }),
    0.2,
    0.55,
  );
}

/**
 * The company calls the customer to confirm tomorrow's visit.
 * @param {Scene} scene
 */
export function confirmation(scene) {
  const { talk, random, customer, clock } = scene;
  const visit = customer?.visit;
  if (customer === undefined || visit === undefined)
    throw new Error("no visit to confirm");
  scene.direction = "outbound";
  talk.caller(
    scene.deal([
      "Hello?",
      "Yes?",
      `This is ${customer.first}.`,
      "Hello, who’s this?",
    ]),
  );
  talk.agent(
    `Hi ${customer.hail}, this is the virtual assistant at {company}, calling about your ${lowerService(visit.service)} ${clock.spokenDay(scene.at, visit.slot.at)}, ${visit.slot.spoken}. Does that still work?`,
  );
  talk.caller(
    scene.deal([
      "Yes, it does.",
      "Oh, right. Yes, we’ll be here.",
      "Yep, still good.",
      "Yes. Thanks for the reminder.",
    ]),
  );
  if (random.chance(0.4)) {
    talk.caller(
      scene.deal([
        "Can you tell him to use the side door?",
        "Does he need me to clear anything out of the way?",
        "How long will it take, do you think?",
      ]),
    );
    talk.agent(
      scene.deal([
        "I’ll add that to the ticket. About three feet of space around the equipment is plenty.",
        "Usually about an hour, and I’ve made a note for the technician.",
      ]),
    );
  }
  talk.agent(
    "Great. You’ll get a text when the technician is on the way. Have a good {partOfDay}.",
  );
  talk.caller(scene.deal(["Thanks. Bye.", "Okay, bye.", "Great, thank you."]));
  scene.captured.name = customer.full;
  scene.captured.problemDescription = `Confirmed the ${lowerService(visit.service)} on ${clock.short(visit.slot.at)}, ${visit.slot.window}.`;
  scene.captured.urgency = "normal";
  scene.intent(
    "CONFIRM_APPOINTMENT",
    "Confirmation call",
    "Day-before confirmation",
  );
  scene.outcome.status = "completed";
  scene.outcome.result = "Appointment confirmed";
  scene.action("appointment_updated", visit.service, { confirmed: "yes" });
  scene.mood("NEUTRAL", 0.05, 0.25);
}

/**
 * Something went wrong with a visit.
 * @param {Scene} scene
 * @param {Complaint} complaint
 */
export function complaint(scene, complaint) {
  const { talk, random, company } = scene;
  scene.greet();
  scene.open(complaint.q, "plain");
  talk.agent(
    scene.deal([
      "I’m very sorry about that. That isn’t how we want to leave anyone.",
      "I’m sorry. Thank you for telling us, I’ll make sure the right person hears it.",
      "That shouldn’t have happened, and I apologize.",
    ]),
  );
  scene.name();
  talk.caller(complaint.want);
  scene.captured.name = scene.customer?.full;
  scene.captured.problemDescription = scene.fill(complaint.desc);
  scene.captured.urgency = "normal";
  scene.intent("COMPLAINT", "Complaint");
  const angry = random.chance(0.35);
  scene.mood(
    angry ? "ANGRY" : "FRUSTRATED",
    angry ? 0.7 : 0.5,
    angry ? 0.95 : 0.8,
  );
  if (complaint.revisit && random.chance(0.4)) {
    talk.agent(
      "I can have the technician come back first thing, at no charge. Would that help?",
    );
    talk.caller(
      scene.deal([
        "It would, yes.",
        "Alright. But it had better be fixed this time.",
        "Fine.",
      ]),
    );
    const slot = scene.agree(0, 2);
    const technician = scene.book(slot, "Return visit");
    talk.agent(
      `${technician.name.split(" ")[0]} will be there ${scene.when(slot)}, and I’ve told {manager}.`.replace(
        "{manager}",
        company.manager.name,
      ),
    );
    scene.followUp(
      `Return visit ${scene.written(slot)}. Call the customer afterward.`,
    );
    scene.action("technician_notified", technician.name, { by: "text" });
  } else if (!scene.late && random.chance(0.55)) {
    talk.agent(
      `Let me put you through to ${company.manager.name}, our office manager.`,
    );
    talk.caller(scene.deal(["Thank you.", "Good.", "Finally. Yes."]));
    scene.action("transfer_initiated", company.manager.phone, {
      to: company.manager.name,
    });
    scene.outcome.status = "transferred";
    scene.outcome.result = "To office manager";
    scene.outcome.transferredTo = company.manager.phone;
    return;
  } else {
    talk.agent(
      `I’ll have ${company.manager.name}, our office manager, call you ${scene.late ? "first thing tomorrow" : "within the hour"}. Is this the best number?`,
    );
    talk.caller(
      scene.deal([
        "Yes. I’ll be waiting.",
        "Yes, and please make sure they do.",
        "It is.",
      ]),
    );
    scene.outcome.status = "completed";
    scene.outcome.result = "Message taken";
    scene.outcome.messageLeft = true;
    scene.followUp(`Complaint: ${scene.captured.problemDescription}`);
  }
  talk.agent(
    scene.deal([
      "Again, I’m sorry. Thank you for your patience.",
      "Thank you for giving us a chance to make it right.",
    ]),
  );
  if (random.chance(0.5))
    talk.caller(scene.deal(["Alright. Bye.", "We’ll see.", "Thank you."]));
}

/**
 * A kind word.
 * @param {Scene} scene
 * @param {string[]} praise
 */
export function praise(scene, praise) {
  const { talk } = scene;
  scene.greet();
  scene.open(praise[0], "plain");
  talk.agent(
    scene.deal([
      "That’s wonderful to hear. I’ll make sure they know.",
      "Thank you for taking the time. I’ll pass it on to the whole team.",
    ]),
  );
  talk.caller(
    scene.deal([
      "Please do. That’s all I wanted.",
      "Good. You don’t get that every day anymore.",
      "Alright. You all have a blessed day.",
    ]),
  );
  talk.agent("Thank you, {hail}. Goodbye.");
  scene.captured.name = scene.customer?.full;
  scene.captured.problemDescription = scene.fill(praise[1]);
  scene.intent("FEEDBACK", "Feedback");
  scene.outcome.status = "completed";
  scene.outcome.result = "Thanks passed on";
  scene.action("note_added", "team", { text: scene.fill(praise[1]) });
  scene.mood("HAPPY", 0.6, 0.95);
}
