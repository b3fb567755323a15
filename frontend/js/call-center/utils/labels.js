/**
 * Words. Every string that names a code of the API is here, and nowhere else;
 * an unknown code is humanised, never hidden. Colour never speaks alone: a
 * status has an icon and a word beside its tone.
 */
import { displayText, number, wait } from "./formatters.js";

/** @typedef {{ label: string, icon: string, tone: string }} Look */

/** How a call ended. `tone` is the suffix of the s-* and chip-* classes. */
export const STATUS = /** @type {Record<string, Look>} */ ({
  completed: { label: "Completed", icon: "circle-check", tone: "ok" },
  transferred: { label: "Transferred", icon: "phone-forwarded", tone: "info" },
  voicemail: { label: "Voicemail", icon: "voicemail", tone: "note" },
  abandoned: { label: "Abandoned", icon: "phone-missed", tone: "warn" },
  spam: { label: "Spam", icon: "ban", tone: "mute" },
  error: { label: "Error", icon: "triangle-alert", tone: "bad" },
});

/**
 * Intents that the assistant is known to use. The vocabulary is open: these
 * are offered in the filter, others join it when a call brings them.
 */
export const INTENT = /** @type {Record<string, string>} */ ({
  BOOK_APPOINTMENT: "Book appointment",
  CONFIRM_APPOINTMENT: "Confirm appointment",
  RESCHEDULE: "Reschedule",
  CANCEL_APPOINTMENT: "Cancel appointment",
  APPOINTMENT_ACCESS_UPDATE: "Appointment access update",
  TECHNICIAN_ETA: "Technician ETA",
  EMERGENCY: "Emergency",
  SERVICE_QUESTION: "Service question",
  ESTIMATE_REQUEST: "Estimate request",
  MAINTENANCE_PLAN: "Maintenance plan",
  BILLING_QUESTION: "Billing question",
  COMPLAINT: "Complaint",
  FEEDBACK: "Feedback",
});

export const URGENCY = /** @type {Record<string, string>} */ ({
  normal: "Normal",
  urgent: "Urgent",
  emergency: "Emergency",
});

export const DIRECTION = /** @type {Record<string, string>} */ ({
  inbound: "Inbound",
  outbound: "Outbound",
});

/** Routing tiers keep their numbers. */
export const TIER = /** @type {Record<string, string>} */ ({
  1: "Tier 1, scripted",
  2: "Tier 2, semantic",
  3: "Tier 3, LLM",
});

const ACTION = /** @type {Record<string, string>} */ ({
  sms_sent: "Text sent",
  email_sent: "Email sent",
  appointment_created: "Appointment booked",
  appointment_updated: "Appointment updated",
  appointment_cancelled: "Appointment canceled",
  transfer_initiated: "Call transferred",
  voicemail_left: "Voicemail left",
  customer_created: "Customer added",
  customer_updated: "Customer updated",
  note_added: "Note added",
  technician_notified: "Technician notified",
});

export const ACTION_STATUS = /** @type {Record<string, Look>} */ ({
  success: { label: "Done", icon: "circle-check", tone: "ok" },
  failed: { label: "Failed", icon: "octagon-alert", tone: "bad" },
  pending: { label: "Pending", icon: "clock", tone: "warn" },
});

export const CUSTOMER_STATUS =
  /** @type {Record<string, { label: string, tone: string }>} */ ({
    lead: { label: "Lead", tone: "info" },
    active: { label: "Active", tone: "ok" },
    inactive: { label: "Inactive", tone: "mute" },
    churned: { label: "Churned", tone: "mute" },
    do_not_contact: { label: "Do not contact", tone: "bad" },
  });

const CUSTOMER_TYPE = /** @type {Record<string, string>} */ ({
  residential: "Residential",
  commercial: "Commercial",
  property_manager: "Property manager",
});

const SOURCE = /** @type {Record<string, string>} */ ({
  phone_call: "Phone call",
  website: "Website",
  referral: "Referral",
  google: "Google",
  yelp: "Yelp",
  other: "Other",
});

const ROLE = /** @type {Record<string, string>} */ ({
  admin: "Administrator",
  agent: "Agent",
  viewer: "Viewer",
});

export const PERIOD = /** @type {Record<string, string>} */ ({
  month: "Last 30 days",
  today: "Today",
  yesterday: "Yesterday",
  week: "Last 7 days",
  "this-month": "This month",
  year: "Last 12 months",
});

export const SORT = /** @type {Record<string, string>} */ ({
  newest: "Newest first",
  oldest: "Oldest first",
  longest: "Longest first",
});

/**
 * A code as words: APPOINTMENT_ACCESS_UPDATE becomes "Appointment access
 * update", noAnswer becomes "No answer".
 * @param {unknown} code
 * @returns {string}
 */
export function humanize(code) {
  const words = displayText(code, 80)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * Looks a code up without ever reaching Object.prototype.
 * @template T
 * @param {Record<string, T>} table
 * @param {unknown} code
 * @returns {T | undefined}
 */
function lookup(table, code) {
  return typeof code === "string" && Object.hasOwn(table, code)
    ? table[code]
    : undefined;
}

/** @param {string} code @returns {Look} */
export function statusLook(code) {
  return (
    lookup(STATUS, code) ?? {
      label: humanize(code),
      icon: "circle-dot",
      tone: "mute",
    }
  );
}

/** @param {string | undefined} code @returns {Look} */
export function actionLook(code) {
  return lookup(ACTION_STATUS, code) ?? ACTION_STATUS.success;
}

/** @param {string} code @returns {{ label: string, tone: string }} */
export function customerStatus(code) {
  return (
    lookup(CUSTOMER_STATUS, code) ?? { label: humanize(code), tone: "mute" }
  );
}

/** @param {string} code */
export const intentLabel = (code) => lookup(INTENT, code) ?? humanize(code);
/** @param {string | undefined} code */
export const actionLabel = (code) => lookup(ACTION, code) ?? humanize(code);
/** @param {string} code */
export const urgencyLabel = (code) => lookup(URGENCY, code) ?? humanize(code);
/** @param {string} code */
export const directionLabel = (code) =>
  lookup(DIRECTION, code) ?? humanize(code);
/** @param {string} code */
export const customerType = (code) =>
  lookup(CUSTOMER_TYPE, code) ?? humanize(code);
/** @param {string} code */
export const sourceLabel = (code) => lookup(SOURCE, code) ?? humanize(code);
/** @param {string} code */
export const roleLabel = (code) => lookup(ROLE, code) ?? humanize(code);

/**
 * "1 call", "1,247 calls".
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export function count(n, one, many = `${one}s`) {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/**
 * What failed and what to do, for a person.
 * @param {unknown} error
 * @param {string} kept what is not lost, a sentence, or ""
 * @returns {{ text: string, ref: string }}
 */
export function errorWords(error, kept = "") {
  const e =
    /** @type {{ kind?: string, status?: number, ref?: string, message?: string, retryAfter?: number }} */ (
      error ?? {}
    );
  const ref = displayText(e.ref ?? "", 64);
  let text = "The server reported a problem.";
  if (e.kind === "offline") {
    text = "The server cannot be reached.";
  } else if (e.kind === "timeout") {
    text = "The server did not answer in time.";
  } else if (e.status === 401) {
    text = "You are signed out.";
  } else if (e.status === 403) {
    text = "Your role does not allow this.";
  } else if (e.status === 429 && e.retryAfter) {
    text = `Too many tries. Try again in ${wait(e.retryAfter)}.`;
  } else if (e.status === 429 || e.status === 503) {
    text = "The server is busy.";
  } else if (e.status === 400 && e.message) {
    text = `The server did not accept the request: ${displayText(e.message, 200)}.`;
  }
  return { text: kept ? `${text} ${kept}` : text, ref };
}

/** Why nothing new arrives. */
export const lost = () =>
  navigator.onLine ? "The server cannot be reached." : "You are offline.";
