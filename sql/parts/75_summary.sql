-- What a set of calls adds up to (the type call_summary), and that of every company by hour, day and month, kept in the
-- same commit as the calls.

CREATE TYPE callcenter.call_summary;

CREATE FUNCTION callcenter.call_summary_in(cstring)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_in';
COMMENT ON FUNCTION callcenter.call_summary_in(cstring) IS 'input of type call_summary';

CREATE FUNCTION callcenter.call_summary_out(callcenter.call_summary)
RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_out';
COMMENT ON FUNCTION callcenter.call_summary_out(callcenter.call_summary) IS 'output of type call_summary';

CREATE FUNCTION callcenter.call_summary_recv(internal)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_recv';
COMMENT ON FUNCTION callcenter.call_summary_recv(internal) IS 'binary input of type call_summary';

CREATE FUNCTION callcenter.call_summary_send(callcenter.call_summary)
RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_send';
COMMENT ON FUNCTION callcenter.call_summary_send(callcenter.call_summary) IS 'binary output of type call_summary';

CREATE TYPE callcenter.call_summary (
	INPUT = callcenter.call_summary_in,
	OUTPUT = callcenter.call_summary_out,
	RECEIVE = callcenter.call_summary_recv,
	SEND = callcenter.call_summary_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE callcenter.call_summary IS
	'what a set of calls adds up to; summaries can be added and subtracted, and are read with the accessors (total_calls, booking_rate, by_intent, duration_percentile ...)';

CREATE FUNCTION callcenter.call_summary_of_stored(bytea)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_of_stored';
COMMENT ON FUNCTION callcenter.call_summary_of_stored(bytea) IS
	'the summary whose stored form this is, which is what call_summary_send() gives without the four bytes of its checksum; for the triggers.  Errors: 22P03.';

CREATE FUNCTION callcenter.call_summary_is_empty(callcenter.call_summary)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_is_empty';
COMMENT ON FUNCTION callcenter.call_summary_is_empty(callcenter.call_summary) IS 'whether it is the summary of no calls';

CREATE FUNCTION callcenter.call_summary_add(callcenter.call_summary, callcenter.call_summary)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_add';
COMMENT ON FUNCTION callcenter.call_summary_add(callcenter.call_summary, callcenter.call_summary) IS 'the calls of both together';
CREATE OPERATOR callcenter.+ (
	FUNCTION = callcenter.call_summary_add,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary,
	COMMUTATOR = OPERATOR(callcenter.+)
);
COMMENT ON OPERATOR callcenter.+ (callcenter.call_summary, callcenter.call_summary) IS 'the calls of both together';

CREATE FUNCTION callcenter.call_summary_subtract(callcenter.call_summary, callcenter.call_summary)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_subtract';
COMMENT ON FUNCTION callcenter.call_summary_subtract(callcenter.call_summary, callcenter.call_summary) IS
	'the difference: what must be added to the second to get the first; its figures may be negative';
CREATE OPERATOR callcenter.- (
	FUNCTION = callcenter.call_summary_subtract,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary
);
COMMENT ON OPERATOR callcenter.- (callcenter.call_summary, callcenter.call_summary) IS 'the difference; its figures may be negative';

CREATE FUNCTION callcenter.call_summary_eq(callcenter.call_summary, callcenter.call_summary)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_eq';
COMMENT ON FUNCTION callcenter.call_summary_eq(callcenter.call_summary, callcenter.call_summary) IS 'whether both say the same';
CREATE FUNCTION callcenter.call_summary_ne(callcenter.call_summary, callcenter.call_summary)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_ne';
COMMENT ON FUNCTION callcenter.call_summary_ne(callcenter.call_summary, callcenter.call_summary) IS 'whether they differ';
CREATE OPERATOR callcenter.= (
	FUNCTION = callcenter.call_summary_eq,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary,
	COMMUTATOR = OPERATOR(callcenter.=),
	NEGATOR = OPERATOR(callcenter.<>)
);
COMMENT ON OPERATOR callcenter.= (callcenter.call_summary, callcenter.call_summary) IS 'both say the same';
CREATE OPERATOR callcenter.<> (
	FUNCTION = callcenter.call_summary_ne,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary,
	COMMUTATOR = OPERATOR(callcenter.<>),
	NEGATOR = OPERATOR(callcenter.=)
);
COMMENT ON OPERATOR callcenter.<> (callcenter.call_summary, callcenter.call_summary) IS 'they differ';

-- The aggregates.  Their state is the type itself, so that it can be sent between nodes of a distributed engine.

CREATE FUNCTION callcenter.summarize_transition(state callcenter.call_summary, time_zone text, facts callcenter.call_facts)
RETURNS callcenter.call_summary
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_summarize_transition';
COMMENT ON FUNCTION callcenter.summarize_transition(callcenter.call_summary, text, callcenter.call_facts) IS 'part of aggregate summarize';

CREATE FUNCTION callcenter.rollup_transition(state callcenter.call_summary, summary callcenter.call_summary)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_rollup_transition';
COMMENT ON FUNCTION callcenter.rollup_transition(callcenter.call_summary, callcenter.call_summary) IS 'part of aggregates summarize and rollup';

CREATE AGGREGATE callcenter.summarize(time_zone text, facts callcenter.call_facts) (
	SFUNC = callcenter.summarize_transition,
	STYPE = callcenter.call_summary,
	COMBINEFUNC = callcenter.rollup_transition,
	INITCOND = '\x0100000000000000000000000000226c62b7',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE callcenter.summarize(text, callcenter.call_facts) IS
	'the summary of calls: the time zone that their hours are counted in, and calls.facts';

CREATE AGGREGATE callcenter.rollup(summary callcenter.call_summary) (
	SFUNC = callcenter.rollup_transition,
	STYPE = callcenter.call_summary,
	COMBINEFUNC = callcenter.rollup_transition,
	INITCOND = '\x0100000000000000000000000000226c62b7',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE callcenter.rollup(callcenter.call_summary) IS 'the sum of summaries: of the calls of all of them';

-- The accessors.

CREATE FUNCTION callcenter.total_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_total_calls';
COMMENT ON FUNCTION callcenter.total_calls(callcenter.call_summary) IS 'all calls';

CREATE FUNCTION callcenter.booked_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_booked_calls';
COMMENT ON FUNCTION callcenter.booked_calls(callcenter.call_summary) IS 'calls that an appointment came of (calls.is_booked)';

CREATE FUNCTION callcenter.returning_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_returning_calls';
COMMENT ON FUNCTION callcenter.returning_calls(callcenter.call_summary) IS 'calls of someone who had called before (calls.is_returning)';

CREATE FUNCTION callcenter.new_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_new_calls';
COMMENT ON FUNCTION callcenter.new_calls(callcenter.call_summary) IS 'all calls but the returning ones';

CREATE FUNCTION callcenter.missed_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_missed_calls';
COMMENT ON FUNCTION callcenter.missed_calls(callcenter.call_summary) IS 'voicemail, and abandoned after 15 seconds or more or after an unknown time';

CREATE FUNCTION callcenter.abandoned_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_abandoned_calls';
COMMENT ON FUNCTION callcenter.abandoned_calls(callcenter.call_summary) IS 'abandoned before 15 seconds';

CREATE FUNCTION callcenter.withheld_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_withheld_calls';
COMMENT ON FUNCTION callcenter.withheld_calls(callcenter.call_summary) IS 'calls of withheld numbers';

CREATE FUNCTION callcenter.follow_up_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_follow_up_calls';
COMMENT ON FUNCTION callcenter.follow_up_calls(callcenter.call_summary) IS 'calls that ask for a follow-up (calls.follow_up_required)';

CREATE FUNCTION callcenter.reviewed_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_reviewed_calls';
COMMENT ON FUNCTION callcenter.reviewed_calls(callcenter.call_summary) IS 'calls that were reviewed';

CREATE FUNCTION callcenter.flagged_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_flagged_calls';
COMMENT ON FUNCTION callcenter.flagged_calls(callcenter.call_summary) IS 'calls that were flagged';

CREATE FUNCTION callcenter.rated_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_rated_calls';
COMMENT ON FUNCTION callcenter.rated_calls(callcenter.call_summary) IS 'calls that have a rating';

CREATE FUNCTION callcenter.avg_rating(summary callcenter.call_summary)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_avg_rating';
COMMENT ON FUNCTION callcenter.avg_rating(callcenter.call_summary) IS 'average rating of the calls that have one; NULL when none has';

CREATE FUNCTION callcenter.calls_with_duration(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_calls_with_duration';
COMMENT ON FUNCTION callcenter.calls_with_duration(callcenter.call_summary) IS 'calls whose duration is known';

CREATE FUNCTION callcenter.total_duration(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_total_duration';
COMMENT ON FUNCTION callcenter.total_duration(callcenter.call_summary) IS 'seconds, of the calls whose duration is known';

CREATE FUNCTION callcenter.avg_duration(summary callcenter.call_summary)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_avg_duration';
COMMENT ON FUNCTION callcenter.avg_duration(callcenter.call_summary) IS 'average seconds of the calls whose duration is known; NULL when none is';

CREATE FUNCTION callcenter.duration_percentile(summary callcenter.call_summary, p float8)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_duration_percentile';
COMMENT ON FUNCTION callcenter.duration_percentile(callcenter.call_summary, float8) IS 'the seconds that a share p (0 to 1) of the calls whose duration is known do not exceed: percentile_disc, exact below 128 seconds, else at most 1/128 of it off; NULL when none is known.  Error: 22003.';

CREATE FUNCTION callcenter.calls_with_cost(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_calls_with_cost';
COMMENT ON FUNCTION callcenter.calls_with_cost(callcenter.call_summary) IS 'calls whose cost is known';

CREATE FUNCTION callcenter.total_cost(summary callcenter.call_summary)
RETURNS numeric
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_total_cost';
COMMENT ON FUNCTION callcenter.total_cost(callcenter.call_summary) IS 'dollars, of the calls whose cost is known; each counts to 24 decimal places';

CREATE FUNCTION callcenter.booking_rate(summary callcenter.call_summary)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_booking_rate';
COMMENT ON FUNCTION callcenter.booking_rate(callcenter.call_summary) IS 'booked_calls / total_calls; NULL when there are none';

CREATE FUNCTION callcenter.leads(summary callcenter.call_summary, non_lead_intents text[])
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_leads';
COMMENT ON FUNCTION callcenter.leads(callcenter.call_summary, text[]) IS 'inbound calls that are not spam, error or abandoned before 15 seconds, and whose intent is not one of those (upper and lower case are the same)';

CREATE FUNCTION callcenter.booked_leads(summary callcenter.call_summary, non_lead_intents text[])
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_booked_leads';
COMMENT ON FUNCTION callcenter.booked_leads(callcenter.call_summary, text[]) IS 'leads that an appointment came of';

CREATE FUNCTION callcenter.lead_booking_rate(summary callcenter.call_summary, non_lead_intents text[])
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_lead_booking_rate';
COMMENT ON FUNCTION callcenter.lead_booking_rate(callcenter.call_summary, text[]) IS 'booked_leads / leads; NULL when there are none';

CREATE FUNCTION callcenter.by_status(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_status';
COMMENT ON FUNCTION callcenter.by_status(callcenter.call_summary) IS 'calls by status, an object; sums to total_calls';

CREATE FUNCTION callcenter.by_direction(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_direction';
COMMENT ON FUNCTION callcenter.by_direction(callcenter.call_summary) IS 'calls by direction, an object; sums to total_calls';

CREATE FUNCTION callcenter.by_tier(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_tier';
COMMENT ON FUNCTION callcenter.by_tier(callcenter.call_summary) IS 'calls by routing tier (1, 2, 3, none), an object; sums to total_calls';

CREATE FUNCTION callcenter.by_intent(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_intent';
COMMENT ON FUNCTION callcenter.by_intent(callcenter.call_summary) IS 'calls by intent, an object; calls without one have the empty key; sums to total_calls';

CREATE FUNCTION callcenter.by_hour(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_hour';
COMMENT ON FUNCTION callcenter.by_hour(callcenter.call_summary) IS 'calls by hour of the wall clock, an array of 24; sums to total_calls';

CREATE FUNCTION callcenter.tier_details(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_tier_details';
COMMENT ON FUNCTION callcenter.tier_details(callcenter.call_summary) IS 'calls and booked of each routing tier';

CREATE FUNCTION callcenter.hour_details(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_hour_details';
COMMENT ON FUNCTION callcenter.hour_details(callcenter.call_summary) IS 'calls and booked of each hour of the wall clock, an array of 24';

CREATE FUNCTION callcenter.intent_details(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_intent_details';
COMMENT ON FUNCTION callcenter.intent_details(callcenter.call_summary) IS 'calls, booked, leads and bookedLeads of each intent; whether an intent can be a lead at all is for the company to say';

-- Rollups.  Derived, as the tables of 70_stats are.

CREATE TABLE callcenter.call_rollups (
	company_id callcenter.object_id NOT NULL,
	grain text COLLATE "C" NOT NULL,
	start timestamptz NOT NULL,
	day date NOT NULL,
	summary callcenter.call_summary NOT NULL,
	PRIMARY KEY (company_id, grain, start)
) WITH (fillfactor = 80);
COMMENT ON TABLE callcenter.call_rollups IS
	'derived: what the calls of each hour, day and month of a company add up to; not yet folded changes are in call_rollup_deltas';
COMMENT ON COLUMN callcenter.call_rollups.grain IS 'hour, day or month';
COMMENT ON COLUMN callcenter.call_rollups.start IS 'first instant of the hour, day or month in the company''s time zone';
COMMENT ON COLUMN callcenter.call_rollups.day IS 'the day, that of the hour, or the first of the month';

CREATE TABLE callcenter.call_rollup_deltas (
	company_id callcenter.object_id NOT NULL,
	hour timestamptz NOT NULL,
	day date NOT NULL,
	day_start timestamptz NOT NULL,
	month date NOT NULL,
	month_start timestamptz NOT NULL,
	summary callcenter.call_summary NOT NULL
);
CREATE INDEX call_rollup_deltas_hour ON callcenter.call_rollup_deltas (company_id, hour);
COMMENT ON TABLE callcenter.call_rollup_deltas IS
	'derived: changes of call_rollups that are not folded yet; appended, so that calls of one company do not wait for each other';
COMMENT ON COLUMN callcenter.call_rollup_deltas.hour IS 'first instant of the hour that the calls start in';

ALTER TABLE callcenter.call_rollups ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.call_rollups USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.call_rollup_deltas ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.call_rollup_deltas USING (company_id = callcenter.current_company());

CREATE VIEW callcenter.call_day_summaries WITH (security_invoker = true) AS
SELECT x.company_id::text AS company_id, x.day, x.start, callcenter.rollup(x.summary) AS summary
FROM (
	SELECT r.company_id, r.day, r.start, r.summary FROM callcenter.call_rollups r WHERE r.grain = 'day'
	UNION ALL
	SELECT d.company_id, d.day, d.day_start, d.summary FROM callcenter.call_rollup_deltas d
) x
GROUP BY x.company_id, x.day, x.start;
COMMENT ON VIEW callcenter.call_day_summaries IS 'one row a day of a company with calls: its date, its first instant, what its calls add up to';
COMMENT ON COLUMN callcenter.call_day_summaries.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.call_day_summaries.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.call_day_summaries.start IS 'the day''s first instant; a range of it is found by an index';
COMMENT ON COLUMN callcenter.call_day_summaries.summary IS 'what the day''s calls add up to, for rollup() and the accessors; no type that a BI tool reads';

CREATE VIEW callcenter.call_hour_summaries WITH (security_invoker = true) AS
SELECT x.company_id::text AS company_id, x.day, x.start, callcenter.rollup(x.summary) AS summary
FROM (
	SELECT r.company_id, r.day, r.start, r.summary FROM callcenter.call_rollups r WHERE r.grain = 'hour'
	UNION ALL
	SELECT d.company_id, d.day, d.hour, d.summary FROM callcenter.call_rollup_deltas d
) x
GROUP BY x.company_id, x.day, x.start;
COMMENT ON VIEW callcenter.call_hour_summaries IS 'one row an hour of a company with calls: the date it is in, its first instant, what its calls add up to';
COMMENT ON COLUMN callcenter.call_hour_summaries.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.call_hour_summaries.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.call_hour_summaries.start IS 'the hour''s first instant; a range of it is found by an index';
COMMENT ON COLUMN callcenter.call_hour_summaries.summary IS 'what the hour''s calls add up to, for rollup() and the accessors; no type that a BI tool reads';

CREATE FUNCTION callcenter.company_summary(company_id callcenter.object_id, start timestamptz, finish timestamptz)
RETURNS callcenter.call_summary
LANGUAGE c STABLE STRICT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_company_summary';
COMMENT ON FUNCTION callcenter.company_summary(callcenter.object_id, timestamptz, timestamptz) IS
	'what the calls add up to that start from one instant on and before another, from the rollups: some milliseconds, however many calls; as the caller sees them under row-level security.  Errors: P0002.';

CREATE FUNCTION callcenter.fold_rollups()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_fold_rollups';
COMMENT ON FUNCTION callcenter.fold_rollups() IS
	'moves the appended changes of all companies into call_rollups; returns how many there were.  Readers see the same summaries before and after.';
