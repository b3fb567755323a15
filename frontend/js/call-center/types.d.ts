// Shapes of the REST API as the page uses them. Times are ISO 8601 with an
// offset, days are company-local dates (YYYY-MM-DD), null members are absent.

export type Speaker = 0 | 1; // 0 caller, 1 assistant
/** One turn of talk: who, start and end in milliseconds from the call's start. */
export type Turn = [Speaker, number, number];

export interface Caller {
  phone: string;
  phoneDisplay?: string;
  name?: string;
  customerId?: string;
  customerNumber?: string;
  doNotContact?: true;
  isReturning?: boolean;
  previousCallCount?: number;
  withheld?: boolean;
}

export interface CallRow {
  _id: string;
  callId: string;
  caller: Caller;
  direction?: string;
  startedAt: string;
  day: string;
  durationSeconds?: number;
  analysis?: {
    primaryIntent?: string;
    intentConfidence?: number;
    routingTier?: number;
  };
  outcome: { status: string; result?: string; followUpRequired?: boolean };
  urgency?: string;
  booked?: boolean;
  summary?: string;
  turns?: Turn[];
  review?: { reviewed?: boolean; flagged?: boolean; rating?: number };
  hasRecording?: boolean;
}

export interface Address {
  street?: string;
  city?: string;
  state?: string;
  zip?: string;
  full?: string;
}

export interface Captured {
  name?: string;
  phone?: string;
  phoneDisplay?: string;
  email?: string;
  address?: Address;
  problemDescription?: string;
  urgency?: string;
  appointment?: {
    existingId?: string;
    requestedDate?: string;
    requestedTimeWindow?: string;
    bookedDate?: string;
    bookedTimeWindow?: string;
  };
  accessInstructions?: {
    customerPresent?: boolean;
    keyLocation?: string;
    gateCode?: string;
    lockboxCode?: string;
    alternateContact?: {
      name?: string;
      phone?: string;
      phoneDisplay?: string;
      relationship?: string;
    };
    petInfo?: string;
    specialNotes?: string;
  };
  custom?: Record<string, unknown>;
}

export interface CallAction {
  type?: string;
  target?: string;
  status?: string;
  timestamp?: string;
  details?: Record<string, unknown>;
}

export interface TranscriptTurn {
  speaker: "agent" | "caller";
  text?: string;
  timestamp?: string;
  turnNumber?: number;
}

/** A note of somebody on a call. */
export interface CallNote {
  _id: string;
  text: string;
  addedBy: string;
  addedAt: string;
}

export interface Call {
  _id: string;
  callId: string;
  twilioCallSid?: string;
  caller: Caller;
  direction?: string;
  startedAt: string;
  endedAt?: string;
  durationSeconds?: number;
  day: string;
  timeZone?: string;
  summary?: string;
  booked?: boolean;
  analysis?: {
    primaryIntent?: string;
    intentConfidence?: number;
    emotion?: { primary?: string; intensity?: number };
    triageCard?: string;
    scenarioMatched?: string;
    routingTier?: number;
    llmModel?: string;
    llmCost?: number;
  };
  captured?: Captured;
  outcome: {
    status: string;
    result?: string;
    transferredTo?: string;
    appointmentCreated?: string;
    messageLeft?: boolean;
    followUpRequired?: boolean;
    followUpNotes?: string;
  };
  actions?: CallAction[];
  transcript?: TranscriptTurn[];
  turns?: Turn[];
  notes?: CallNote[];
  review?: {
    reviewed?: boolean;
    reviewedBy?: string;
    reviewedAt?: string;
    rating?: number;
    feedback?: string;
    flagged?: boolean;
    flagReason?: string;
  };
}

export interface CallPage {
  calls: CallRow[];
  pagination: {
    page?: number;
    limit: number;
    /** Not counted again after a cursor. */
    total?: number;
    pages?: number;
    nextCursor?: string | null;
  };
  timeZone: string;
}

export interface Customer {
  _id: string;
  customerId: string;
  phone?: string;
  phoneDisplay?: string;
  phoneSecondary?: string;
  phoneSecondaryDisplay?: string;
  phoneMobile?: string;
  phoneMobileDisplay?: string;
  phoneWork?: string;
  phoneWorkDisplay?: string;
  email?: string;
  firstName?: string;
  lastName?: string;
  fullName?: string;
  customerType?: string;
  status?: string;
  source?: string;
  firstContactDate?: string;
  /** day of the first visit that was done */
  becameCustomerDate?: string;
  lastContactDate?: string;
  stats?: {
    totalCalls?: number;
    totalAppointments?: number;
    completedAppointments?: number;
    cancelledAppointments?: number;
    noShows?: number;
    lifetimeValue?: number;
    avgCallDuration?: number;
    /** mean of the ratings of reviewed calls, 1 to 5 */
    avgResponseRating?: number;
  };
  callHistory?: CallRow[];
}

export interface Company {
  companyId: string;
  name: string;
  role: string;
  timeZone: string;
}

export interface Session {
  user: { _id: string; email: string; name?: string };
  companies: Company[];
  expiresAt?: string;
}

/** The state of the page: everything that the query string can say. */
export interface Route {
  companyId: string | null;
  tab: "calls" | "customers" | "search" | "analytics";
  view: string | null;
  period: string | null;
  from: string | null;
  to: string | null;
  status: string[];
  intent: string[];
  tier: string | null;
  direction: string | null;
  urgency: string | null;
  flagged: string | null;
  reviewed: string | null;
  followUp: string | null;
  phone: string | null;
  q: string | null;
  sort: string | null;
  customer: string | null;
  call: string | null;
  t: number | null;
  panel: string | null;
}

/** The calls that newer/older walk through, and how to get more of them. */
export interface CallList {
  rows: CallRow[];
  total: number;
  /** Loads the next page; resolves when `rows` has grown or the end is known. */
  more(): Promise<void>;
  hasMore: boolean;
  /** Puts the focus on the row of a call; false when it is not on the page. */
  focusRow(callId: string): boolean;
}

/** What a place of the page gets from the application. */
export interface Context {
  api: import("./utils/api.js").Api;
  router: import("./utils/router.js").Router;
  keys: import("./utils/keys.js").Keys;
  session: Session;
  company: Company;
  /** The list that newer and older walk through in the open call. */
  list(): CallList | null;
  /** Tells the shell that what it shows about the place has changed. */
  changed(): void;
  online: boolean;
  /** The company's time zone in words. */
  zone: string;
}

export interface Place {
  root: HTMLElement;
  title: string;
  list: CallList | null;
  enter(route: Route): Promise<void> | void;
  update(route: Route): Promise<void> | void;
  leave(): void;
  render(): void;
}
