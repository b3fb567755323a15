/**
 * office.mjs: what every home-service office hears, whatever its trade: bills,
 * keys and gate codes, salesmen, wrong numbers, messages, hang-ups.
 */

/** The assistant's first words. {again} = a caller whom it recognises by number. */
export const GREETINGS = {
  again: [
    "Thanks for calling {company}, this is the virtual assistant. Hi {hail}, welcome back. How can I help today?",
    "Hi {hail}, thanks for calling {company} again. What can I do for you?",
    "{company}, this is the virtual assistant. Good {daypart}, {hail}. How can I help?",
    "Hello {hail}, it’s the virtual assistant at {company}. Good to hear from you. What’s going on?",
    "Thank you for calling {company}. Is this {hail}? Welcome back. How may I help?",
    "{company}, good {daypart}. I have {full} on this number, is that right? How can I help?",
  ],
  firm: [
    "Thanks for calling {company}, this is the virtual assistant. Hello {firm}, how can I help today?",
    "{company}, good {daypart}. I see this is {firm}. What can we do for you?",
    "Thank you for calling {company}. Welcome back, {firm}. How may I help?",
  ],
  stranger: [
    "Thanks for calling {company}, this is the virtual assistant. How can I help you today?",
    "Good {daypart}, {company}, this is the virtual assistant. What can I do for you?",
    "Thank you for calling {company}. I’m the virtual assistant, and I can schedule a visit or answer questions. How can I help?",
    "{company}, this is the virtual assistant. Tell me what’s going on, and I’ll get you taken care of.",
    "Hello, you’ve reached {company}. This is the virtual assistant. What can I help you with?",
  ],
  late: [
    "You’ve reached {company} after hours. This is the virtual assistant, and I can book a visit or reach the on-call technician. What’s happening?",
    "{company}, the office is closed, but I can help. This is the virtual assistant. What’s going on?",
    "Thanks for calling {company}. It’s after hours, and I’m the virtual assistant. Is this an emergency, or can I schedule something for you?",
  ],
};

/** What callers put in front of their reason. */
export const OPENERS = {
  plain: [
    "Hi. ",
    "Yes, hello. ",
    "Hi there. ",
    "Hey, good {daypart}. ",
    "Yeah, hi. ",
    "",
    "",
    "Hello. ",
  ],
  chatty: [
    "Hi, how are you? Listen, ",
    "Good {daypart}. I hope you can help me. ",
    "Hey there. Okay, so here’s what’s going on. ",
    "Oh, hi. I wasn’t sure anyone would pick up. ",
    "Well, hello. I’ve got a bit of a problem. ",
  ],
  hesitant: [
    "Um, hi. ",
    "Hi, uh, I’m not sure who I should talk to, but, ",
    "Hello? Is this a person? … Okay. ",
    "Hi, yes, sorry, I’m in the car. ",
  ],
  tense: [
    "Hi, I need somebody fast. ",
    "Please, I need help. ",
    "Yes, hi, it’s urgent. ",
    "",
    "Okay, I need someone right now. ",
  ],
};

/** How the assistant takes in a problem. */
export const SYMPATHY = [
  "I’m sorry to hear that. Let’s get it looked at.",
  "Okay, I can help with that.",
  "That’s no fun. Let me ask you a couple of things.",
  "Thanks for telling me. A few quick questions.",
  "Understood. Let me get some details for the technician.",
  "Alright, we’ll take care of it.",
  "I see. I’d like to ask a question or two, so the technician comes prepared.",
  "Got it.",
];

export const SYMPATHY_ROUTINE = [
  "I’d be glad to set that up.",
  "Sure, I can help with that.",
  "Great, let’s get that on the calendar.",
  "Absolutely.",
  "Happy to.",
];

export const ACKS = [
  "Okay.",
  "Got it.",
  "Thanks.",
  "Thank you.",
  "Alright.",
  "Understood.",
  "I see.",
];

export const YES = [
  "Yes.",
  "Yeah.",
  "Yes, that’s right.",
  "Mm-hm.",
  "Correct.",
  "That’s it.",
  "Yep.",
  "Yes, please.",
];

/** Asking for a name, and how people give it. */
export const NAME_QUESTIONS = [
  "Can I get your name, please?",
  "May I have your first and last name?",
  "Who am I speaking with?",
  "And your name is?",
  "What name should I put this under?",
];

export const NAME_ANSWERS = [
  "{full}.",
  "It’s {full}.",
  "{first}. {first} {last}.",
  "My name’s {full}.",
  "Sure, {full}.",
  "This is {full}.",
];

export const NAME_SPELLED = [
  "{full}. The last name’s spelled {spelled}.",
  "It’s {first} {last}. That’s {spelled}.",
  "{full}. {spelled}, everybody gets it wrong.",
];

export const PHONE_QUESTIONS = [
  "Is the number you’re calling from, ending in {last4}, the best one to reach you?",
  "Should we use the number ending in {last4} for texts?",
  "And this number, ending in {last4}, is that good for a call back?",
];

export const PHONE_OTHER = [
  "No, use my cell. It’s {otherPhone}.",
  "That’s my work phone. Better is {otherPhone}.",
  "Could you use my husband’s number? {otherPhone}.",
  "Put down {otherPhone}, I’m not always at this one.",
];

export const ADDRESS_QUESTIONS = [
  "What’s the address for the visit?",
  "Where should we come out?",
  "What address is this for?",
  "And the service address?",
];

export const ADDRESS_KNOWN = [
  "Is this at {street}?",
  "Are we coming to {street} again?",
  "I have {street} in {city}. Is that where you need us?",
  "That’s for {street}, correct?",
];

/** E-mail. */
export const EMAIL_QUESTIONS = [
  "What e-mail address should the confirmation go to?",
  "Would you like the confirmation by e-mail too? What’s the address?",
  "Can I get an e-mail for the paperwork?",
];

/** Price talk before booking. */
export const PRICE_LINES = [
  [
    "The diagnostic visit is {fee} dollars, and that comes off the repair if you go ahead. Is that alright?",
    "That’s fine.",
  ],
  [
    "Just so you know, it’s {fee} dollars to come out, and you’ll get a price before anything is done.",
    "Okay, as long as I know before.",
  ],
  ["The visit is {fee} dollars, credited toward the work.", "Sure."],
  [
    "There’s a {fee} dollar service call. Does that work for you?",
    "I figured. Yes.",
  ],
  [
    "Our service call is {fee} dollars during the week.",
    "Hm. Okay. I guess that’s what everybody charges.",
  ],
];

/** What callers still want to know once a visit is booked. */
export const AFTERTHOUGHTS = [
  [
    "How long does something like this usually take?",
    "Most visits take an hour to an hour and a half. If a part’s needed, you’ll hear the price and the time before anything’s done.",
  ],
  [
    "Do I need to do anything before you get here?",
    "Just clear about three feet around it, so there’s room to work. That’s all.",
  ],
  [
    "What if it gets worse before then?",
    "Call this number, day or night. If it can’t wait, I’ll put you through to the technician on call.",
  ],
  [
    "Can I pay by card?",
    "Yes, card, check, or the link we text you. Nothing’s due until the work’s done.",
  ],
  [
    "Is it the same person who came last time?",
    "I can’t promise, but I’ve added a note that you asked.",
  ],
  [
    "Will they call before they come?",
    "You’ll get a text when the technician sets out, with a name and a picture.",
  ],
  [
    "Do you guarantee the work?",
    "One year on labor, and the manufacturer’s warranty on parts.",
  ],
  [
    "Does somebody have to be home the whole time?",
    "Somebody over eighteen at the start and at the end is enough.",
  ],
  [
    "Is the price the same if it turns out to be something small?",
    "If it’s something small, you only pay for the visit, and the technician will tell you so.",
  ],
  [
    "Could they take a look at one more thing while they’re here?",
    "Of course. Show it to the technician, and you’ll get a price before anything’s done.",
  ],
  [
    "You’re licensed, right? My husband wants to know.",
    "Licensed, bonded and insured. The license number’s on the confirmation.",
  ],
  [
    "What do I do if my dog won’t stop barking at them?",
    "Our technicians are used to dogs. Another room is fine, or a leash.",
  ],
];

/** How the assistant reads an appointment back. */
export const READ_BACK = [
  "Let me read that back: {when}, at {street} in {city}. Is that right?",
  "So that’s {when}, at {street}. Did I get everything?",
  "To make sure I have it right: {when}, {street}, {city}.",
  "I have you down for {when}, at {street} in {city}. Correct?",
];

/** What the assistant says about the visit to come. */
export const EXPECT = [
  "The technician will text you from the last stop, usually half an hour ahead.",
  "You’ll get a reminder the day before. Just reply yes to confirm.",
  "Please make sure somebody over eighteen is there to sign for the work.",
  "If anything changes, you can answer the text or call us back.",
  "The technician will explain the options and the price before starting.",
];

/** Ways into the property. Each: what is asked or said, and what it adds to the record. */
export const KEYS = [
  "under the front door mat",
  "in the planter by the side door",
  "on a hook inside the meter box",
  "with the front desk",
  "in the fake rock by the downspout",
  "on the ledge above the garage side door",
  "in the mailbox, it doesn’t lock",
  "under the grill cover on the deck",
];

export const PETS = [
  [
    "Max",
    "friendly dog, barks at first",
    "There’s a dog, Max. He barks a lot at first, but he’s friendly.",
  ],
  [
    "Biscuit",
    "small dog, will be crated",
    "I’ll put Biscuit in her crate. She nips at boots.",
  ],
  [
    "two cats",
    "two cats, do not let them out",
    "Just please don’t let the cats out. There are two.",
  ],
  [
    "Duke",
    "large dog in the yard, call before opening the gate",
    "We’ve got a big dog in the back yard, Duke. Please call before you open the gate.",
  ],
  [
    "Pepper",
    "parrot talks, ignore the swearing",
    "There’s a parrot. He swears, I apologize in advance.",
  ],
  [
    "Luna",
    "nervous dog, stays in the bedroom",
    "Luna will be shut in the bedroom. Please don’t go in there, she’s nervous.",
  ],
];

export const SPECIAL_NOTES = [
  [
    "Please don’t block the driveway, my husband works nights.",
    "Do not block the driveway; husband works nights and sleeps days.",
  ],
  [
    "Use the side gate, the front steps are being redone.",
    "Use the side gate, front steps under repair.",
  ],
  [
    "Don’t ring the bell, the baby naps around then. Just text.",
    "Do not ring, baby naps; text on arrival.",
  ],
  [
    "The attic hatch sticks, so bring a short ladder.",
    "Attic hatch sticks; bring the short ladder.",
  ],
  [
    "Parking’s in the back, off the alley. The front gets ticketed.",
    "Park in the back off the alley; the front gets ticketed.",
  ],
  [
    "It’s the blue door, not the red one. The red one’s the neighbor.",
    "Blue door; the red one is the neighbor’s.",
  ],
  [
    "Please wear shoe covers, we just did the floors.",
    "Shoe covers, floors just refinished.",
  ],
  [
    "The lights in the basement are on a pull chain, bring a flashlight.",
    "Basement light on a pull chain; bring a flashlight.",
  ],
];

/** Bills. {invoice} is a number, {amount} dollars. */
export const BILLING = [
  {
    q: "I got a bill for {amount} dollars, and I already paid the technician when he was here.",
    a: "Let me look. I see invoice {invoice}, and a card payment on the same day. The two just weren’t matched. I’ve asked accounting to close it.",
    r: "So I don’t owe anything?",
    end: "That’s right. You’ll get a receipt showing a zero balance.",
    desc: "Billed again for invoice {invoice}, already paid by card on the day.",
    result: "Sent to accounting",
    follow:
      "Match card payment to invoice {invoice} and send a zero-balance receipt.",
    mood: "FRUSTRATED",
  },
  {
    q: "Can I pay my invoice over the phone? My card on file expired.",
    a: "I don’t take card numbers on the call, for your safety, but I’ve just texted you a secure payment link for {amount} dollars.",
    r: "Got it. Let me… okay, it says paid.",
    end: "I see it. Thank you, you’re all settled.",
    desc: "Card on file expired; paid {amount} dollars by link during the call.",
    result: "Paid by link",
    sms: true,
  },
  {
    q: "I’m disputing the service fee on invoice {invoice}. Nobody told me it was extra.",
    a: "I understand. I can’t remove a fee myself, but I’ll pass it to accounting with your note, and they’ll call you by tomorrow.",
    r: "I want to hear from a person, please.",
    end: "You will. I’ve marked it for a call back.",
    desc: "Disputes the service fee on invoice {invoice}. Wants accounting to call back.",
    result: "Message taken",
    follow: "Call back about the fee on invoice {invoice}.",
    mood: "FRUSTRATED",
  },
  {
    q: "Could you send me a copy of the invoice? My home warranty company needs it.",
    a: "Of course. I have invoice {invoice} for {amount} dollars. Shall I send it to {emailSpoken}?",
    r: "Yes, that’s the right one.",
    end: "It’s on its way.",
    desc: "Needs a copy of invoice {invoice} for the home warranty company.",
    result: "Invoice emailed",
    email: true,
  },
  {
    q: "Is there a way to pay this in installments? It’s {amount} dollars, that’s a lot at once.",
    a: "Yes. Balances over 300 dollars can be split over three months without interest. The office sends you a short form.",
    r: "That would really help. Yes, please send it.",
    end: "They’ll text you the form this afternoon.",
    desc: "Asks to split {amount} dollars over three months.",
    result: "Payment plan requested",
    follow: "Send the payment-plan form for invoice {invoice}.",
  },
  {
    q: "I’ve got two charges on my card from you on the same day.",
    a: "One is the deposit and the other the balance for invoice {invoice}. Together that’s {amount} dollars, which is the total we quoted.",
    r: "Oh. Okay, that makes sense. My bank just showed two lines.",
    end: "No problem at all. Better to ask.",
    desc: "Two charges on one day: deposit and balance of invoice {invoice}. Explained.",
    result: "Question answered",
  },
  {
    q: "My maintenance plan renewed and I didn’t want it to.",
    a: "I can see it renewed on the first. I’ll ask the office to cancel it and refund the {amount} dollars. That takes three to five days.",
    r: "Thank you. It’s nothing against you, we’re moving.",
    end: "I hope the move goes well.",
    desc: "Plan renewed against the customer’s wish (moving); refund of {amount} dollars requested.",
    result: "Refund requested",
    follow: "Cancel plan renewal and refund {amount} dollars.",
  },
  {
    q: "We’re tax exempt, and invoice {invoice} has sales tax on it.",
    a: "I’ll have it reissued. Could you e-mail the exemption certificate to the office, if we don’t have it yet?",
    r: "You should have it from last year, but I’ll send it again.",
    end: "Thank you. The corrected invoice will come this week.",
    desc: "Tax-exempt customer charged sales tax on invoice {invoice}; to be reissued.",
    result: "Correction requested",
    follow: "Reissue invoice {invoice} without sales tax.",
    only: "commercial",
  },
  {
    q: "What’s my balance? I want to clear everything before the end of the month.",
    a: "There’s one open invoice, number {invoice}, for {amount} dollars.",
    r: "Is that the one from the last visit? Okay. Send me the link.",
    end: "I’ve texted it to you.",
    desc: "Asked for the balance: invoice {invoice}, {amount} dollars open. Link texted.",
    result: "Payment link sent",
    sms: true,
  },
  {
    q: "It says net fifteen on here, and our account’s always been net thirty.",
    a: "You’re right, the account is set to net 30. I’ve asked accounting to correct invoice {invoice}, so no late fee is added.",
    r: "Good. We’ll pay it with the next run, on the fifteenth.",
    end: "That works. Thank you.",
    desc: "Invoice {invoice} says net 15 instead of net 30; to be corrected.",
    result: "Sent to accounting",
    follow: "Correct terms on invoice {invoice} to net 30.",
    only: "commercial",
  },
];

/** Why people move a visit. */
export const RESCHEDULE_REASONS = [
  ["Something came up at work.", "work conflict"],
  [
    "My son’s got a fever, and I don’t want to get your guy sick.",
    "child sick",
  ],
  [
    "I forgot it’s the day of my mother’s appointment.",
    "doctor’s appointment that day",
  ],
  ["I’m traveling until the end of the week.", "traveling"],
  ["My tenant can’t let anyone in that day.", "tenant not available"],
  [
    "The painters are going to be here that day, it’d be a zoo.",
    "painters that day",
  ],
  ["I’ve got jury duty, of all things.", "jury duty"],
  [
    "We’ve got people coming over and I’d rather not have the floor open.",
    "guests that day",
  ],
  ["My flight got moved.", "flight changed"],
];

export const CANCEL_REASONS = [
  ["It started working again, so I’d like to save the money.", "working again"],
  ["My brother-in-law fixed it.", "fixed by a relative"],
  ["My landlord’s sending his own people.", "landlord sends own contractor"],
  ["The home warranty company is sending somebody.", "home warranty covers it"],
  ["I found someone who can come today.", "needs it sooner"],
  ["We decided to wait until next month.", "postponed by customer"],
];

/** Recorded and live sales calls. */
export const SPAM = [
  [
    "This is an important message about duct cleaning rebates in your area. Press one to speak to an agent, or press nine to be removed.",
    "Recorded message about “duct rebates”.",
  ],
  [
    "Congratulations! Your business has been pre-approved for up to two hundred and fifty thousand dollars in working capital.",
    "Recorded offer of business loans.",
  ],
  [
    "We’ve been trying to reach you about the warranty on your company’s vehicle.",
    "Recorded message about a vehicle warranty.",
  ],
  [
    "Hello, am I speaking with the owner? We noticed your online listing has not been verified, and it will be removed today.",
    "Caller claims the online listing must be verified.",
  ],
  [
    "Hi, this is Amber with energy savings. You may qualify for free solar panels with no money down.",
    "Recorded solar offer.",
  ],
  [
    "Hi, I help companies like yours get to the first page of the search results. Do you have two minutes?",
    "Sells search ranking.",
  ],
  [
    "This is a courtesy call from card services. There is nothing wrong with your account, but you qualify for a zero percent rate.",
    "Recorded “card services” message.",
  ],
  [
    "Your electric service will be disconnected in forty-five minutes unless you press one now.",
    "Threatens disconnection of power unless paid now.",
  ],
  [
    "Good day, I am calling from the help desk, your computer is sending us error messages.",
    "“Computer help desk” scam.",
  ],
  [
    "We are buying houses in your area for cash. Would you be interested in an offer?",
    "Offers cash for houses.",
  ],
  [
    "Hey, it’s Brad. Just following up on the leads package we talked about. We did talk, right?",
    "Sells leads, claims an earlier talk.",
  ],
  [
    "This is not a sales call. We’re offering a free cruise for two to the Bahamas.",
    "Recorded cruise offer.",
  ],
  [
    "Hola, le hablamos para informarle que su negocio califica para un préstamo.",
    "Recorded loan offer in Spanish.",
  ],
  [
    "Is the person who handles your credit card processing available? We can lower your rate.",
    "Sells card processing.",
  ],
];

/**
 * Calls that are not from customers but from people: what the caller says, the
 * answer, the reply, the line for the record, and a name if one was given.
 */
export const OTHERS = [
  {
    intent: "WRONG_NUMBER",
    weight: 3,
    lines: [
      [
        "Hi, can I get two large pepperoni for pickup?",
        "I think you have the wrong number, this is {company}.",
        "Oh! Oh my gosh, sorry about that.",
        "Wanted to order two pizzas.",
      ],
      [
        "Is Dr. Feldstein in? I’m running late.",
        "This is {company}. I believe you meant to dial another number.",
        "Shoot. Okay, thank you.",
        "Was looking for a Dr. Feldstein.",
      ],
      [
        "Hey Mom, it’s me, I’m at the airport.",
        "This is the virtual assistant at {company}. You may have the wrong number.",
        "Wait, what? Sorry. Bye.",
        "Meant to call his mother.",
      ],
      [
        "Yes, is this the library?",
        "No, this is {company}.",
        "Oh, I must have hit the wrong one. Bye-bye.",
        "Was looking for the library.",
      ],
      [
        "I’m calling about the apartment. Is it still available?",
        "This is {company}, we don’t rent apartments. You may have misdialed.",
        "The ad has this number. … No, it’s a four at the end. Sorry.",
        "Asked about an apartment for rent.",
      ],
    ],
    result: "Wrong number",
  },
  {
    intent: "EMPLOYMENT",
    weight: 4,
    lines: [
      [
        "Hi, are you hiring? I’ve got four years in the field and my own tools.",
        "We’re always glad to hear from technicians. Can I take your name?",
        "Sure, it’s Andre Fulton. I’m free any day after four.",
        "Four years in the field, own tools; free after four.",
        "Andre Fulton",
      ],
      [
        "I’m calling about the apprentice ad. Is that still open?",
        "It is. May I have your name? The service manager will call you back.",
        "Great. Hailey Brandt, B-R-A-N-D-T.",
        "Asks about the apprentice ad.",
        "Hailey Brandt",
      ],
      [
        "My son’s finishing trade school in May. Do you take interns?",
        "We do sometimes. What’s his name?",
        "Wonderful. It’s Micah Lowe. He’s a hard worker.",
        "Asks about an internship for her son, out of trade school in May.",
        "Micah Lowe",
      ],
      [
        "I used to work for you, back in 2016. I’d like to come back.",
        "It’s good to hear from you. Who should I say called?",
        "Tell them it’s Skip. They’ll know.",
        "Former employee would like to come back.",
        "Skip",
      ],
      [
        "Do you need anybody in the office? I’ve done dispatch for nine years.",
        "I’ll pass it to the office manager. What’s your name, please?",
        "Corinne Mays. Mornings are best to reach me.",
        "Nine years of dispatch experience; best in the mornings.",
        "Corinne Mays",
      ],
    ],
    result: "Message taken",
    follow: "Job applicant, call back.",
  },
  {
    intent: "VENDOR",
    weight: 4,
    lines: [
      [
        "Hey, it’s the supply house. The part you ordered is in, it’s at the counter.",
        "Thank you, I’ll let the service manager know.",
        "We close at five today, just so he knows.",
        "Supply house: ordered part is at the counter, closes at five.",
      ],
      [
        "I’m your rep for the uniforms. I need to know who signs the renewal.",
        "The office manager handles that. I’ll leave a message.",
        "Perfect. It’s due on the fifteenth.",
        "Uniform service: renewal to be signed by the fifteenth.",
      ],
      [
        "This is the fuel card company, we had a declined charge on one of the trucks.",
        "I’ll pass that to the office right away.",
        "It’s the card ending in seven seven one.",
        "Fuel card ending in 771 was declined.",
      ],
      [
        "I’ve got a delivery for you, and there’s nobody at the dock.",
        "I’ll text the shop now. Can you wait a few minutes?",
        "I’ve got ten minutes, then I’m gone.",
        "Delivery at the dock, driver waits ten minutes.",
      ],
      [
        "It’s the insurance office. We need the certificate for the new van.",
        "I’ll let the office manager know you called.",
        "Thank you, dear. Before Friday, please.",
        "Insurance office needs papers for the new van before Friday.",
      ],
    ],
    result: "Message taken",
    follow: "Supplier’s message, see transcript.",
  },
];

/** How one gets into a business: what is said, and what is written down. */
export const FIRM_ACCESS = [
  {
    line: "Park in the back by the loading dock and ring the bell.",
    notes: { specialNotes: "Park at the loading dock, ring the bell." },
    summary: "Use the loading dock and ring the bell.",
  },
  {
    line: "The roof hatch key’s with the front desk, they’ll want to see an ID.",
    notes: { keyLocation: "Roof hatch key at the front desk, ID required" },
    summary: "Roof hatch key at the front desk, ID required.",
  },
  {
    line: "There’s a keypad on the service door, it’s {doorCode}.",
    notes: { gateCode: "{doorCode}" },
    summary: "Service door keypad code given.",
  },
  {
    line: "Have your tech ask for {first}. If I’m in a meeting, I’ll come out.",
    notes: { specialNotes: "Ask for {first} on arrival." },
    summary: "Ask for {first} on arrival.",
  },
  {
    line: "We changed the locks. The new key’s with security, at the side entrance.",
    notes: {
      keyLocation: "With security at the side entrance (locks changed)",
    },
    summary: "Locks changed; key with security at the side entrance.",
  },
  {
    line: "It’s got to be before we open. Somebody’s here from six.",
    notes: { specialNotes: "Before opening; staff on site from 6 AM." },
    summary: "Come before opening, staff on site from 6 AM.",
  },
  {
    line: "Please no drilling before eleven, we’ve got a service going on.",
    notes: { specialNotes: "No loud work before 11 AM." },
    summary: "No loud work before 11 AM.",
  },
  {
    line: "They’ll need to sign in, and wear a visitor badge. It’s a building rule.",
    notes: { specialNotes: "Sign in, visitor badge." },
    summary: "Technician must sign in and wear a badge.",
  },
  {
    line: "The lockbox is on the railing. {lockCode}. Put the key back, please, the last guy took it home.",
    notes: { lockboxCode: "{lockCode}" },
    summary: "Lockbox on the railing, code given; put the key back.",
  },
];

/** Ends of calls. */
export const MORE = [
  "Is there anything else I can help with?",
  "Anything else today?",
  "Was there anything else?",
  "Can I do anything else for you?",
];

export const NO_MORE = [
  "No, that’s it. Thank you.",
  "No, that’s everything. Thanks a lot.",
  "Nope, you’ve been very helpful.",
  "That’s all. Thanks.",
  "No, that’s all I needed.",
  "I think we’re good. Thanks for your help.",
  "Not today. Thank you.",
  "No, you’ve taken care of it.",
  "That should do it.",
  "No, thanks. That was easy.",
  "I’m good. Appreciate it.",
  "No, I think that covers it.",
  "That’s it, thanks so much. Bye-bye.",
];

export const GOODBYES = [
  "Thank you for calling {company}. Have a good {partOfDay}.",
  "Thanks, {hail}. Take care.",
  "You’re welcome. Have a good {partOfDay}, {hail}.",
  "Thank you, {hail}. Goodbye.",
  "My pleasure. Goodbye.",
  "We’ll see you then. Have a good {partOfDay}.",
];

export const GOODBYES_PLAIN = [
  "Thank you for calling {company}. Have a good {partOfDay}.",
  "You’re welcome. Goodbye.",
  "Thanks for calling. Take care.",
  "My pleasure. Have a good {partOfDay}.",
];

/** Messages left after the tone; {reason} is the caller's own first sentence. */
export const MESSAGES = [
  "Hi, this is {full}. {reason} Please call me back, it’s {phoneSpoken}. Thank you.",
  "Yeah, hey, {full} here. {reason} I’m at {phoneSpoken}, anytime before nine is fine. Thanks.",
  "Good {daypart}, my name is {full}. {reason} If somebody could call me, {phoneSpoken}. Again, {phoneSpoken}. Thank you, bye.",
  "It’s {first} {last}. {reason} I’m at work, so leave a message if I don’t pick up. {phoneSpoken}.",
];

/** What reviewers write. */
export const FEEDBACK = {
  good: [
    "Handled well, all access details captured.",
    "Nice recovery after the caller changed the date.",
    "Good safety questions.",
    "Exactly what we want.",
    "Confirmed address and window, clear ending.",
    "Patient with a hard-of-hearing caller.",
    "Recognized the caller at once.",
  ],
  mixed: [
    "Right result, but asked for the address we already had.",
    "A bit wordy before offering a time.",
    "Should have offered the earlier window first.",
    "Did not mention the service fee.",
    "Talked over the caller once.",
    "Fine, but the summary misses the unit number.",
  ],
  bad: [
    "Should have transferred sooner.",
    "Quoted the weekday fee for a Saturday.",
    "Caller asked twice for a person.",
    "Wrong day repeated back; dispatcher caught it.",
  ],
};

export const FLAG_REASONS = [
  "Caller asked for a manager",
  "Check the quoted price",
  "Possible refund",
  "Use as a training example",
  "Damage claim",
  "Repeat visit",
  "Caller was upset",
];

/** Notes that people in the office add. */
export const OFFICE_NOTES = [
  "Called back, left a message.",
  "Spoke with the customer, all good now.",
  "Asked dispatch to put the same technician on it.",
  "Customer prefers texts, do not call before 9.",
  "Warranty confirmed with the supplier.",
  "Please bring the tall ladder.",
  "Discount approved by the manager.",
  "Left voicemail, will try again tomorrow.",
  "Gate code changed, see the newest call.",
  "Invoice corrected and sent again.",
];

/** The same need in Spanish. */
export const SPANISH = {
  hvac: [
    [
      "El aire acondicionado no enfría, nada más echa aire caliente, y tengo a los niños en la casa.",
      "AC blows warm air, children at home. Call in Spanish.",
      "AC repair",
    ],
    [
      "La calefacción no prende. Hace clic, pero no prende el fuego.",
      "Furnace clicks, no flame. Call in Spanish.",
      "Furnace repair",
    ],
    [
      "Quiero que me revisen el aire antes del verano, por favor.",
      "AC check before summer. Call in Spanish.",
      "AC tune-up",
    ],
    [
      "Sale agua de la máquina del aire, ya mojó la alfombra del pasillo.",
      "Water from the air handler, hallway carpet wet. Call in Spanish.",
      "AC repair",
    ],
  ],
  plumbing: [
    [
      "Se tapó el fregadero de la cocina y el agua sucia se está regresando.",
      "Kitchen sink blocked, dirty water coming back. Call in Spanish.",
      "Drain clearing",
    ],
    [
      "No tenemos agua caliente desde ayer en la noche.",
      "No hot water since last night. Call in Spanish.",
      "Water heater repair",
    ],
    [
      "El excusado no deja de tirar agua, toda la noche se oye.",
      "Toilet runs all night. Call in Spanish.",
      "Toilet repair",
    ],
    [
      "Tengo una fuga debajo del lavabo, ya puse una cubeta.",
      "Leak under the sink, bucket in place. Call in Spanish.",
      "Leak repair",
    ],
  ],
};
