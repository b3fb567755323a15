/*
 * customer_fields.c
 *		The customer document: every field of it, declared once.
 *
 * Numbers are rows of customer_phones, tags of customer_tags; addresses and equipment are tables of their own; statistics
 * come from customer_stats.  customer_changes.c stores what has no column here.
 *
 * What is derived stands behind the rest, because a card (cards.c) holds the rest ready.  A field that is not derived
 * depends on nothing but the tables that cards.c names.
 */
#include "postgres.h"

#include "customers.h"

#define TEXT_SHORT	0, 200
#define TEXT_LONG	0, 10000

/* Rows of a table that belong to the customer, as an array of composites. */
#define ROWS_OF(table, order) \
	"(SELECT array_agg(r ORDER BY " order ") FROM callcenter." table " r " \
	"WHERE r.company_id = cu.company_id AND r.customer_id = cu.id)"

static const Field address_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID},
	{"type", "type", FIELD_ENUM, FIELD_DEFAULTED, .of = "address_type"},
	{"label", "label", FIELD_TEXT, 0, TEXT_SHORT},
	{"street", "street", FIELD_TEXT, 0, TEXT_SHORT},
	{"unit", "unit", FIELD_TEXT, 0, 0, 60},
	{"city", "city", FIELD_TEXT, 0, TEXT_SHORT},
	{"state", "state", FIELD_TEXT, 0, TEXT_SHORT},
	{"zip", "zip", FIELD_TEXT, 0, 0, 20},
	{"isPrimary", "is_primary", FIELD_BOOL, FIELD_DEFAULTED},
	{"accessNotes", "access_notes", FIELD_SECRET, 0, 0, 2000},
	{"keyLocation", "key_location", FIELD_SECRET, 0, 0, 500},
	{"lockboxCode", "lockbox_code", FIELD_SECRET, 0, TEXT_SHORT},
	{"petInfo", "pet_info", FIELD_TEXT, 0, 0, 500},
	{"alternateContact.name", "alternate_contact_name", FIELD_TEXT, 0, TEXT_SHORT},
	{"alternateContact.phone", "alternate_contact_phone", FIELD_PHONE, 0, 0, 250, .expression = "alternate_contact_number"},
	{"alternateContact.phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "alternate_contact_number"},
	{"alternateContact.relationship", "alternate_contact_relationship", FIELD_TEXT, 0, TEXT_SHORT},
};

const FieldTable address_fields = {"customer_addresses", "r", address_field_list, FIELD_TABLE_COUNT(address_field_list)};

static const Field equipment_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID},
	{"type", "type", FIELD_TEXT, 0, TEXT_SHORT},
	{"brand", "brand", FIELD_TEXT, 0, TEXT_SHORT},
	{"model", "model", FIELD_TEXT, 0, TEXT_SHORT},
	{"serialNumber", "serial_number", FIELD_TEXT, 0, TEXT_SHORT},
	{"installedDate", "installed_date", FIELD_DATE},
	{"warrantyExpires", "warranty_expires", FIELD_DATE},
	{"lastServiceDate", "last_service_date", FIELD_DATE},
	{"notes", "notes", FIELD_TEXT, 0, TEXT_LONG},
	{"addressId", "address_id", FIELD_OBJECT_ID},
	{"addressIndex", "address_index", FIELD_INT, FIELD_NO_COLUMN, 0, 1000},
};

const FieldTable equipment_fields = {"customer_equipment", "r", equipment_field_list, FIELD_TABLE_COUNT(equipment_field_list)};

#define EQUIPMENT_ROWS \
	"(SELECT array_agg(e ORDER BY e.position, e.id) FROM (SELECT r.*, (SELECT count(*)::integer FROM callcenter.customer_addresses a " \
	"JOIN callcenter.customer_addresses own ON own.company_id = r.company_id AND own.id = r.address_id " \
	"WHERE a.company_id = r.company_id AND a.customer_id = r.customer_id AND a.position < own.position " \
	"HAVING r.address_id IS NOT NULL) AS address_index " \
	"FROM callcenter.customer_equipment r WHERE r.company_id = cu.company_id AND r.customer_id = cu.id) e)"

static const Field note_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID},
	{"text", "text", FIELD_TEXT},
	{"category", "category", FIELD_ENUM, .of = "note_category"},
	{"addedBy", "added_by", FIELD_TEXT},
	{"addedAt", "added_at", FIELD_TIMESTAMP},
};

static const FieldTable note_fields = {"customer_notes", "r", note_field_list, FIELD_TABLE_COUNT(note_field_list)};

/* The addresses, with the number of the alternate contact as it is shown: the key when it is valid, else as it came. */
#define ADDRESS_ROWS \
	"(SELECT array_agg(a ORDER BY a.position, a.id) FROM (SELECT r.*, " \
	"coalesce(r.alternate_contact_phone_e164::text, r.alternate_contact_phone) AS alternate_contact_number " \
	"FROM callcenter.customer_addresses r WHERE r.company_id = cu.company_id AND r.customer_id = cu.id) a)"

static const Field customer_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"customerId", "customer_number", FIELD_CUSTOMER_NUMBER, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"phone", NULL, FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_LIST, 0, 250, .expression = "ph.primary_phone"},
	{"phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "ph.primary_phone"},
	{"phoneSecondary", NULL, FIELD_TEXT, 0, 0, 250, .expression = "ph.secondary_phone"},
	{"phoneSecondaryDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "ph.secondary_phone"},
	{"phoneMobile", NULL, FIELD_TEXT, 0, 0, 250, .expression = "ph.mobile_phone"},
	{"phoneMobileDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "ph.mobile_phone"},
	{"phoneWork", NULL, FIELD_TEXT, 0, 0, 250, .expression = "ph.work_phone"},
	{"phoneWorkDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "ph.work_phone"},
	{"email", "email", FIELD_TEXT, FIELD_IN_LIST, 0, 254},
	{"firstName", "first_name", FIELD_TEXT, FIELD_IN_LIST, TEXT_SHORT},
	{"lastName", "last_name", FIELD_TEXT, FIELD_IN_LIST, TEXT_SHORT},
	{"fullName", NULL, FIELD_TEXT, FIELD_IN_LIST, TEXT_SHORT, .expression = "cu.full_name"},
	{"customerType", "customer_type", FIELD_ENUM, FIELD_DEFAULTED | FIELD_IN_LIST, .of = "customer_type"},
	{"status", "status", FIELD_ENUM, FIELD_DEFAULTED | FIELD_IN_LIST, .of = "customer_status"},
	{"doNotContact", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = CUSTOMER_BARRED},
	{"source", "source", FIELD_ENUM, 0, .of = "customer_source"},
	{"city", NULL, FIELD_TEXT, FIELD_READ_ONLY | FIELD_LIST_ONLY, .expression = "ad.city"},
	{"state", NULL, FIELD_TEXT, FIELD_READ_ONLY | FIELD_LIST_ONLY, .expression = "ad.state"},
	{"addresses", NULL, FIELD_ROWS, 0, 0, 100, .items = &address_fields, .expression = ADDRESS_ROWS},
	{"equipment", NULL, FIELD_ROWS, 0, 0, 500, .items = &equipment_fields, .expression = EQUIPMENT_ROWS},
	{"preferences.preferredTimeOfDay", "preferred_time_of_day", FIELD_ENUM, 0, .of = "time_of_day"},
	{"preferences.preferredDays", "preferred_days", FIELD_TEXT_LIST, 0, 0, 7, .of = "weekday"},
	{"preferences.communicationMethod", "communication_method", FIELD_ENUM, FIELD_DEFAULTED, .of = "communication_method"},
	{"preferences.language", "language", FIELD_TEXT, FIELD_DEFAULTED, 2, 35},
	{"preferences.paymentMethod", "payment_method", FIELD_TEXT, 0, TEXT_SHORT},
	{"preferences.specialInstructions", "special_instructions", FIELD_TEXT, 0, TEXT_LONG},
	{"tags", NULL, FIELD_TEXT_LIST, FIELD_IN_LIST, 0, 50, .expression =
		"(SELECT array_agg(g.tag::text ORDER BY g.tag) FROM callcenter.customer_tags g WHERE g.company_id = cu.company_id AND g.customer_id = cu.id)"},
	{"notes", NULL, FIELD_ROWS, FIELD_READ_ONLY, .items = &note_fields, .expression = ROWS_OF("customer_notes", "r.added_at DESC, r.id DESC")},
	{"createdAt", "created_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
	{"updatedAt", "updated_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
	{"version", "version", FIELD_INT, FIELD_READ_ONLY},
	{"erasedAt", "erased_at", FIELD_TIMESTAMP, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"firstContactDate", NULL, FIELD_TIMESTAMP, FIELD_READ_ONLY, .derived = "first_contact"},
	{"lastContactDate", NULL, FIELD_TIMESTAMP, FIELD_READ_ONLY | FIELD_IN_LIST, .derived = "last_contact"},
	{"becameCustomerDate", NULL, FIELD_DATE, FIELD_READ_ONLY, .derived = "became_customer"},
	{"stats.totalCalls", NULL, FIELD_INT, FIELD_READ_ONLY | FIELD_IN_LIST | FIELD_ZERO, .derived = "calls"},
	{"stats.totalAppointments", NULL, FIELD_INT, FIELD_READ_ONLY | FIELD_ZERO, .derived = "appointments"},
	{"stats.completedAppointments", NULL, FIELD_INT, FIELD_READ_ONLY | FIELD_ZERO, .derived = "completed_appointments"},
	{"stats.cancelledAppointments", NULL, FIELD_INT, FIELD_READ_ONLY | FIELD_ZERO, .derived = "cancelled_appointments"},
	{"stats.noShows", NULL, FIELD_INT, FIELD_READ_ONLY | FIELD_ZERO, .derived = "no_shows"},
	{"stats.lifetimeValue", NULL, FIELD_NUMERIC, FIELD_READ_ONLY | FIELD_IN_LIST | FIELD_ZERO, .derived = "lifetime_value"},
	{"stats.avgCallDuration", NULL, FIELD_INT, FIELD_READ_ONLY | FIELD_ZERO, .derived = "average_duration"},
	{"stats.avgResponseRating", NULL, FIELD_NUMERIC, FIELD_READ_ONLY, .derived = "average_rating"},
};

const FieldTable customer_fields = {"customers", "cu", customer_field_list, FIELD_TABLE_COUNT(customer_field_list),.whole_row = true};
const FieldTable customer_card_fields = {"customers", "cu", customer_field_list, FIELD_TABLE_COUNT(customer_field_list),
	.whole_row = true,.part = FIELD_PART_STORED};
const FieldTable customer_stats_fields = {"customer_stats", "st", customer_field_list, FIELD_TABLE_COUNT(customer_field_list),
	.whole_row = true,.part = FIELD_PART_DERIVED};
