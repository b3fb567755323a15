/*
 * stats.h
 *		What customer_stats looks up of a customer, in SQL; shared by the triggers and by rebuild_stats(); and which
 *		calls count as earlier ones.
 *
 * "k" is the alias of a row with company_id and customer_id.  What is added up is in stats_trigger.c and counters.c.
 */
#ifndef CALLCENTER_STATS_H
#define CALLCENTER_STATS_H

/* Which calls later ones of the same caller count as earlier: of a row, and of a status. */
#define STATS_COUNTS_AS_EARLIER(call) call ".status NOT IN ('spam', 'error')"
extern bool stats_counts_as_earlier(const char *status, size_t length);

/* Averages of sums, which are expressions. */
#define STATS_AVERAGE_DURATION(sum, count) "round((" sum ")::numeric / nullif(" count ", 0))::bigint"
#define STATS_AVERAGE_RATING(sum, count) "round((" sum ")::numeric / nullif(" count ", 0), 2)"

/* A value as a whole number to sort by; what is beyond all whole numbers is the greatest. */
#define STATS_HUNDREDTHS(value) "least(greatest(" value " * 100, -9000000000000000000), 9000000000000000000)::bigint"

/* The last call by its start. */
#define STATS_LAST_CALL(k) \
	"SELECT c.started_at, c.id, c.call_id, c.primary_intent, c.status, c.result, c.summary FROM callcenter.calls c " \
	"WHERE c.company_id = " k ".company_id AND c.customer_id = " k ".customer_id ORDER BY c.started_at DESC, c.id DESC LIMIT 1"

/* The first and last completed visit, and the earliest and latest that are still scheduled; always one row. */
#define STATS_COMPLETED(column) \
	"(array_agg(a." column " ORDER BY a.scheduled_date DESC NULLS LAST, a.id DESC) FILTER (WHERE a.status = 'completed'))[1]"
#define STATS_SCHEDULED(column) \
	"(array_agg(a." column " ORDER BY a.scheduled_date, a.id) FILTER (WHERE a.status = 'scheduled' AND a.scheduled_date IS NOT NULL))[1]"
#define STATS_VISITS(k) \
	"SELECT min(a.scheduled_date) FILTER (WHERE a.status = 'completed') AS became_customer, " \
	STATS_COMPLETED("service") " AS last_service, " STATS_COMPLETED("scheduled_date") " AS last_service_date, " \
	STATS_SCHEDULED("id") " AS next_visit_id, " STATS_SCHEDULED("service") " AS next_visit_service, " \
	STATS_SCHEDULED("scheduled_date") " AS next_visit_date, " STATS_SCHEDULED("time_window") " AS next_visit_window, " \
	"max(a.scheduled_date) FILTER (WHERE a.status = 'scheduled') AS last_visit_date " \
	"FROM callcenter.appointments a WHERE a.company_id = " k ".company_id AND a.customer_id = " k ".customer_id"

#endif							/* CALLCENTER_STATS_H */
