-- What BI tools read: views with plain columns, each named for what a row of it is.  All are security_invoker: whoever asks
-- sees the company of his own identity, and what he may see of it.  Days, hours and weekdays are those of the company's
-- clock; figures come from call_summary, so they are those of the API.

CREATE VIEW callcenter.daily_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	callcenter.total_calls(s.summary) AS total_calls,
	callcenter.booked_calls(s.summary) AS booked_calls,
	callcenter.booking_rate(s.summary) AS booking_rate,
	callcenter.leads(s.summary, co.non_lead_intents) AS leads,
	callcenter.booked_leads(s.summary, co.non_lead_intents) AS booked_leads,
	callcenter.lead_booking_rate(s.summary, co.non_lead_intents) AS lead_booking_rate,
	callcenter.new_calls(s.summary) AS new_calls,
	callcenter.returning_calls(s.summary) AS returning_calls,
	callcenter.missed_calls(s.summary) AS missed_calls,
	callcenter.abandoned_calls(s.summary) AS abandoned_calls,
	callcenter.withheld_calls(s.summary) AS withheld_calls,
	coalesce((callcenter.by_direction(s.summary) ->> 'outbound')::bigint, 0) AS outbound_calls,
	callcenter.follow_up_calls(s.summary) AS follow_up_calls,
	callcenter.reviewed_calls(s.summary) AS reviewed_calls,
	callcenter.flagged_calls(s.summary) AS flagged_calls,
	callcenter.rated_calls(s.summary) AS rated_calls,
	callcenter.avg_rating(s.summary) AS avg_rating,
	callcenter.calls_with_duration(s.summary) AS calls_with_duration,
	callcenter.total_duration(s.summary) AS total_seconds,
	callcenter.avg_duration(s.summary) AS avg_seconds,
	callcenter.duration_percentile(s.summary, 0.5) AS median_seconds,
	callcenter.duration_percentile(s.summary, 0.9) AS p90_seconds,
	callcenter.calls_with_cost(s.summary) AS calls_with_cost,
	callcenter.total_cost(s.summary) AS total_cost
FROM callcenter.call_day_summaries s
JOIN callcenter.companies co ON co.id = s.company_id;
COMMENT ON VIEW callcenter.daily_calls IS 'one row a day that had calls: how many, and what came of them';
COMMENT ON COLUMN callcenter.daily_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.daily_calls.booking_rate IS 'booked_calls / total_calls; for several days divide the sums';
COMMENT ON COLUMN callcenter.daily_calls.leads IS 'inbound, not spam or error, intent not among the company''s non-lead intents, not abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.daily_calls.lead_booking_rate IS 'booked_leads / leads; NULL without leads';
COMMENT ON COLUMN callcenter.daily_calls.missed_calls IS 'voicemail, and abandoned after 15 seconds or more';
COMMENT ON COLUMN callcenter.daily_calls.abandoned_calls IS 'abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.daily_calls.total_seconds IS 'length of the calls_with_duration together';
COMMENT ON COLUMN callcenter.daily_calls.p90_seconds IS '9 of 10 calls were not longer, give or take 1/128; not for averaging over days';
COMMENT ON COLUMN callcenter.daily_calls.total_cost IS 'US dollars, of the calls_with_cost';

CREATE VIEW callcenter.hourly_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	extract(hour FROM s.start AT TIME ZONE co.time_zone)::integer AS hour,
	extract(isodow FROM s.day)::integer AS weekday,
	s.start,
	callcenter.total_calls(s.summary) AS total_calls,
	callcenter.booked_calls(s.summary) AS booked_calls,
	callcenter.leads(s.summary, co.non_lead_intents) AS leads,
	callcenter.booked_leads(s.summary, co.non_lead_intents) AS booked_leads,
	callcenter.returning_calls(s.summary) AS returning_calls,
	callcenter.missed_calls(s.summary) AS missed_calls,
	callcenter.abandoned_calls(s.summary) AS abandoned_calls,
	callcenter.avg_duration(s.summary) AS avg_seconds
FROM callcenter.call_hour_summaries s
JOIN callcenter.companies co ON co.id = s.company_id;
COMMENT ON VIEW callcenter.hourly_calls IS 'one row an hour that had calls; where clocks go back an hour is there twice, with two starts';
COMMENT ON COLUMN callcenter.hourly_calls.hour IS '0 to 23, of the company''s clock';
COMMENT ON COLUMN callcenter.hourly_calls.weekday IS '1 Monday to 7 Sunday';
COMMENT ON COLUMN callcenter.hourly_calls.start IS 'the hour''s first instant';

CREATE VIEW callcenter.intent_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	nullif(i.intent, '') AS intent,
	(i.counts ->> 'calls')::bigint AS total_calls,
	(i.counts ->> 'booked')::bigint AS booked_calls,
	NOT lower(i.intent COLLATE "C") = ANY (co.non_lead_intents) AS is_lead,
	CASE WHEN lower(i.intent COLLATE "C") = ANY (co.non_lead_intents) THEN 0 ELSE (i.counts ->> 'leads')::bigint END AS leads,
	CASE WHEN lower(i.intent COLLATE "C") = ANY (co.non_lead_intents) THEN 0 ELSE (i.counts ->> 'bookedLeads')::bigint END AS booked_leads
FROM callcenter.call_day_summaries s
JOIN callcenter.companies co ON co.id = s.company_id
CROSS JOIN LATERAL jsonb_each(callcenter.intent_details(s.summary)) AS i (intent, counts)
WHERE (i.counts ->> 'calls')::bigint <> 0;
COMMENT ON VIEW callcenter.intent_calls IS 'one row a day and intent: why people called';
COMMENT ON COLUMN callcenter.intent_calls.intent IS 'NULL for calls without one';
COMMENT ON COLUMN callcenter.intent_calls.is_lead IS 'whether callers with this intent are leads for the company';

CREATE VIEW callcenter.outcome_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	o.outcome,
	o.calls::bigint AS total_calls
FROM callcenter.call_day_summaries s
CROSS JOIN LATERAL jsonb_each_text(callcenter.by_status(s.summary)) AS o (outcome, calls)
WHERE o.calls::bigint <> 0;
COMMENT ON VIEW callcenter.outcome_calls IS 'one row a day and outcome: how calls ended';
COMMENT ON COLUMN callcenter.outcome_calls.outcome IS 'completed, transferred, voicemail, abandoned, spam or error';

CREATE VIEW callcenter.tier_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	CASE WHEN t.tier BETWEEN '1' AND '3' THEN t.tier::smallint END AS tier,
	(t.counts ->> 'calls')::bigint AS total_calls,
	(t.counts ->> 'booked')::bigint AS booked_calls
FROM callcenter.call_day_summaries s
CROSS JOIN LATERAL jsonb_each(callcenter.tier_details(s.summary)) AS t (tier, counts)
WHERE (t.counts ->> 'calls')::bigint <> 0;
COMMENT ON VIEW callcenter.tier_calls IS 'one row a day and routing tier: which part of the agent answered';
COMMENT ON COLUMN callcenter.tier_calls.tier IS '1, 2 or 3; NULL for calls without one';

CREATE VIEW callcenter.customer_overview WITH (security_invoker = true) AS
SELECT cu.company_id,
	cu.id AS customer_id,
	'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') AS customer_number,
	cu.full_name,
	p.phone::text AS phone,
	cu.email,
	cu.customer_type::text AS customer_type,
	cu.status,
	cu.source::text AS source,
	cu.language,
	(SELECT array_agg(t.tag ORDER BY t.tag) FROM callcenter.customer_tags t WHERE t.company_id = cu.company_id AND t.customer_id = cu.id) AS tags,
	coalesce(st.calls, 0) AS total_calls,
	st.duration_seconds::float8 / nullif(st.calls_with_duration, 0) AS avg_seconds,
	st.rating::float8 / nullif(st.calls_with_rating, 0) AS avg_rating,
	st.first_contact,
	st.last_contact,
	coalesce(st.appointments, 0) AS appointments,
	coalesce(st.completed_appointments, 0) AS completed_appointments,
	coalesce(st.cancelled_appointments, 0) AS cancelled_appointments,
	coalesce(st.no_shows, 0) AS no_shows,
	coalesce(st.lifetime_value, 0) AS lifetime_value,
	cu.created_at
FROM callcenter.customers cu
LEFT JOIN callcenter.customer_phones p ON p.company_id = cu.company_id AND p.customer_id = cu.id AND p.kind = 'primary'
LEFT JOIN callcenter.customer_stats st ON st.company_id = cu.company_id AND st.customer_id = cu.id;
COMMENT ON VIEW callcenter.customer_overview IS 'one row a customer: who it is, and what the calls and visits add up to';
COMMENT ON COLUMN callcenter.customer_overview.customer_id IS 'customers.id';
COMMENT ON COLUMN callcenter.customer_overview.customer_number IS 'as the page shows it: CUST-00842';
COMMENT ON COLUMN callcenter.customer_overview.lifetime_value IS 'sum of the values of completed visits';

CREATE VIEW callcenter.open_follow_ups WITH (security_invoker = true) AS
SELECT f.company_id,
	f.id AS follow_up_id,
	f.status,
	f.reason,
	f.priority,
	f.due_at,
	f.due_at < now() AS is_overdue,
	greatest(0, extract(epoch FROM now() - f.due_at) / 60)::integer AS minutes_overdue,
	f.opened_at,
	(extract(epoch FROM now() - f.opened_at) / 60)::integer AS minutes_open,
	f.attempts,
	f.claimed_by,
	f.claimed_at,
	f.customer_id,
	'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') AS customer_number,
	cu.full_name,
	coalesce(cu.status = 'do_not_contact', false) AS do_not_contact,
	coalesce(f.phone, p.phone)::text AS phone,
	f.first_call_id,
	f.first_call_at,
	f.last_call_id,
	f.last_call_at
FROM callcenter.follow_ups f
LEFT JOIN callcenter.customers cu ON cu.company_id = f.company_id AND cu.id = f.customer_id
LEFT JOIN callcenter.customer_phones p ON p.company_id = f.company_id AND p.customer_id = f.customer_id AND p.kind = 'primary'
WHERE f.resolved_at IS NULL;
COMMENT ON VIEW callcenter.open_follow_ups IS 'one row a caller who still waits for somebody, with the deadline';
COMMENT ON COLUMN callcenter.open_follow_ups.is_overdue IS 'the deadline has passed';
COMMENT ON COLUMN callcenter.open_follow_ups.do_not_contact IS 'the customer must not be contacted';
COMMENT ON COLUMN callcenter.open_follow_ups.phone IS 'the number to call: the customer''s primary one, else the caller''s';
COMMENT ON COLUMN callcenter.open_follow_ups.attempts IS 'how many calls wait for an answer in it';

CREATE VIEW callcenter.transcript_turns WITH (security_invoker = true) AS
SELECT c.company_id,
	c.id AS call_id,
	c.started_at,
	t.number::integer AS turn,
	t.turn ->> 'speaker' AS speaker,
	t.turn ->> 'text' AS text,
	(t.turn ->> 'timestamp')::timestamptz AS spoken_at,
	length(t.turn ->> 'text') AS characters
FROM callcenter.calls c
JOIN callcenter.transcripts tr ON tr.company_id = c.company_id AND tr.call_id = c.id
CROSS JOIN LATERAL jsonb_array_elements(tr.turns) WITH ORDINALITY AS t (turn, number);
COMMENT ON VIEW callcenter.transcript_turns IS 'one row a turn of a transcript: who said what';
COMMENT ON COLUMN callcenter.transcript_turns.call_id IS 'calls.id';
COMMENT ON COLUMN callcenter.transcript_turns.turn IS 'counts from 1 in a call';
COMMENT ON COLUMN callcenter.transcript_turns.speaker IS 'agent or caller';
COMMENT ON COLUMN callcenter.transcript_turns.spoken_at IS 'NULL when the transcript has no times';

CREATE VIEW callcenter.calls_flat WITH (security_invoker = true) AS
SELECT c.company_id, c.id, c.call_id, c.twilio_call_sid,
	c.started_at, c.ended_at, c.duration_seconds,
	c.started_at AT TIME ZONE co.time_zone AS local_time,
	(c.started_at AT TIME ZONE co.time_zone)::date AS day,
	extract(hour FROM c.started_at AT TIME ZONE co.time_zone)::integer AS hour,
	extract(isodow FROM c.started_at AT TIME ZONE co.time_zone)::integer AS weekday,
	c.direction::text AS direction,
	c.caller_kind::text AS caller_kind,
	c.caller_phone::text AS caller_phone,
	coalesce(c.caller_name, cu.full_name, c.captured_name) AS caller_name,
	c.customer_id,
	'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') AS customer_number,
	c.is_returning, c.previous_call_count,
	c.primary_intent AS intent, c.intent_confidence, c.emotion_primary AS emotion, c.emotion_intensity,
	c.triage_card, c.scenario_matched, c.routing_tier AS tier, c.llm_model, c.llm_cost,
	c.urgency, c.problem_description, c.captured_city AS city, c.captured_state AS state, c.captured_zip AS zip,
	c.requested_date, c.booked_date,
	c.status AS outcome, c.result, c.transferred_to, c.message_left, c.follow_up_required,
	c.is_booked,
	c.direction = 'inbound' AND c.status NOT IN ('spam', 'error') AND NOT (c.status = 'abandoned' AND coalesce(c.duration_seconds < 15, false))
		AND NOT coalesce(lower(c.primary_intent) = ANY (co.non_lead_intents), false) AS is_lead,
	c.status = 'voicemail' OR c.status = 'abandoned' AND coalesce(c.duration_seconds >= 15, true) AS is_missed,
	c.status = 'abandoned' AND coalesce(c.duration_seconds < 15, false) AS is_abandoned,
	c.reviewed, c.rating, c.flagged, c.flag_reason, c.summary, c.created_at
FROM callcenter.calls c
JOIN callcenter.companies co ON co.id = c.company_id
LEFT JOIN callcenter.customers cu ON cu.company_id = c.company_id AND cu.id = c.customer_id;
COMMENT ON VIEW callcenter.calls_flat IS 'one row a call, with the company''s local time and what the figures count; filter by started_at, which has an index';
COMMENT ON COLUMN callcenter.calls_flat.local_time IS 'what the company''s clock showed when the call started';
COMMENT ON COLUMN callcenter.calls_flat.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.calls_flat.hour IS '0 to 23, of the company''s clock';
COMMENT ON COLUMN callcenter.calls_flat.weekday IS '1 Monday to 7 Sunday';
COMMENT ON COLUMN callcenter.calls_flat.is_lead IS 'counted in leads of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.is_missed IS 'counted in missed_calls of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.is_abandoned IS 'counted in abandoned_calls of daily_calls';
