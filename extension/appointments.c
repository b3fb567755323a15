/*
 * appointments.c
 *		Appointments: create_appointment(), update_appointment(), list_appointments().
 *
 * The first completed appointment makes a lead an active customer; that is done here, not in a trigger, so that a restore
 * does not do it again.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "api.h"
#include "audit.h"
#include "customers.h"
#include "errors.h"
#include "followups.h"
#include "identity.h"
#include "json_text.h"
#include "list.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_create_appointment);
PG_FUNCTION_INFO_V1(cc_update_appointment);
PG_FUNCTION_INFO_V1(cc_list_appointments);

#define APPOINTMENT_SOURCES "FROM callcenter.appointments a "

static const Field appointment_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_CREATE_ONLY | FIELD_IN_LIST},
	{"customerId", NULL, FIELD_TEXT, FIELD_IN_LIST, 1, 40, .expression = "a.customer_id"},
	{"customerNumber", NULL, FIELD_CUSTOMER_NUMBER, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "cu.customer_number"},
	{"customerName", NULL, FIELD_TEXT, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "cu.full_name"},
	{"doNotContact", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = CUSTOMER_BARRED},
	{"service", "service", FIELD_TEXT, FIELD_IN_LIST, 0, 200},
	{"date", "scheduled_date", FIELD_DATE, FIELD_IN_LIST},
	{"timeWindow", "time_window", FIELD_TEXT, FIELD_IN_LIST, 0, 200},
	{"status", "status", FIELD_ENUM, FIELD_DEFAULTED | FIELD_IN_LIST, .of = "appointment_status"},
	{"value", "value", FIELD_NUMERIC, FIELD_IN_LIST, 0, 1e9},
	{"externalRef", "external_ref", FIELD_TEXT, FIELD_IN_LIST, 1, 200},
	{"addressId", "address_id", FIELD_OBJECT_ID, FIELD_IN_LIST},
	{"notes", "notes", FIELD_TEXT, FIELD_IN_LIST, 0, 10000},
	{"callId", NULL, FIELD_TEXT, FIELD_IN_LIST, 1, 200, .expression =
		"(SELECT c.call_id FROM callcenter.call_appointments ca JOIN callcenter.calls c ON c.company_id = ca.company_id AND c.id = ca.call_id "
		"WHERE ca.company_id = a.company_id AND ca.appointment_id = a.id AND ca.role = 'created' ORDER BY c.started_at LIMIT 1)"},
	{"changedByCalls", NULL, FIELD_TEXT_LIST, FIELD_READ_ONLY | FIELD_IN_LIST, .expression =
		"(SELECT array_agg(c.call_id::text ORDER BY c.started_at, c.call_id) FROM callcenter.call_appointments ca "
		"JOIN callcenter.calls c ON c.company_id = ca.company_id AND c.id = ca.call_id "
		"WHERE ca.company_id = a.company_id AND ca.appointment_id = a.id AND ca.role <> 'created')"},
	{"createdAt", "created_at", FIELD_TIMESTAMP, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"updatedAt", "updated_at", FIELD_TIMESTAMP, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"version", "version", FIELD_INT, FIELD_READ_ONLY | FIELD_IN_LIST},
};

const FieldTable appointment_fields = {"appointments", "a", appointment_field_list, FIELD_TABLE_COUNT(appointment_field_list)};

/* Gives the id of the customer that a document names; an error when there is none. */
static text *
resolve_customer(const Identity *identity, const Document *document)
{
	text	   *reference = document_text(document, "customerId");
	text	   *id;

	if (reference == NULL)
		return NULL;
	id = customer_resolve(identity->company, reference);
	if (id == NULL)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "customerId", "is not a customer of this company");
	if (customer_is_erased(identity->company, id))
		error_conflict("customerId", "The customer was erased");
	return id;
}

/* Links the call that made the appointment; raises that another one did. */
static void
link_call(const Identity *identity, Datum id, const Document *document)
{
	static SavedPlan made = {
		.sql = "SELECT c.call_id, c.call_id = $3 FROM callcenter.call_appointments ca "
		"JOIN callcenter.calls c ON c.company_id = ca.company_id AND c.id = ca.call_id "
		"WHERE ca.company_id = $1 AND ca.appointment_id = $2 AND ca.role = 'created' ORDER BY c.call_id = $3 DESC, c.started_at LIMIT 1",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.call_appointments (company_id, call_id, appointment_id, role) "
		/* locked: it may be deleted in this moment */
		"SELECT c.company_id, c.id, $2, 'created' FROM callcenter.calls c WHERE c.company_id = $1 AND c.call_id = $3 FOR KEY SHARE "
		"ON CONFLICT DO NOTHING RETURNING call_id",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	static SavedPlan book = {
		.sql = "UPDATE callcenter.calls SET is_booked = true WHERE company_id = $1 AND call_id = $2 AND NOT is_booked",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[3];
	Datum		call;
	bool		isnull;

	if (!document_has(document, "callId"))
		return;
	values[0] = PointerGetDatum(identity->company);
	values[1] = id;
	values[2] = document_get(document, "callId");
	if (plan_run(&made, values, NULL, false, 1) > 0)
	{
		if (DatumGetBool(plan_result(2, &isnull)))
			return;
		error_conflict("callId", "The appointment was made by call %s already", TextDatumGetCString(plan_result(1, &isnull)));
	}
	if (plan_run(&plan, values, NULL, false, 0) == 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "callId", "is not a call of this company");
	call = plan_result(1, &isnull);
	values[1] = values[2];
	plan_run(&book, values, NULL, false, 0);
	follow_up_call_booked(identity, call);
}

/* Tells whether a new appointment is one to come, or one that was kept. */
static bool
is_booking(const Document *document)
{
	char	   *status;

	if (!document_has(document, "status"))
		return true;
	status = text_to_cstring(document_text(document, "status"));
	return strcmp(status, "scheduled") == 0 || strcmp(status, "completed") == 0;
}

/* Makes the customer of a completed appointment an active one. */
static void
activate_customer(const Identity *identity, Datum id)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.customers cu SET status = 'active', version = cu.version + 1, updated_at = now() "
		"FROM callcenter.appointments a WHERE a.company_id = $1 AND a.id = $2 AND a.status = 'completed' "
		"AND cu.company_id = $1 AND cu.id = a.customer_id AND cu.status = 'lead' RETURNING cu.customer_number",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), id};
	bool		isnull;

	if (plan_run(&plan, values, NULL, false, 0) > 0)
		audit_write(identity, "update", "customer", psprintf("CUST-%05" INT64_MODIFIER "d", DatumGetInt64(plan_result(1, &isnull))),
					"{\"status\": \"lead\"}", "{\"status\": \"active\"}");
}

static bool
is_same_customer(text *one, text *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return strcmp(text_to_cstring(one), text_to_cstring(other)) == 0;
}

/* Raises that the address of a visit is not one of its customer (NULL: none). */
static void
check_address(const Identity *identity, text *customer, const Document *document)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM callcenter.customer_addresses d WHERE d.company_id = $1 AND d.id = $2 AND d.customer_id = $3",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), (Datum) 0, PointerGetDatum(customer)};

	if (!document_has(document, "addressId"))
		return;
	values[1] = document_get(document, "addressId");
	if (customer == NULL || plan_run(&plan, values, NULL, false, 1) == 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "addressId", "is not an address of the visit's customer");
}

/* Selects an appointment into SPI_tuptable; false when there is none. */
static bool
select_appointment(text *company, Datum id)
{
	static SavedPlan plan = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	Datum		values[] = {PointerGetDatum(company), id};

	if (plan.sql == NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		appendStringInfoString(&text, "SELECT ");
		document_select_list(&text, &appointment_fields, false);
		appendStringInfoString(&text, " " APPOINTMENT_SOURCES APPOINTMENT_JOINS "WHERE a.company_id = $1 AND a.id = $2");
		plan.sql = MemoryContextStrdup(TopMemoryContext, text.data);
	}
	return plan_run(&plan, values, NULL, false, 0) > 0;
}

/* Gives an appointment as the answer, leaves SPI and the identity. */
static Datum
answer(Identity *identity, Datum id)
{
	StringInfoData out;

	select_appointment(identity->company, id);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"appointment\":{");
	document_write(&out, &appointment_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, NULL);
	appendStringInfoString(&out, "}}");
	return api_end(identity, &out);
}

/* create_appointment(company_id object_id, appointment jsonb, token text) json: books a visit. */
Datum
cc_create_appointment(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_ANNOTATE);
	Document   *document;
	ColumnSet	columns = {0};
	text	   *customer;
	Datum		id;

	company_get(identity->company_id);
	document = document_read(&appointment_fields, api_document(fcinfo, 1, "appointment"), DOCUMENT_CREATE);
	if (!document_has(document, "_id"))
		document_set(document, "_id", PointerGetDatum(object_id_generate()));
	id = document_get(document, "_id");
	customer = resolve_customer(identity, document);

	customers_lock(identity->company, customer, NULL);
	resolve_customer(identity, document);	/* it may be gone by now */
	check_address(identity, customer, document);
	columns_add(&columns, "company_id", TEXTOID, PointerGetDatum(identity->company), false);
	columns_add(&columns, "customer_id", TEXTOID, PointerGetDatum(customer), customer == NULL);
	columns_add_document(&columns, document, DOCUMENT_CREATE);
	columns_insert(&columns, "appointments", "");
	link_call(identity, id, document);
	if (is_booking(document))
		follow_up_booked(identity, customer);
	activate_customer(identity, id);
	select_appointment(identity->company, id);
	audit_write(identity, "create", "appointment", TextDatumGetCString(id), NULL,
				audit_fields(document, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, NULL));
	PG_RETURN_DATUM(answer(identity, id));
}

/* Reads version and customer (NULL for none) of an appointment; with "lock" locks it.  Raises that there is none. */
static text *
read_appointment(const Identity *identity, Datum id, bool lock, int *version)
{
#define READ_SQL "SELECT a.version, a.customer_id FROM callcenter.appointments a WHERE a.company_id = $1 AND a.id = $2"
	static SavedPlan plans[] = {
		{.sql = READ_SQL,.nargs = 2,.types = {TEXTOID, TEXTOID}},
		{.sql = READ_SQL " FOR NO KEY UPDATE",.nargs = 2,.types = {TEXTOID, TEXTOID}},
	};
	Datum		values[] = {PointerGetDatum(identity->company), id};
	Datum		customer;
	bool		isnull;

	if (plan_run(&plans[lock], values, NULL, false, 1) == 0)
		error_not_found("Appointment");
	*version = DatumGetInt32(plan_result(1, &isnull));
	customer = plan_result(2, &isnull);
	return isnull ? NULL : DatumGetTextPP(customer);
}

/*
 * Locks the customers that an appointment is and will be of, then the appointment, in the order of all functions; starts
 * over when somebody has given it to another customer meanwhile.  Returns its customer (NULL for none) and its version.
 */
static text *
lock_appointment(const Identity *identity, Datum id, text *target, int *version)
{
	text	   *customer = read_appointment(identity, id, false, version);
	text	   *locked;

	do
	{
		locked = customer;
		customers_lock(identity->company, locked, target);
		/* looked at before it is locked: who starts over must not hold the visit while it waits for another customer */
		customer = read_appointment(identity, id, false, version);
		if (is_same_customer(customer, locked))
			customer = read_appointment(identity, id, true, version);
	} while (!is_same_customer(customer, locked));
	return customer;
}

/* update_appointment(company_id object_id, appointment_id text, patch jsonb, version integer, token text) json: changes a visit. */
Datum
cc_update_appointment(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 4, RIGHT_ANNOTATE);
	Document   *patch;
	ColumnSet	columns = {0};
	text	   *customer;
	text	   *present;
	Datum		id;
	int			version;
	char	   *before;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		error_field(ERRCODE_NOT_NULL_VIOLATION, NULL, "the appointment id or the patch is missing");
	company_get(identity->company_id);
	id = PG_GETARG_DATUM(1);
	read_appointment(identity, id, false, &version);
	patch = document_read(&appointment_fields, PG_GETARG_JSONB_P(2), DOCUMENT_PATCH);
	customer = resolve_customer(identity, patch);
	present = lock_appointment(identity, id, customer, &version);
	resolve_customer(identity, patch);	/* it may be gone by now */
	if (!PG_ARGISNULL(3) && PG_GETARG_INT32(3) != version)
		error_stale("appointment", PG_GETARG_INT32(3), version);
	check_address(identity, document_is_present(patch, "customerId") ? customer : present, patch);
	if (document_is_present(patch, "callId") && !document_has(patch, "callId"))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "callId", "cannot be cleared: the call made this visit");

	select_appointment(identity->company, id);
	before = audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, NULL);
	columns_add_document(&columns, patch, DOCUMENT_PATCH);
	if (document_is_present(patch, "customerId"))
		columns_add(&columns, "customer_id", TEXTOID, PointerGetDatum(customer), customer == NULL);
	/* another customer does not live there */
	if (document_is_present(patch, "customerId") && !document_is_present(patch, "addressId") && !is_same_customer(customer, present))
		columns_add(&columns, "address_id", TEXTOID, (Datum) 0, true);
	columns_update(&columns, "appointments", PointerGetDatum(identity->company), id, "");
	link_call(identity, id, patch);
	activate_customer(identity, id);
	select_appointment(identity->company, id);
	audit_write(identity, "update", "appointment", TextDatumGetCString(id), before,
				audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, NULL));
	PG_RETURN_DATUM(answer(identity, id));
}

uint64
appointments_lock_made(text *company, Datum call, text *customer, Datum **ids)
{
	static SavedPlan plan = {
		.sql = "SELECT a.id FROM callcenter.appointments a WHERE a.company_id = $1 AND a.id IN (SELECT ca.appointment_id "
		"FROM callcenter.call_appointments ca WHERE ca.company_id = $1 AND ca.call_id = $2 AND ca.role = 'created') "
		"AND a.customer_id IS NOT DISTINCT FROM $3 ORDER BY a.id FOR NO KEY UPDATE",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(company), call, PointerGetDatum(customer)};
	bool		isnull[] = {false, false, customer == NULL};
	uint64		count = plan_run(&plan, values, isnull, false, 0);

	*ids = palloc_array(Datum, count + 1);
	for (uint64 i = 0; i < count; i++)
		(*ids)[i] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull[0]);
	return count;
}

void
appointments_give(const Identity *identity, const Datum *ids, uint64 count, text *from, text *to)
{
	const char *before = customer_reference_json(from);
	const char *after = customer_reference_json(to);

	for (uint64 i = 0; i < count; i++)
	{
		ColumnSet	columns = {0};

		columns_add(&columns, "customer_id", TEXTOID, PointerGetDatum(to), to == NULL);
		/* another customer does not live there */
		columns_add(&columns, "address_id", TEXTOID, (Datum) 0, true);
		columns_update(&columns, "appointments", PointerGetDatum(identity->company), ids[i], "");
		activate_customer(identity, ids[i]);
		audit_write(identity, "update", "appointment", TextDatumGetCString(ids[i]), before, after);
	}
}

static const Field appointment_parameter_list[] = {
	LIST_PARAMETERS,
	{"status", NULL, FIELD_TEXT_LIST, 0, 0, 4, .of = "appointment_status"},
	{"customerId", NULL, FIELD_TEXT, 0, 1, 40},
	{"startDate", NULL, FIELD_DATE},
	{"endDate", NULL, FIELD_DATE},
};

static const FieldTable appointment_parameters = {NULL, NULL, appointment_parameter_list, FIELD_TABLE_COUNT(appointment_parameter_list),.lenient = true};

#define DATE_KEY "coalesce(a.scheduled_date - date '2000-01-01', 2000000)::bigint"

static const SortOrder appointment_orders[] = {
	{"latest", DATE_KEY, DATE_KEY " DESC, a.id DESC", "<", false},
	{"earliest", DATE_KEY, DATE_KEY ", a.id", ">", false},
	{NULL},
};

static const ListSource appointment_source = {
	.member = "appointments",
	.fields = &appointment_fields,
	.parameters = &appointment_parameters,
	.orders = appointment_orders,
	.id = "a.id",
	.alias = "a",
	.from = APPOINTMENT_SOURCES,
	.joins = APPOINTMENT_JOINS,
	.company_column = "a.company_id",
};

/* list_appointments(company_id object_id, params jsonb, token text) json: a page of visits. */
Datum
cc_list_appointments(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &appointment_source, RIGHT_READ);
	text	   *customer = document_text(query->params, "customerId");

	list_add_choice(query, "status", "a.status::text");
	if (document_has(query->params, "startDate"))
		list_add(query, "a.scheduled_date >= $%d", list_bind(query, DATEOID, document_get(query->params, "startDate")));
	if (document_has(query->params, "endDate"))
		list_add(query, "a.scheduled_date <= $%d", list_bind(query, DATEOID, document_get(query->params, "endDate")));
	if (customer != NULL)
	{
		text	   *id = customer_resolve(query->identity->company, customer);

		if (id == NULL)
			query->is_empty = true;
		else
			list_add(query, "a.customer_id = $%d", list_bind(query, TEXTOID, PointerGetDatum(id)));
	}
	return list_end(query, LIST_TOTAL_COUNT);
}
