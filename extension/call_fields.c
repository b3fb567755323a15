/*
 * call_fields.c
 *		The call document: every field of it, declared once.
 *
 * Order is the order of output; fields of a group stand together.  Fields without a column are stored by calls.c itself:
 * the caller (read as a phone number), the transcript, the note, and the appointments, which are links.
 */
#include "postgres.h"

#include "calls.h"
#include "customers.h"

#define TEXT_SHORT	0, 200
#define TEXT_LONG	0, 10000

static const Field action_field_list[] = {
	{"type", NULL, FIELD_ENUM, FIELD_REQUIRED, .of = "action_type"},
	{"target", NULL, FIELD_TEXT, 0, 0, 500},
	{"status", NULL, FIELD_ENUM, 0, .of = "action_status"},
	{"timestamp", NULL, FIELD_TIMESTAMP, FIELD_DEFAULT_NOW},
	{"details", NULL, FIELD_STRING_MAP, 0, 0, 65536},
};

static const FieldTable action_fields = {NULL, NULL, action_field_list, FIELD_TABLE_COUNT(action_field_list)};

static const Field turn_field_list[] = {
	{"speaker", NULL, FIELD_ENUM, FIELD_REQUIRED, .of = "speaker"},
	{"text", NULL, FIELD_TEXT, FIELD_REQUIRED, 0, 20000},
	{"timestamp", NULL, FIELD_TIMESTAMP},
	{"turnNumber", NULL, FIELD_INT, 0, 0, 1000000},
};

const FieldTable turn_fields = {NULL, NULL, turn_field_list, FIELD_TABLE_COUNT(turn_field_list)};

static const Field note_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_READ_ONLY},
	{"text", "text", FIELD_TEXT, FIELD_REQUIRED, 1, 10000},
	{"addedBy", "added_by", FIELD_TEXT, FIELD_READ_ONLY},
	{"addedAt", "added_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
};

const FieldTable call_note_fields = {"call_notes", "n", note_field_list, FIELD_TABLE_COUNT(note_field_list)};

/* A number that somebody said: the key when it is valid, else as it was heard. */
#define NUMBER_OF(column) "coalesce(c." column "_e164::text, c." column ")"

static const Field call_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"callId", "call_id", FIELD_TEXT, FIELD_REQUIRED | FIELD_CREATE_ONLY | FIELD_IN_LIST, 1, 200},
	{"twilioCallSid", "twilio_call_sid", FIELD_TEXT, 0, 1, 64},

	{"caller.phone", NULL, FIELD_TEXT, FIELD_REQUIRED | FIELD_CREATE_ONLY | FIELD_IN_LIST, 0, 250,
	.expression = "coalesce(c.caller_phone, c.caller_raw)"},
	{"caller.phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY | FIELD_IN_LIST,
	.expression = "CASE WHEN c.caller_phone IS NOT NULL THEN c.caller_phone "
		"WHEN c.caller_kind = 'withheld'::callcenter.caller_kind THEN 'Withheld number'::text END"},
	{"caller.withheld", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST,
	.expression = "CASE WHEN c.caller_kind = 'withheld'::callcenter.caller_kind THEN true END"},
	{"caller.name", "caller_name", FIELD_TEXT, FIELD_IN_LIST, TEXT_SHORT,
	.expression = "coalesce(nullif(c.caller_name, ''), cu.full_name, nullif(c.captured_name, ''))"},
	{"caller.customerId", "customer_id", FIELD_OBJECT_ID, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"caller.customerNumber", NULL, FIELD_CUSTOMER_NUMBER, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "cu.customer_number"},
	{"caller.doNotContact", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = CUSTOMER_BARRED},
	{"caller.isReturning", "is_returning", FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"caller.previousCallCount", "previous_call_count", FIELD_INT, FIELD_READ_ONLY | FIELD_IN_LIST},

	{"direction", "direction", FIELD_ENUM, FIELD_CREATE_ONLY | FIELD_IN_LIST, .of = "call_direction"},
	{"startedAt", "started_at", FIELD_TIMESTAMP, FIELD_REQUIRED | FIELD_CREATE_ONLY | FIELD_IN_LIST},
	{"endedAt", "ended_at", FIELD_TIMESTAMP},
	{"durationSeconds", "duration_seconds", FIELD_INT, FIELD_IN_LIST, 0, 1000000},
	{"day", NULL, FIELD_DAY, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "c.started_at"},
	{"summary", "summary", FIELD_TEXT, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"booked", "is_booked", FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST},

	{"analysis.primaryIntent", "primary_intent", FIELD_TEXT, FIELD_IN_LIST, 1, 100},
	{"analysis.intentConfidence", "intent_confidence", FIELD_NUMBER, FIELD_IN_LIST, 0, 1},
	{"analysis.emotion.primary", "emotion_primary", FIELD_TEXT, 0, 1, 100},
	{"analysis.emotion.intensity", "emotion_intensity", FIELD_NUMBER, 0, 0, 1},
	{"analysis.triageCard", "triage_card", FIELD_TEXT, 0, TEXT_SHORT},
	{"analysis.scenarioMatched", "scenario_matched", FIELD_TEXT, 0, TEXT_SHORT},
	{"analysis.routingTier", "routing_tier", FIELD_INT, FIELD_IN_LIST, 1, 3},
	{"analysis.llmModel", "llm_model", FIELD_TEXT, 0, TEXT_SHORT},
	{"analysis.llmCost", "llm_cost", FIELD_NUMERIC, 0, 0, 1000000},

	{"captured.name", "captured_name", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.phone", "captured_phone", FIELD_PHONE, 0, 0, 250, .expression = NUMBER_OF("captured_phone")},
	{"captured.phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = NUMBER_OF("captured_phone")},
	{"captured.email", "captured_email", FIELD_TEXT, 0, 0, 254},
	{"captured.address.street", "captured_street", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.address.city", "captured_city", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.address.state", "captured_state", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.address.zip", "captured_zip", FIELD_TEXT, 0, 0, 20},
	{"captured.address.full", "captured_full_address", FIELD_TEXT, 0, 0, 500},
	{"captured.problemDescription", "problem_description", FIELD_TEXT, 0, TEXT_LONG},
	{"captured.urgency", "urgency", FIELD_ENUM, 0, .of = "urgency"},
	{"captured.appointment.existingId", NULL, FIELD_OBJECT_ID, 0, .expression = CALL_APPOINTMENT("changed")},
	{"captured.appointment.requestedDate", "requested_date", FIELD_DATE},
	{"captured.appointment.requestedTimeWindow", "requested_time_window", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.appointment.bookedDate", "booked_date", FIELD_DATE},
	{"captured.appointment.bookedTimeWindow", "booked_time_window", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.accessInstructions.customerPresent", "customer_present", FIELD_BOOL},
	{"captured.accessInstructions.keyLocation", "key_location", FIELD_SECRET, 0, 0, 500},
	{"captured.accessInstructions.gateCode", "gate_code", FIELD_SECRET, 0, TEXT_SHORT},
	{"captured.accessInstructions.lockboxCode", "lockbox_code", FIELD_SECRET, 0, TEXT_SHORT},
	{"captured.accessInstructions.alternateContact.name", "alternate_contact_name", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.accessInstructions.alternateContact.phone", "alternate_contact_phone", FIELD_PHONE, 0, 0, 250,
	.expression = NUMBER_OF("alternate_contact_phone")},
	{"captured.accessInstructions.alternateContact.phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY,
	.expression = NUMBER_OF("alternate_contact_phone")},
	{"captured.accessInstructions.alternateContact.relationship", "alternate_contact_relationship", FIELD_TEXT, 0, TEXT_SHORT},
	{"captured.accessInstructions.petInfo", "pet_info", FIELD_TEXT, 0, 0, 500},
	{"captured.accessInstructions.specialNotes", "special_notes", FIELD_TEXT, 0, TEXT_LONG},
	{"captured.custom", "custom", FIELD_MAP, 0, 0, 65536},

	{"outcome.status", "status", FIELD_ENUM, FIELD_REQUIRED | FIELD_IN_LIST, .of = "call_status"},
	{"outcome.result", "result", FIELD_TEXT, FIELD_IN_LIST, TEXT_SHORT},
	{"outcome.transferredTo", "transferred_to", FIELD_TEXT, 0, TEXT_SHORT},
	{"outcome.appointmentCreated", NULL, FIELD_OBJECT_ID, 0, .expression = CALL_APPOINTMENT("created")},
	{"outcome.messageLeft", "message_left", FIELD_BOOL},
	{"outcome.followUpRequired", "follow_up_required", FIELD_BOOL, FIELD_IN_LIST | FIELD_ANNOTATION | FIELD_DEFAULTED},
	{"outcome.followUpNotes", "follow_up_notes", FIELD_TEXT, FIELD_ANNOTATION, TEXT_LONG},
	{"urgency", NULL, FIELD_ENUM, FIELD_READ_ONLY | FIELD_LIST_ONLY, .expression = "c.urgency"},

	{"actions", "actions", FIELD_ITEMS, 0, 0, 1000, .items = &action_fields},
	{"transcript", NULL, FIELD_ITEMS, 0, 0, 10000, .items = &turn_fields, .expression = "t.turns"},
	{"turns", NULL, FIELD_TALK, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "t.talk"},

	{"recording.url", "recording_url", FIELD_TEXT, 0, 1, 2000},
	{"recording.duration", "recording_duration", FIELD_INT, 0, 0, 1000000},
	{"recording.storedUntil", "recording_stored_until", FIELD_TIMESTAMP},

	{"agentNotes.text", NULL, FIELD_TEXT, FIELD_ANNOTATION, 1, 10000, .expression = "(n.notes[1]).text"},
	{"agentNotes.addedBy", NULL, FIELD_TEXT, 0, TEXT_SHORT, .expression = "(n.notes[1]).added_by"},
	{"agentNotes.addedAt", NULL, FIELD_TIMESTAMP, 0, .expression = "(n.notes[1]).added_at"},
	{"notes", NULL, FIELD_ROWS, FIELD_READ_ONLY, .items = &call_note_fields, .expression = "n.notes"},

	{"review.reviewed", "reviewed", FIELD_BOOL, FIELD_IN_LIST | FIELD_ANNOTATION | FIELD_DEFAULTED},
	{"review.reviewedBy", "reviewed_by", FIELD_TEXT, FIELD_ANNOTATION, TEXT_SHORT},
	{"review.reviewedAt", "reviewed_at", FIELD_TIMESTAMP, FIELD_ANNOTATION},
	{"review.rating", "rating", FIELD_INT, FIELD_IN_LIST | FIELD_ANNOTATION, 1, 5},
	{"review.feedback", "feedback", FIELD_TEXT, FIELD_ANNOTATION, TEXT_LONG},
	{"review.flagged", "flagged", FIELD_BOOL, FIELD_IN_LIST | FIELD_ANNOTATION | FIELD_DEFAULTED},
	{"review.flagReason", "flag_reason", FIELD_TEXT, FIELD_ANNOTATION, 0, 1000},

	{"hasRecording", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_LIST_ONLY, .expression = "c.recording_url IS NOT NULL"},
	{"createdAt", "created_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
	{"updatedAt", "updated_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
	{"version", "version", FIELD_INT, FIELD_READ_ONLY},
};

const FieldTable call_fields = {"calls", "c", call_field_list, FIELD_TABLE_COUNT(call_field_list),.whole_row = true};
