/*
 * customer_fields.c
 *		The customer document: every field of it, declared once.
 *
 * Numbers are rows of customer_phones; statistics are counted from the calls.
 */
#include "postgres.h"

#include "customers.h"

#define TEXT_SHORT	0, 200

static const Field customer_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_READ_ONLY},
	{"customerId", "customer_number", FIELD_CUSTOMER_NUMBER, FIELD_READ_ONLY},
	{"phone", NULL, FIELD_TEXT, FIELD_REQUIRED, 0, 250, .expression = "ph.primary_phone"},
	{"phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "ph.primary_phone"},
	{"phoneSecondary", NULL, FIELD_TEXT, 0, 0, 250, .expression = "ph.secondary_phone"},
	{"phoneSecondaryDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "ph.secondary_phone"},
	{"phoneMobile", NULL, FIELD_TEXT, 0, 0, 250, .expression = "ph.mobile_phone"},
	{"phoneMobileDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "ph.mobile_phone"},
	{"phoneWork", NULL, FIELD_TEXT, 0, 0, 250, .expression = "ph.work_phone"},
	{"phoneWorkDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY, .expression = "ph.work_phone"},
	{"email", "email", FIELD_TEXT, 0, 0, 254},
	{"firstName", "first_name", FIELD_TEXT, 0, TEXT_SHORT},
	{"lastName", "last_name", FIELD_TEXT, 0, TEXT_SHORT},
	{"fullName", "full_name", FIELD_TEXT, FIELD_READ_ONLY},
	{"customerType", "customer_type", FIELD_ENUM, 0, .of = "customer_type"},
	{"status", "status", FIELD_ENUM, 0, .of = "customer_status"},
	{"source", "source", FIELD_ENUM, 0, .of = "customer_source"},
	{"firstContactDate", NULL, FIELD_TIMESTAMP, FIELD_READ_ONLY, .expression = "st.first_contact"},
	{"lastContactDate", NULL, FIELD_TIMESTAMP, FIELD_READ_ONLY, .expression = "st.last_contact"},
	{"stats.totalCalls", NULL, FIELD_INT, FIELD_READ_ONLY, .expression = "st.total_calls"},
	{"stats.avgCallDuration", NULL, FIELD_INT, FIELD_READ_ONLY, .expression = "st.avg_call_duration"},
	{"stats.avgResponseRating", NULL, FIELD_NUMERIC, FIELD_READ_ONLY, .expression = "st.avg_rating"},
	{"createdAt", "created_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
	{"updatedAt", "updated_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
	{"version", "version", FIELD_INT, FIELD_READ_ONLY},
};

const FieldTable customer_fields = {"customers", "cu", customer_field_list, FIELD_TABLE_COUNT(customer_field_list)};
