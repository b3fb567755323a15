/*
 * counters.c
 *		The counters of a company: folding what the triggers append, and reading exact totals; rebuild_stats().
 *
 * A total is the folded counters plus the deltas that are not folded yet, read in one snapshot, so it is exact at every
 * moment.  By status and intent it is a sum over some tens of rows.  By time it is days, hours at both ends of the days,
 * and calls at both ends of the hours, which are counted in the index: at most two hours of calls.  Buckets are UTC, so
 * a company's time zone can change without a rebuild.  Of follow-ups it is told what has happened before an instant: all
 * that ever has less the months, days and hours from there on, which are few where the instant is not long past, and the
 * rows of the hour that it lies in.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "cards.h"
#include "counters.h"
#include "plans.h"
#include "rollups.h"
#include "stats.h"

PG_FUNCTION_INFO_V1(cc_fold_counters);
PG_FUNCTION_INFO_V1(cc_rebuild_stats);
PG_FUNCTION_INFO_V1(cc_records_truncated);

TimestampTz
counter_hour(TimestampTz at)
{
	TimestampTz rest;

	if (TIMESTAMP_NOT_FINITE(at))
		return at;
	rest = at % USECS_PER_HOUR;
	return at - (rest < 0 ? rest + USECS_PER_HOUR : rest);
}

/* Gives the UTC day that an instant lies in; infinities stay. */
static TimestampTz
counter_day(TimestampTz at)
{
	TimestampTz rest;

	if (TIMESTAMP_NOT_FINITE(at))
		return at;
	rest = at % USECS_PER_DAY;
	return at - (rest < 0 ? rest + USECS_PER_DAY : rest);
}

/* Gives the UTC month that an instant lies in; infinities stay. */
static TimestampTz
counter_month(TimestampTz at)
{
	int			year,
				month,
				day;

	if (TIMESTAMP_NOT_FINITE(at))
		return at;
	j2date(counter_day(at) / USECS_PER_DAY + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return (date2j(year, month, 1) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY;
}

/* Rounds an instant up with one of the two functions above. */
static TimestampTz
round_up(TimestampTz at, TimestampTz (*down) (TimestampTz), int64 unit)
{
	TimestampTz floor = down(at);

	return floor == at ? at : floor + unit;
}

/*
 * Section: folding
 */

/*
 * The grains that records with a bucket are folded into.  Months are kept of follow-ups only, of which all buckets from
 * an instant on are read; and so is the status, which is their event.
 */
#define GRAINS "(VALUES ('hour'), ('day'), ('month')) AS g (grain)"
#define IS_FOLDED_INTO(r) "(g.grain <> 'month' OR " r ".kind = 'follow_up')"
#define STATUS_IN_GRAIN(r) "CASE WHEN " r ".kind = 'follow_up' THEN " r ".status ELSE '' END"

/*
 * Takes the lock under which one backend folds a company: a row of its own among the counters.  Before it the company, as
 * whoever folds rollups does.
 */
static bool
lock_fold(Datum company, bool wait)
{
	static SavedPlan lock_company = {
		.sql = "SELECT 1 FROM callcenter.companies co WHERE co.id = $1 FOR KEY SHARE",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan ensure = {
		.sql = "INSERT INTO callcenter.company_counters (company_id, kind, grain, bucket, status, intent, records) "
		"VALUES ($1, '', 'fold', '-infinity', '', '', 0) ON CONFLICT DO NOTHING",
		.nargs = 1,
		.types = {TEXTOID},
	};
#define LOCK_SQL(how) \
	"SELECT 1 FROM callcenter.company_counters n WHERE n.company_id = $1 AND n.kind = '' AND n.grain = 'fold' FOR UPDATE" how
	static SavedPlan lock = {.sql = LOCK_SQL(""),.nargs = 1,.types = {TEXTOID}};
	static SavedPlan try_lock = {.sql = LOCK_SQL(" SKIP LOCKED"),.nargs = 1,.types = {TEXTOID}};

	/* of a company that goes nothing is folded, and nothing made: counters_forget() takes it all */
	if (plan_run(&lock_company, &company, NULL, false, 0) == 0)
		return false;
	if (plan_run(wait ? &lock : &try_lock, &company, NULL, false, 0) == 1)
		return true;
	/* there is no row yet, or, where we do not wait, another backend has it */
	return (plan_run(&ensure, &company, NULL, false, 0) == 1 || wait) && plan_run(&lock, &company, NULL, false, 0) == 1;
}

int64
counters_fold(Datum company, bool wait)
{
	static SavedPlan fold = {
		.sql = "WITH moved AS ("
		"DELETE FROM callcenter.company_counter_deltas d WHERE d.company_id = $1 RETURNING d.kind, d.bucket, d.status, d.intent, d.records"
		"), folded AS ("
		"INSERT INTO callcenter.company_counters AS n (company_id, kind, grain, bucket, status, intent, records) "
		"SELECT $1, f.kind, f.grain, f.bucket, f.status, f.intent, f.records FROM ("
		"SELECT m.kind, 'all' AS grain, '-infinity'::timestamptz AS bucket, m.status, m.intent, sum(m.records)::bigint AS records "
		"FROM moved m GROUP BY m.kind, m.status, m.intent "
		"UNION ALL "
		"SELECT m.kind, g.grain, date_trunc(g.grain, m.bucket, 'UTC'), " STATUS_IN_GRAIN("m") ", '', sum(m.records)::bigint "
		"FROM moved m, " GRAINS " WHERE m.bucket > '-infinity' AND " IS_FOLDED_INTO("m") " GROUP BY 1, 2, 3, 4) f "
		"ORDER BY f.kind, f.grain, f.bucket, f.status, f.intent "
		"ON CONFLICT (company_id, kind, grain, bucket, status, intent) DO UPDATE SET records = n.records + EXCLUDED.records) "
		"SELECT count(*) FROM moved",
		.nargs = 1,
		.types = {TEXTOID},
	};
	bool		isnull;

	if (!lock_fold(company, wait))
		return 0;
	plan_run(&fold, &company, NULL, false, 0);
	return DatumGetInt64(plan_result(1, &isnull));
}

void
counters_forget(Datum company)
{
	static SavedPlan plans[] = {
		{.sql = "DELETE FROM callcenter.company_counters n WHERE n.company_id = $1",.nargs = 1,.types = {TEXTOID}},
		{.sql = "DELETE FROM callcenter.company_counter_deltas d WHERE d.company_id = $1",.nargs = 1,.types = {TEXTOID}},
	};

	for (int i = 0; i < (int) lengthof(plans); i++)
		plan_run(&plans[i], &company, NULL, false, 0);
}

/* fold_counters() bigint: folds every company. */
Datum
cc_fold_counters(PG_FUNCTION_ARGS)
{
	static SavedPlan companies = {.sql = "SELECT DISTINCT d.company_id FROM callcenter.company_counter_deltas d ORDER BY d.company_id"};
	int64		moved = 0;
	uint64		count;
	SPITupleTable *table;

	SPI_connect();
	count = plan_run(&companies, NULL, NULL, false, 0);
	table = SPI_tuptable;
	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		moved += counters_fold(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull), true);
	}
	SPI_finish();
	PG_RETURN_INT64(moved);
}

/*
 * Section: reading
 */

int64
counters_total(Datum company, const char *kind, Datum statuses, Datum intents)
{
	static SavedPlan plan = {
		.sql = "SELECT (("
		"SELECT coalesce(sum(n.records), 0) FROM callcenter.company_counters n "
		"WHERE n.company_id = $1 AND n.kind = $2 AND n.grain = 'all' AND ($3 IS NULL OR n.status = ANY ($3)) AND ($4 IS NULL OR n.intent = ANY ($4))"
		") + ("
		"SELECT coalesce(sum(d.records), 0) FROM callcenter.company_counter_deltas d "
		"WHERE d.company_id = $1 AND d.kind = $2 AND ($3 IS NULL OR d.status = ANY ($3)) AND ($4 IS NULL OR d.intent = ANY ($4))"
		"))::bigint",
		.nargs = 4,
		.types = {TEXTOID, TEXTOID, TEXTARRAYOID, TEXTARRAYOID},
	};
	Datum		values[] = {company, CStringGetTextDatum(kind), statuses, intents};
	bool		isnull[] = {false, false, statuses == (Datum) 0, intents == (Datum) 0};
	bool		result_isnull;

	plan_run(&plan, values, isnull, true, 1);
	return DatumGetInt64(plan_result(1, &result_isnull));
}

int64
counters_calls_between(Datum company, TimestampTz start, TimestampTz end)
{
	static SavedPlan plan = {
		.sql = "SELECT (("
		"SELECT count(*) FROM callcenter.calls c WHERE c.company_id = $1 AND c.started_at >= $2 AND c.started_at < $3"
		") + ("
		"SELECT count(*) FROM callcenter.calls c WHERE c.company_id = $1 AND c.started_at >= $6 AND c.started_at < $7"
		") + ("
		"SELECT coalesce(sum(n.records), 0) FROM callcenter.company_counters n "
		"WHERE n.company_id = $1 AND n.kind = 'call' AND n.grain = 'hour' AND n.bucket >= $3 AND n.bucket < $4"
		") + ("
		"SELECT coalesce(sum(n.records), 0) FROM callcenter.company_counters n "
		"WHERE n.company_id = $1 AND n.kind = 'call' AND n.grain = 'day' AND n.bucket >= $4 AND n.bucket < $5"
		") + ("
		"SELECT coalesce(sum(n.records), 0) FROM callcenter.company_counters n "
		"WHERE n.company_id = $1 AND n.kind = 'call' AND n.grain = 'hour' AND n.bucket >= $5 AND n.bucket < $6"
		") + ("
		"SELECT coalesce(sum(d.records), 0) FROM callcenter.company_counter_deltas d "
		"WHERE d.company_id = $1 AND d.kind = 'call' AND d.bucket >= $3 AND d.bucket < $6"
		"))::bigint",
		.nargs = 7,
		.types = {TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	TimestampTz hour_start = round_up(start, counter_hour, USECS_PER_HOUR);
	TimestampTz hour_end = counter_hour(end);
	TimestampTz day_start = round_up(hour_start, counter_day, USECS_PER_DAY);
	TimestampTz day_end = counter_day(hour_end);
	TimestampTz bounds[6];
	Datum		values[7];
	bool		isnull;

	if (start >= end)
		return 0;
	/* without a whole hour inside, all of it is counted in the index; without a whole day, there are hours only */
	if (hour_start >= hour_end)
		hour_start = hour_end = day_start = day_end = end;
	else if (day_start >= day_end)
		day_start = day_end = hour_end;

	bounds[0] = start;
	bounds[1] = hour_start;
	bounds[2] = day_start;
	bounds[3] = day_end;
	bounds[4] = hour_end;
	bounds[5] = end;
	values[0] = company;
	for (int i = 0; i < 6; i++)
		values[i + 1] = TimestampTzGetDatum(bounds[i]);
	plan_run(&plan, values, NULL, true, 1);
	return DatumGetInt64(plan_result(1, &isnull));
}

FollowUpCounts
counters_follow_ups_before(Datum company, TimestampTz at)
{
	/* $2 the instant, $3 its hour, $4 and $5 where days and months begin after that */
#define COUNTED(event) "coalesce(sum(x.records) FILTER (WHERE x.event = '" event "'), 0)::bigint"
#define FROM_ON(grain, bounds) \
	"UNION ALL SELECT n.status, -n.records FROM callcenter.company_counters n " \
	"WHERE n.company_id = $1 AND n.kind = 'follow_up' AND n.grain = '" grain "' AND " bounds " "
	static SavedPlan plan = {
		.sql = "SELECT k.opened + o.opened, k.due + o.due + d.due, k.resolved + r.resolved, k.recovered + r.recovered, k.late + d.late + r.late FROM ("
		"SELECT " COUNTED(FOLLOW_UP_EVENT_OPENED) " AS opened, " COUNTED(FOLLOW_UP_EVENT_DUE) " AS due, "
		COUNTED(FOLLOW_UP_EVENT_RESOLVED) " AS resolved, " COUNTED(FOLLOW_UP_EVENT_RECOVERED) " AS recovered, "
		COUNTED(FOLLOW_UP_EVENT_LATE) " AS late FROM ("
		"SELECT n.status AS event, n.records FROM callcenter.company_counters n WHERE n.company_id = $1 AND n.kind = 'follow_up' AND n.grain = 'all' "
		FROM_ON("month", "n.bucket >= $5")
		FROM_ON("day", "n.bucket >= $4 AND n.bucket < $5")
		FROM_ON("hour", "n.bucket >= $3 AND n.bucket < $4")
		"UNION ALL SELECT d.status, d.records FROM callcenter.company_counter_deltas d "
		"WHERE d.company_id = $1 AND d.kind = 'follow_up' AND d.bucket < $3"
		") x) k, ("
		/* an event that is the later of two is counted with that one of them which lies in the hour, and the first when both do */
		"SELECT count(*) AS opened, count(*) FILTER (WHERE f.due_at < $2) AS due "
		"FROM callcenter.follow_ups f WHERE f.company_id = $1 AND f.opened_at >= $3 AND f.opened_at < $2"
		") o, ("
		"SELECT count(*) FILTER (WHERE f.opened_at < $3) AS due, count(*) FILTER (WHERE f.resolved_at < $3) AS late "
		"FROM callcenter.follow_ups f WHERE f.company_id = $1 AND f.due_at >= $3 AND f.due_at < $2"
		") d, ("
		"SELECT count(*) AS resolved, count(*) FILTER (WHERE f.recovered) AS recovered, count(*) FILTER (WHERE f.due_at < $2) AS late "
		"FROM callcenter.follow_ups f WHERE f.company_id = $1 AND f.resolved_at >= $3 AND f.resolved_at < $2"
		") r",
		.nargs = 5,
		.types = {TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	TimestampTz hour = counter_hour(at);
	TimestampTz day = round_up(hour, counter_day, USECS_PER_DAY);
	/* so many days after its beginning, the next month has begun and not ended */
	TimestampTz month = counter_month(day) == day ? day : counter_month(counter_month(day) + 31 * USECS_PER_DAY);
	Datum		values[] = {company, TimestampTzGetDatum(at), TimestampTzGetDatum(hour), TimestampTzGetDatum(day), TimestampTzGetDatum(month)};
	int64		counts[5];
	bool		isnull;

	plan_run(&plan, values, NULL, true, 1);
	for (int i = 0; i < (int) lengthof(counts); i++)
		counts[i] = DatumGetInt64(plan_result(i + 1, &isnull));
	return (FollowUpCounts) {.opened = counts[0],.due = counts[1],.resolved = counts[2],.recovered = counts[3],.late = counts[4]};
}

/*
 * Section: rebuilding
 */

/*
 * Keeps tables from changing until the transaction ends.  Waits for one only while it holds none, because those who write
 * take them in different orders.
 */
static void
lock_tables(const char *const *names, int count)
{
	Oid			schema = get_namespace_oid("callcenter", false);
	int			wanted = 0;
	int			held;

	do
	{
		LockRelationOid(get_relname_relid(names[wanted], schema), ShareLock);
		for (held = 0; held < count; held++)
			if (held != wanted && !ConditionalLockRelationOid(get_relname_relid(names[held], schema), ShareLock))
				break;
		if (held == count)
			return;
		for (int i = 0; i < held; i++)
			if (i != wanted)
				UnlockRelationOid(get_relname_relid(names[i], schema), ShareLock);
		UnlockRelationOid(get_relname_relid(names[wanted], schema), ShareLock);
		wanted = held;
		CHECK_FOR_INTERRUPTS();
	} while (true);
}

/* The columns of customer_stats. */
#define ADDED_UP "company_id, customer_id, calls, counting_calls, calls_with_duration, duration_seconds, calls_with_rating, " \
	"rating, first_contact, last_contact, appointments, completed_appointments, cancelled_appointments, no_shows, lifetime_value, status, lifetime_hundredths"
#define LOOKED_UP "average_duration, average_rating, last_call_id, last_call, last_intent, last_status, last_result, last_summary, became_customer, last_service, " \
	"last_service_date, next_visit_id, next_visit_service, next_visit_date, next_visit_window, last_visit_date"

/* rebuild_stats() bigint: computes the derived tables anew; returns how many rows were wrong. */
Datum
cc_rebuild_stats(PG_FUNCTION_ARGS)
{
	static SavedPlan stats = {
		.sql = "WITH added AS ("
		"SELECT cu.company_id, cu.id AS customer_id, "
		"coalesce(c.calls, 0) AS calls, coalesce(c.counting_calls, 0) AS counting_calls, coalesce(c.calls_with_duration, 0) AS calls_with_duration, "
		"coalesce(c.duration_seconds, 0) AS duration_seconds, coalesce(c.calls_with_rating, 0) AS calls_with_rating, "
		"coalesce(c.rating, 0) AS rating, c.first_contact, c.last_contact, "
		"coalesce(a.appointments, 0) AS appointments, coalesce(a.completed_appointments, 0) AS completed_appointments, "
		"coalesce(a.cancelled_appointments, 0) AS cancelled_appointments, coalesce(a.no_shows, 0) AS no_shows, "
		"coalesce(trim_scale(a.lifetime_value), 0) AS lifetime_value, cu.status, "
		STATS_HUNDREDTHS("coalesce(a.lifetime_value, 0)") " AS lifetime_hundredths "
		"FROM callcenter.customers cu LEFT JOIN (SELECT c.company_id, c.customer_id, count(*) AS calls, "
		"count(*) FILTER (WHERE " STATS_COUNTS_AS_EARLIER("c") ") AS counting_calls, count(c.duration_seconds) AS calls_with_duration, "
		"sum(c.duration_seconds) AS duration_seconds, count(c.rating) AS calls_with_rating, sum(c.rating) AS rating, "
		"min(c.started_at) AS first_contact, max(c.started_at) AS last_contact "
		"FROM callcenter.calls c WHERE c.customer_id IS NOT NULL GROUP BY c.company_id, c.customer_id) c "
		"ON c.company_id = cu.company_id AND c.customer_id = cu.id "
		"LEFT JOIN (SELECT a.company_id, a.customer_id, count(*) AS appointments, "
		"count(*) FILTER (WHERE a.status = 'completed') AS completed_appointments, "
		"count(*) FILTER (WHERE a.status = 'cancelled') AS cancelled_appointments, "
		"count(*) FILTER (WHERE a.status = 'no_show') AS no_shows, "
		"sum(a.value) FILTER (WHERE a.status = 'completed') AS lifetime_value "
		"FROM callcenter.appointments a WHERE a.customer_id IS NOT NULL GROUP BY a.company_id, a.customer_id) a "
		"ON a.company_id = cu.company_id AND a.customer_id = cu.id"
		"), counted AS ("
		"SELECT k.*, " STATS_AVERAGE_DURATION("k.duration_seconds", "k.calls_with_duration") " AS average_duration, "
		STATS_AVERAGE_RATING("k.rating", "k.calls_with_rating") " AS average_rating, l.id AS last_call_id, l.call_id AS last_call, l.primary_intent AS last_intent, l.status AS last_status, "
		"l.result AS last_result, l.summary AS last_summary, v.* FROM added k "
		"LEFT JOIN LATERAL (" STATS_LAST_CALL("k") ") l ON true CROSS JOIN LATERAL (" STATS_VISITS("k") ") v"
		"), mended AS ("
		"INSERT INTO callcenter.customer_stats AS s (" ADDED_UP ", " LOOKED_UP ") "
		"SELECT n.* FROM counted n LEFT JOIN callcenter.customer_stats o ON o.company_id = n.company_id AND o.customer_id = n.customer_id "
		"WHERE o.company_id IS NULL OR n IS DISTINCT FROM ROW(o.company_id, o.customer_id, o.calls, o.counting_calls, o.calls_with_duration, o.duration_seconds, "
		"o.calls_with_rating, o.rating, o.first_contact, o.last_contact, o.appointments, o.completed_appointments, "
		"o.cancelled_appointments, o.no_shows, o.lifetime_value, o.status, o.lifetime_hundredths, o.average_duration, o.average_rating, o.last_call_id, o.last_call, o.last_intent, o.last_status, o.last_result, "
		"o.last_summary, o.became_customer, o.last_service, o.last_service_date, o.next_visit_id, o.next_visit_service, o.next_visit_date, "
		"o.next_visit_window, o.last_visit_date) "
		"ON CONFLICT (company_id, customer_id) DO UPDATE SET calls = EXCLUDED.calls, counting_calls = EXCLUDED.counting_calls, calls_with_duration = EXCLUDED.calls_with_duration, "
		"duration_seconds = EXCLUDED.duration_seconds, calls_with_rating = EXCLUDED.calls_with_rating, rating = EXCLUDED.rating, "
		"first_contact = EXCLUDED.first_contact, last_contact = EXCLUDED.last_contact, appointments = EXCLUDED.appointments, "
		"completed_appointments = EXCLUDED.completed_appointments, cancelled_appointments = EXCLUDED.cancelled_appointments, "
		"no_shows = EXCLUDED.no_shows, lifetime_value = EXCLUDED.lifetime_value, status = EXCLUDED.status, lifetime_hundredths = EXCLUDED.lifetime_hundredths, "
		"average_duration = EXCLUDED.average_duration, average_rating = EXCLUDED.average_rating, last_call_id = EXCLUDED.last_call_id, "
		"last_call = EXCLUDED.last_call, last_intent = EXCLUDED.last_intent, last_status = EXCLUDED.last_status, "
		"last_result = EXCLUDED.last_result, last_summary = EXCLUDED.last_summary, became_customer = EXCLUDED.became_customer, "
		"last_service = EXCLUDED.last_service, last_service_date = EXCLUDED.last_service_date, next_visit_id = EXCLUDED.next_visit_id, "
		"next_visit_service = EXCLUDED.next_visit_service, next_visit_date = EXCLUDED.next_visit_date, "
		"next_visit_window = EXCLUDED.next_visit_window, last_visit_date = EXCLUDED.last_visit_date RETURNING 1"
		"), dropped AS ("
		"DELETE FROM callcenter.customer_stats s "
		"WHERE NOT EXISTS (SELECT 1 FROM counted n WHERE n.company_id = s.company_id AND n.customer_id = s.customer_id) RETURNING 1) "
		"SELECT (SELECT count(*) FROM mended) + (SELECT count(*) FROM dropped)",
	};
	static SavedPlan counters = {
		.sql = "WITH records AS ("
		"SELECT c.company_id, 'call' AS kind, date_trunc('hour', c.started_at, 'UTC') AS hour, c.status, coalesce(c.primary_intent, '') AS intent "
		"FROM callcenter.calls c "
		"UNION ALL SELECT cu.company_id, 'customer', '-infinity', cu.status, cu.customer_type::text FROM callcenter.customers cu "
		"UNION ALL SELECT f.company_id, 'follow_up', date_trunc('hour', e.at, 'UTC'), e.event, '' FROM callcenter.follow_ups f "
		"CROSS JOIN LATERAL (VALUES ('opened', f.opened_at), ('due', greatest(f.opened_at, f.due_at)), ('resolved', f.resolved_at), "
		"('recovered', CASE WHEN f.recovered THEN f.resolved_at END), "
		"('late', CASE WHEN f.resolved_at IS NOT NULL THEN greatest(f.opened_at, f.due_at, f.resolved_at) END)) e (event, at) WHERE e.at < 'infinity'"
		"), counted AS ("
		"SELECT r.company_id, r.kind, 'all' AS grain, '-infinity'::timestamptz AS bucket, r.status, r.intent, count(*) AS records "
		"FROM records r GROUP BY r.company_id, r.kind, r.status, r.intent "
		"UNION ALL SELECT r.company_id, r.kind, g.grain, date_trunc(g.grain, r.hour, 'UTC'), " STATUS_IN_GRAIN("r") ", '', count(*) "
		"FROM records r, " GRAINS " WHERE r.hour > '-infinity' AND " IS_FOLDED_INTO("r") " GROUP BY 1, 2, 3, 4, 5"
		"), mended AS ("
		"INSERT INTO callcenter.company_counters AS s (company_id, kind, grain, bucket, status, intent, records) "
		"SELECT n.company_id, n.kind, n.grain, n.bucket, n.status, n.intent, n.records FROM counted n "
		"LEFT JOIN callcenter.company_counters o ON o.company_id = n.company_id AND o.kind = n.kind AND o.grain = n.grain "
		"AND o.bucket = n.bucket AND o.status = n.status AND o.intent = n.intent "
		"WHERE o.records IS DISTINCT FROM n.records "
		"ON CONFLICT (company_id, kind, grain, bucket, status, intent) DO UPDATE SET records = EXCLUDED.records RETURNING 1"
		"), dropped AS ("
		"DELETE FROM callcenter.company_counters s WHERE s.grain <> 'fold' AND NOT EXISTS (SELECT 1 FROM counted n "
		"WHERE n.company_id = s.company_id AND n.kind = s.kind AND n.grain = s.grain AND n.bucket = s.bucket "
		"AND n.status = s.status AND n.intent = s.intent) RETURNING s.records) "
		"SELECT (SELECT count(*) FROM mended) + (SELECT count(*) FROM dropped WHERE records <> 0)",
	};
	static const char *const tables[] = {"calls", "appointments", "customers", "customer_phones", "customer_addresses", "customer_equipment",
	"customer_notes", "customer_tags", "follow_ups"};
	int64		wrong;
	bool		isnull;

	lock_tables(tables, lengthof(tables));
	cc_fold_counters(fcinfo);
	SPI_connect();
	plan_run(&stats, NULL, NULL, false, 0);
	wrong = DatumGetInt64(plan_result(1, &isnull));
	plan_run(&counters, NULL, NULL, false, 0);
	wrong += DatumGetInt64(plan_result(1, &isnull));
	wrong += cards_rebuild();
	wrong += rollups_rebuild_all();
	SPI_finish();
	PG_RETURN_INT64(wrong);
}

/* records_truncated() trigger: computes the derived tables anew. */
Datum
cc_records_truncated(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function must be called as a trigger")));
	cc_rebuild_stats(fcinfo);
	PG_RETURN_POINTER(NULL);
}
