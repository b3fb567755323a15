-- Derived tables: a pure function of the tables above, kept by statement-level triggers in the same commit.  They are not
-- dumped: the triggers fill them again while a restore loads the rest.  They have no foreign keys: a restore may load in
-- any order, and when a company goes its rows are taken away by the triggers, after the company.

CREATE TABLE callcenter.customer_stats (
	company_id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	calls bigint NOT NULL DEFAULT 0,
	counting_calls bigint NOT NULL DEFAULT 0,
	calls_with_duration bigint NOT NULL DEFAULT 0,
	duration_seconds bigint NOT NULL DEFAULT 0,
	calls_with_rating bigint NOT NULL DEFAULT 0,
	rating bigint NOT NULL DEFAULT 0,
	first_contact timestamptz,
	last_contact timestamptz,
	appointments bigint NOT NULL DEFAULT 0,
	completed_appointments bigint NOT NULL DEFAULT 0,
	cancelled_appointments bigint NOT NULL DEFAULT 0,
	no_shows bigint NOT NULL DEFAULT 0,
	lifetime_value numeric NOT NULL DEFAULT 0,
	average_duration bigint,
	average_rating numeric,
	last_call_id callcenter.object_id,
	last_call text COLLATE "C",
	last_intent text COLLATE "C",
	last_status text COLLATE "C",
	last_result text,
	last_summary text,
	became_customer date,
	last_service text,
	last_service_date date,
	next_visit_id callcenter.object_id,
	next_visit_service text,
	next_visit_date date,
	next_visit_window text,
	last_visit_date date,
	status text COLLATE "C" NOT NULL DEFAULT 'lead',
	lifetime_hundredths bigint NOT NULL DEFAULT 0,
	phone callcenter.e164,
	card_format bigint,
	card text
) WITH (fillfactor = 80);
-- The orders of lists.  CASE: under row-level security coalesce() is held for leaky, and used with no index.  The key comes
-- last: of indexes that cost the same, as all do in a small table, the planner takes the newest.
CREATE INDEX customer_stats_contact ON callcenter.customer_stats
	(company_id, status, (CASE WHEN last_contact IS NULL THEN '-infinity' ELSE last_contact END), customer_id);
CREATE INDEX customer_stats_calls ON callcenter.customer_stats (company_id, calls, customer_id);
CREATE INDEX customer_stats_value ON callcenter.customer_stats (company_id, lifetime_hundredths, customer_id);
ALTER TABLE callcenter.customer_stats ADD PRIMARY KEY (company_id, customer_id);
-- What a lookup reads.  It is the newest, and partial so that no other statement can take it.
CREATE INDEX customer_stats_phone ON callcenter.customer_stats (company_id, phone) WHERE phone IS NOT NULL;
COMMENT ON TABLE callcenter.customer_stats IS
	'derived: one row a customer, what its calls and appointments add up to, and its ready profile, so that a lookup finds all of it with one probe';
COMMENT ON COLUMN callcenter.customer_stats.counting_calls IS 'calls that later ones count as earlier: all but spam and error';
COMMENT ON COLUMN callcenter.customer_stats.duration_seconds IS 'sum over the calls that have a duration';
COMMENT ON COLUMN callcenter.customer_stats.rating IS 'sum over the calls that were rated';
COMMENT ON COLUMN callcenter.customer_stats.lifetime_value IS 'sum of the values of completed appointments';
COMMENT ON COLUMN callcenter.customer_stats.average_duration IS 'seconds, over the calls that have a duration';
COMMENT ON COLUMN callcenter.customer_stats.last_call IS 'call_id of the last call by its start; what follows is of the same call';
COMMENT ON COLUMN callcenter.customer_stats.became_customer IS 'day of the first completed visit';
COMMENT ON COLUMN callcenter.customer_stats.last_service IS 'what the last completed visit was for';
COMMENT ON COLUMN callcenter.customer_stats.next_visit_date IS
	'day of the earliest visit that is still scheduled, which may have passed; what is upcoming depends on the day of asking';
COMMENT ON COLUMN callcenter.customer_stats.last_visit_date IS 'day of the latest visit that is still scheduled';
COMMENT ON COLUMN callcenter.customer_stats.status IS
	'that of the customer: the rows of each status are in the order of their last contact, and all of them in that of five statuses merged';
COMMENT ON COLUMN callcenter.customer_stats.lifetime_hundredths IS
	'lifetime_value as a whole number, by which lists are sorted: under row-level security numbers of type numeric are compared without an index';
COMMENT ON COLUMN callcenter.customer_stats.phone IS
	'the first number that is the customer''s alone, in the order of kinds: what a lookup asks for before it asks for the others';
COMMENT ON COLUMN callcenter.customer_stats.card_format IS
	'how the card was written: a hash of its fields, the phone metadata and the company''s region; another one than that of the library is not shown';
COMMENT ON COLUMN callcenter.customer_stats.card IS
	'the members of the customer document that are not derived, as JSON text without the braces, with access codes masked; null when no number is the customer''s alone';

CREATE TABLE callcenter.company_counters (
	company_id callcenter.object_id NOT NULL,
	kind text COLLATE "C" NOT NULL,
	grain text COLLATE "C" NOT NULL,
	bucket timestamptz NOT NULL,
	status text COLLATE "C" NOT NULL,
	intent text COLLATE "C" NOT NULL,
	records bigint NOT NULL,
	PRIMARY KEY (company_id, kind, grain, bucket, status, intent)
) WITH (fillfactor = 80);
COMMENT ON TABLE callcenter.company_counters IS
	'derived: how many calls, customers and follow-ups a company has, so that lists and analytics show exact totals without counting; not yet folded changes are in company_counter_deltas';
COMMENT ON COLUMN callcenter.company_counters.kind IS 'call, customer or follow_up';
COMMENT ON COLUMN callcenter.company_counters.status IS
	'of a call or customer; of a follow-up the event: opened, due (not before it is opened), resolved, recovered (resolved by a booking), late (both due and resolved)';
COMMENT ON COLUMN callcenter.company_counters.intent IS 'of a call; of a customer the type; empty when there is none';
COMMENT ON COLUMN callcenter.company_counters.grain IS
	'all: one row for each status and intent, bucket is -infinity; day and hour: one row for each UTC day and hour that calls start in, status and intent are empty; month, day and hour: one row for each event of follow-ups and UTC month, day and hour that it falls in';

CREATE TABLE callcenter.company_counter_deltas (
	company_id callcenter.object_id NOT NULL,
	kind text COLLATE "C" NOT NULL,
	bucket timestamptz NOT NULL,
	status text COLLATE "C" NOT NULL,
	intent text COLLATE "C" NOT NULL,
	records bigint NOT NULL
);
CREATE INDEX company_counter_deltas_company ON callcenter.company_counter_deltas (company_id, kind);
COMMENT ON TABLE callcenter.company_counter_deltas IS
	'derived: changes of company_counters that are not folded yet; appended, so that calls of one company do not wait for each other';
COMMENT ON COLUMN callcenter.company_counter_deltas.bucket IS 'the UTC hour that a call starts in, or an event of a follow-up falls in; -infinity for customers';

CREATE FUNCTION callcenter.fold_counters()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_fold_counters';
COMMENT ON FUNCTION callcenter.fold_counters() IS
	'moves the appended changes of all companies into company_counters; returns how many there were.  Readers see the same totals before and after.';

CREATE FUNCTION callcenter.rebuild_stats()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_rebuild_stats';
COMMENT ON FUNCTION callcenter.rebuild_stats() IS
	'computes the derived tables anew from the tables they come from; returns how many rows were wrong, which is 0 unless triggers were disabled';

ALTER TABLE callcenter.customer_stats ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_stats USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.company_counters ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.company_counters USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.company_counter_deltas ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.company_counter_deltas USING (company_id = callcenter.current_company());
