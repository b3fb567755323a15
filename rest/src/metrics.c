/*
 * metrics.c
 *	  Counters and latencies in memory that all workers share, and /metrics.
 *
 * The parent maps one slot for each worker before it forks.  A worker writes
 * its own slot only; any worker answers for all; a worker that was killed finds
 * its counts again.
 *
 * The text format is Prometheus' 0.0.4.  It is for the machine itself: what
 * comes through a proxy (X-Forwarded-For) or from elsewhere gets a 404.
 */
#include <sys/mman.h>

#include "log.h"
#include "metrics.h"
#include "reply.h"
#include "router.h"
#include "static.h"

#define STATUS_MIN 200
#define STATUS_MAX 600

static const double bounds_ms[] = {
	0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000
};

#define BOUNDS ((int) (sizeof(bounds_ms) / sizeof(bounds_ms[0])))

/*
 * The codes of answers that refuse access (401, 403, 429).  A code that is not
 * here is counted as "other", so that the sum is right and seen to be.
 */
static const char *const refusals[] = {
	"authentication_required", "sign_in_failed", "access_denied", "too_many_attempts",
	"cross_site", "https_required", "other"
};

#define REFUSALS ((int) (sizeof(refusals) / sizeof(refusals[0])))

typedef struct RouteCounts
{
	uint64_t	by_status[STATUS_MAX - STATUS_MIN];
	uint64_t	by_latency[BOUNDS + 1]; /* the last: above all bounds */
	double		seconds;
} RouteCounts;

typedef struct WorkerSlot
{
	bool		used;
	uint64_t	connections;	/* open HTTP connections */
	uint64_t	requests;		/* being worked on */
	uint64_t	log_dropped;
	uint64_t	refused[REFUSALS];
	DbStats		db;
	RouteCounts routes[METRICS_ROUTES_MAX];
} WorkerSlot;

static WorkerSlot *slots;
static WorkerSlot *own;

/* Maps the memory; in the parent, before the workers are forked. */
void
metrics_open(void)
{
	slots = mmap(NULL, WORKERS_MAX * sizeof(WorkerSlot), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slots == MAP_FAILED)
		fatalx("cannot map memory for metrics: %s", errno_s);
}

/* Takes this worker's slot; returns where db.c keeps its counts. */
DbStats *
metrics_worker(void)
{
	own = &slots[worker->id % WORKERS_MAX];
	own->used = true;
	return &own->db;
}

/* Counts an answer; slot: a route's or one of METRICS_*. */
void
metrics_count(int slot, int status, double ms)
{
	RouteCounts *counts = &own->routes[slot];
	int			i;

	if (status >= STATUS_MIN && status < STATUS_MAX)
		counts->by_status[status - STATUS_MIN]++;
	for (i = 0; i < BOUNDS && ms > bounds_ms[i]; i++)
		;
	counts->by_latency[i]++;
	counts->seconds += ms / 1000.0;
}

/* Counts an answer that refuses access, by its code. */
void
metrics_refused(const char *code)
{
	int			i;

	for (i = 0; i < REFUSALS - 1 && strcmp(code, refusals[i]) != 0; i++)
		;
	own->refused[i]++;
}

/* Notes what changes without an answer. */
void
metrics_tick(void)
{
	own->connections = worker_active_connections;
	own->requests = http_request_count;
	own->log_dropped = log_dropped();
}

/* Adds up one route over all workers. */
static void
sum_route(int route, RouteCounts *sum)
{
	int			w;
	int			i;

	memset(sum, 0, sizeof(*sum));
	for (w = 0; w < WORKERS_MAX; w++)
	{
		const RouteCounts *counts = &slots[w].routes[route];

		if (!slots[w].used)
			continue;
		for (i = 0; i < STATUS_MAX - STATUS_MIN; i++)
			sum->by_status[i] += counts->by_status[i];
		for (i = 0; i <= BOUNDS; i++)
			sum->by_latency[i] += counts->by_latency[i];
		sum->seconds += counts->seconds;
	}
}

/* Writes the counts of one route. */
static void
write_route(Text *out, int route, const char *method, const char *name)
{
	RouteCounts sum;
	uint64_t	total = 0;
	int			i;

	sum_route(route, &sum);
	for (i = 0; i < STATUS_MAX - STATUS_MIN; i++)
	{
		if (sum.by_status[i] > 0)
			text_format(out, "callcenter_http_requests_total{method=\"%s\",route=\"%s\",status=\"%d\"} %llu\n",
						method, name, i + STATUS_MIN, (unsigned long long) sum.by_status[i]);
	}
	for (i = 0; i <= BOUNDS; i++)
		total += sum.by_latency[i];
	if (total == 0)
		return;
	for (i = 0, total = 0; i <= BOUNDS; i++)
	{
		total += sum.by_latency[i];
		if (i < BOUNDS)
			text_format(out, "callcenter_http_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%g\"} %llu\n",
						method, name, bounds_ms[i] / 1000.0, (unsigned long long) total);
	}
	text_format(out, "callcenter_http_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"+Inf\"} %llu\n"
				"callcenter_http_request_seconds_sum{method=\"%s\",route=\"%s\"} %.6f\n"
				"callcenter_http_request_seconds_count{method=\"%s\",route=\"%s\"} %llu\n",
				method, name, (unsigned long long) total, method, name, sum.seconds,
				method, name, (unsigned long long) total);
}

/* Writes how often access was refused. */
static void
write_refused(Text *out)
{
	int			i;
	int			w;

	for (i = 0; i < REFUSALS; i++)
	{
		uint64_t	sum = 0;

		for (w = 0; w < WORKERS_MAX; w++)
			sum += slots[w].refused[i];
		text_format(out, "callcenter_refused_total{reason=\"%s\"} %llu\n", refusals[i], (unsigned long long) sum);
	}
}

/* Writes one number of a worker. */
static void
write_worker(Text *out, const char *name, int w, uint64_t value)
{
	text_format(out, "callcenter_%s{worker=\"%d\"} %llu\n", name, w, (unsigned long long) value);
}

/* Writes the numbers of one worker. */
static void
write_slot(Text *out, int w)
{
	const WorkerSlot *slot = &slots[w];
	int			lane;

	write_worker(out, "http_connections", w, slot->connections);
	write_worker(out, "http_requests_in_progress", w, slot->requests);
	write_worker(out, "log_lines_dropped_total", w, slot->log_dropped);
	for (lane = 0; lane < DB_LANES; lane++)
	{
		const DbLaneStats *stats = &slot->db.lanes[lane];

		text_format(out, "callcenter_db_connections{worker=\"%d\",lane=\"%s\"} %llu\n"
					"callcenter_db_queued{worker=\"%d\",lane=\"%s\"} %llu\n"
					"callcenter_db_in_flight{worker=\"%d\",lane=\"%s\"} %llu\n",
					w, db_lane_name((DbLane) lane), (unsigned long long) stats->ready,
					w, db_lane_name((DbLane) lane), (unsigned long long) stats->queued,
					w, db_lane_name((DbLane) lane), (unsigned long long) stats->in_flight);
	}
	write_worker(out, "db_sent_total", w, slot->db.sent);
	write_worker(out, "db_rows_total", w, slot->db.rows);
	write_worker(out, "db_errors_total", w, slot->db.errors);
	write_worker(out, "db_lost_total", w, slot->db.lost);
	write_worker(out, "db_busy_total", w, slot->db.busy);
	write_worker(out, "db_expired_total", w, slot->db.expired);
	write_worker(out, "db_orphaned_total", w, slot->db.orphaned);
	write_worker(out, "db_resent_total", w, slot->db.resent);
	write_worker(out, "db_connects_total", w, slot->db.connects);
	write_worker(out, "db_connect_failures_total", w, slot->db.connect_failures);
	write_worker(out, "db_disconnects_total", w, slot->db.disconnects);
}

/* Is this a request of the machine itself? */
static bool
is_local(struct http_request *req)
{
	const char *value;

	return req->owner != NULL && req->owner->family == AF_INET &&
		ntohl(req->owner->addr.ipv4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET &&
		!http_request_header(req, "x-forwarded-for", &value);
}

/* GET /metrics */
void
metrics_answer(Exchange *exchange)
{
	Text		out = {0};
	int			i;

	if (!is_local(exchange->req))
	{
		reply_error(exchange, 404, "not_found", "Not found", NULL, NULL);
		return;
	}
	text_add(&out, "# TYPE callcenter_http_requests_total counter\n"
			 "# TYPE callcenter_http_request_seconds histogram\n"
			 "# TYPE callcenter_refused_total counter\n");
	text_format(&out, "callcenter_build_info{release=\"%s\"} 1\n", static_release());
	for (i = 0; i < router_count(); i++)
		write_route(&out, i, router_method(i), router_pattern(i));
	write_route(&out, METRICS_STATIC, "GET", "static");
	write_route(&out, METRICS_UNMATCHED, "", "unmatched");
	write_route(&out, METRICS_REFUSED, "", "refused");
	write_refused(&out);
	for (i = 0; i < WORKERS_MAX; i++)
		if (slots[i].used)
			write_slot(&out, i);
	reply_send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", "no-store",
			   out.data, out.length, REPLY_COPY);
	text_free(&out);
}
