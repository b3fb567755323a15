-- What BI tools read: views with plain columns, each named for what a row of it is.  All are security_invoker: whoever asks
-- sees the company of his own identity, and what he may see of it.  Days, hours and weekdays are those of the company's
-- clock; figures come from call_summary, so they are those of the API.  Types are PostgreSQL's own, and every column says what it is.

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
COMMENT ON COLUMN callcenter.daily_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.daily_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.daily_calls.total_calls IS 'calls that started on the day';
COMMENT ON COLUMN callcenter.daily_calls.booked_calls IS 'calls that an appointment came of';
COMMENT ON COLUMN callcenter.daily_calls.booking_rate IS 'booked_calls / total_calls; for several days divide the sums';
COMMENT ON COLUMN callcenter.daily_calls.leads IS 'inbound, not spam or error, intent not among the company''s non-lead intents, not abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.daily_calls.booked_leads IS 'leads that an appointment came of';
COMMENT ON COLUMN callcenter.daily_calls.lead_booking_rate IS 'booked_leads / leads; NULL without leads';
COMMENT ON COLUMN callcenter.daily_calls.new_calls IS 'calls without an earlier one of the same customer or number';
COMMENT ON COLUMN callcenter.daily_calls.returning_calls IS 'calls with an earlier one; the others are new_calls';
COMMENT ON COLUMN callcenter.daily_calls.missed_calls IS 'voicemail, and abandoned after 15 seconds or more';
COMMENT ON COLUMN callcenter.daily_calls.abandoned_calls IS 'abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.daily_calls.withheld_calls IS 'calls whose caller withheld the number';
COMMENT ON COLUMN callcenter.daily_calls.outbound_calls IS 'calls that the company made';
COMMENT ON COLUMN callcenter.daily_calls.follow_up_calls IS 'calls whose outcome asks for a follow-up';
COMMENT ON COLUMN callcenter.daily_calls.reviewed_calls IS 'calls that somebody has reviewed';
COMMENT ON COLUMN callcenter.daily_calls.flagged_calls IS 'calls that are flagged';
COMMENT ON COLUMN callcenter.daily_calls.rated_calls IS 'calls that have a rating';
COMMENT ON COLUMN callcenter.daily_calls.avg_rating IS 'average of the rated_calls, 1 to 5; NULL without any';
COMMENT ON COLUMN callcenter.daily_calls.calls_with_duration IS 'calls whose length is known';
COMMENT ON COLUMN callcenter.daily_calls.total_seconds IS 'length of the calls_with_duration together';
COMMENT ON COLUMN callcenter.daily_calls.avg_seconds IS 'total_seconds / calls_with_duration; NULL without any';
COMMENT ON COLUMN callcenter.daily_calls.median_seconds IS 'half of the calls were not longer, give or take 1/128; not for averaging over days';
COMMENT ON COLUMN callcenter.daily_calls.p90_seconds IS '9 of 10 calls were not longer, give or take 1/128; not for averaging over days';
COMMENT ON COLUMN callcenter.daily_calls.calls_with_cost IS 'calls whose cost is known';
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
COMMENT ON COLUMN callcenter.hourly_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.hourly_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.hourly_calls.hour IS '0 to 23, of the company''s clock';
COMMENT ON COLUMN callcenter.hourly_calls.weekday IS '1 Monday to 7 Sunday';
COMMENT ON COLUMN callcenter.hourly_calls.start IS 'the hour''s first instant; a range of it is found by an index, however long the history';
COMMENT ON COLUMN callcenter.hourly_calls.total_calls IS 'calls that started in the hour';
COMMENT ON COLUMN callcenter.hourly_calls.booked_calls IS 'calls that an appointment came of';
COMMENT ON COLUMN callcenter.hourly_calls.leads IS 'as in daily_calls';
COMMENT ON COLUMN callcenter.hourly_calls.booked_leads IS 'leads that an appointment came of';
COMMENT ON COLUMN callcenter.hourly_calls.returning_calls IS 'calls with an earlier one of the same customer or number';
COMMENT ON COLUMN callcenter.hourly_calls.missed_calls IS 'voicemail, and abandoned after 15 seconds or more';
COMMENT ON COLUMN callcenter.hourly_calls.abandoned_calls IS 'abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.hourly_calls.avg_seconds IS 'average length of the calls whose length is known; NULL without any';

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
COMMENT ON COLUMN callcenter.intent_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.intent_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.intent_calls.intent IS 'NULL for calls without one';
COMMENT ON COLUMN callcenter.intent_calls.total_calls IS 'calls with the intent';
COMMENT ON COLUMN callcenter.intent_calls.booked_calls IS 'those that an appointment came of';
COMMENT ON COLUMN callcenter.intent_calls.is_lead IS 'whether callers with this intent are leads for the company';
COMMENT ON COLUMN callcenter.intent_calls.leads IS 'those that are leads, as in daily_calls; 0 where is_lead is false';
COMMENT ON COLUMN callcenter.intent_calls.booked_leads IS 'leads that an appointment came of';

CREATE VIEW callcenter.outcome_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	o.outcome,
	o.calls::bigint AS total_calls
FROM callcenter.call_day_summaries s
CROSS JOIN LATERAL jsonb_each_text(callcenter.by_status(s.summary)) AS o (outcome, calls)
WHERE o.calls::bigint <> 0;
COMMENT ON VIEW callcenter.outcome_calls IS 'one row a day and outcome: how calls ended';
COMMENT ON COLUMN callcenter.outcome_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.outcome_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.outcome_calls.outcome IS 'completed, transferred, voicemail, abandoned, spam or error';
COMMENT ON COLUMN callcenter.outcome_calls.total_calls IS 'calls that ended so';

CREATE VIEW callcenter.tier_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	CASE WHEN t.tier BETWEEN '1' AND '3' THEN t.tier::smallint END AS tier,
	(t.counts ->> 'calls')::bigint AS total_calls,
	(t.counts ->> 'booked')::bigint AS booked_calls
FROM callcenter.call_day_summaries s
CROSS JOIN LATERAL jsonb_each(callcenter.tier_details(s.summary)) AS t (tier, counts)
WHERE (t.counts ->> 'calls')::bigint <> 0;
COMMENT ON VIEW callcenter.tier_calls IS 'one row a day and routing tier: which part of the agent answered';
COMMENT ON COLUMN callcenter.tier_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.tier_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.tier_calls.tier IS '1, 2 or 3; NULL for calls without one';
COMMENT ON COLUMN callcenter.tier_calls.total_calls IS 'calls that the tier answered';
COMMENT ON COLUMN callcenter.tier_calls.booked_calls IS 'those that an appointment came of';

CREATE VIEW callcenter.customer_overview WITH (security_invoker = true) AS
SELECT cu.company_id::text AS company_id,
	cu.id::text AS customer_id,
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
COMMENT ON COLUMN callcenter.customer_overview.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.customer_overview.customer_id IS 'customers.id';
COMMENT ON COLUMN callcenter.customer_overview.customer_number IS 'as the page shows it: CUST-00842';
COMMENT ON COLUMN callcenter.customer_overview.full_name IS 'first and last name';
COMMENT ON COLUMN callcenter.customer_overview.phone IS 'the primary number, E.164';
COMMENT ON COLUMN callcenter.customer_overview.email IS 'e-mail address';
COMMENT ON COLUMN callcenter.customer_overview.customer_type IS 'residential, commercial or property_manager';
COMMENT ON COLUMN callcenter.customer_overview.status IS 'lead, active, inactive, churned or do_not_contact';
COMMENT ON COLUMN callcenter.customer_overview.source IS 'where the customer came from: phone_call, website, referral, google, yelp or other';
COMMENT ON COLUMN callcenter.customer_overview.language IS 'preferred language, en if nothing else is known';
COMMENT ON COLUMN callcenter.customer_overview.tags IS 'an array of text in alphabetical order; NULL without any';
COMMENT ON COLUMN callcenter.customer_overview.total_calls IS 'calls of the customer, from any number';
COMMENT ON COLUMN callcenter.customer_overview.avg_seconds IS 'average length of the calls whose length is known; NULL without any';
COMMENT ON COLUMN callcenter.customer_overview.avg_rating IS 'average of the calls that were rated, 1 to 5; NULL without any';
COMMENT ON COLUMN callcenter.customer_overview.first_contact IS 'start of the first call; NULL without calls';
COMMENT ON COLUMN callcenter.customer_overview.last_contact IS 'start of the last call; NULL without calls';
COMMENT ON COLUMN callcenter.customer_overview.appointments IS 'all visits, whatever their status';
COMMENT ON COLUMN callcenter.customer_overview.completed_appointments IS 'visits that took place';
COMMENT ON COLUMN callcenter.customer_overview.cancelled_appointments IS 'visits that were cancelled';
COMMENT ON COLUMN callcenter.customer_overview.no_shows IS 'visits at which the customer was not there';
COMMENT ON COLUMN callcenter.customer_overview.lifetime_value IS 'sum of the values of completed visits';
COMMENT ON COLUMN callcenter.customer_overview.created_at IS 'when the profile was made';

CREATE VIEW callcenter.open_follow_ups WITH (security_invoker = true) AS
SELECT f.company_id::text AS company_id,
	f.id::text AS follow_up_id,
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
	f.customer_id::text AS customer_id,
	'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') AS customer_number,
	cu.full_name,
	coalesce(cu.status = 'do_not_contact', false) AS do_not_contact,
	coalesce(f.phone, p.phone)::text AS phone,
	f.first_call_id::text AS first_call_id,
	f.first_call_at,
	f.last_call_id::text AS last_call_id,
	f.last_call_at
FROM callcenter.follow_ups f
LEFT JOIN callcenter.customers cu ON cu.company_id = f.company_id AND cu.id = f.customer_id
LEFT JOIN callcenter.customer_phones p ON p.company_id = f.company_id AND p.customer_id = f.customer_id AND p.kind = 'primary'
WHERE f.resolved_at IS NULL;
COMMENT ON VIEW callcenter.open_follow_ups IS 'one row a caller who still waits for somebody, with the deadline';
COMMENT ON COLUMN callcenter.open_follow_ups.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.open_follow_ups.follow_up_id IS 'follow_ups.id';
COMMENT ON COLUMN callcenter.open_follow_ups.status IS 'open, or claimed by somebody';
COMMENT ON COLUMN callcenter.open_follow_ups.reason IS 'the strongest reason among its calls';
COMMENT ON COLUMN callcenter.open_follow_ups.priority IS 'normal, urgent or emergency: the highest among its calls; a second attempt is at least urgent';
COMMENT ON COLUMN callcenter.open_follow_ups.due_at IS 'the deadline';
COMMENT ON COLUMN callcenter.open_follow_ups.is_overdue IS 'the deadline has passed';
COMMENT ON COLUMN callcenter.open_follow_ups.minutes_overdue IS 'minutes since the deadline, 0 before it';
COMMENT ON COLUMN callcenter.open_follow_ups.opened_at IS 'when it was opened';
COMMENT ON COLUMN callcenter.open_follow_ups.minutes_open IS 'minutes since then';
COMMENT ON COLUMN callcenter.open_follow_ups.attempts IS 'how many calls wait for an answer in it';
COMMENT ON COLUMN callcenter.open_follow_ups.claimed_by IS 'who has taken it; NULL while it is open';
COMMENT ON COLUMN callcenter.open_follow_ups.claimed_at IS 'and when';
COMMENT ON COLUMN callcenter.open_follow_ups.customer_id IS 'customers.id; NULL when the caller is no customer';
COMMENT ON COLUMN callcenter.open_follow_ups.customer_number IS 'as the page shows it: CUST-00842';
COMMENT ON COLUMN callcenter.open_follow_ups.full_name IS 'the customer''s name';
COMMENT ON COLUMN callcenter.open_follow_ups.phone IS 'the number to call: the customer''s primary one, else the caller''s';
COMMENT ON COLUMN callcenter.open_follow_ups.first_call_id IS 'calls.id of the first call that waits';
COMMENT ON COLUMN callcenter.open_follow_ups.first_call_at IS 'and when it started';
COMMENT ON COLUMN callcenter.open_follow_ups.last_call_id IS 'calls.id of the last call that waits';
COMMENT ON COLUMN callcenter.open_follow_ups.last_call_at IS 'and when it started';
COMMENT ON COLUMN callcenter.open_follow_ups.do_not_contact IS 'the customer must not be contacted';

CREATE VIEW callcenter.transcript_turns WITH (security_invoker = true) AS
SELECT c.company_id::text AS company_id,
	c.id::text AS call_id,
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
COMMENT ON COLUMN callcenter.transcript_turns.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.transcript_turns.call_id IS 'calls.id';
COMMENT ON COLUMN callcenter.transcript_turns.started_at IS 'start of the call; a range of it is found by an index';
COMMENT ON COLUMN callcenter.transcript_turns.turn IS 'counts from 1 in a call';
COMMENT ON COLUMN callcenter.transcript_turns.speaker IS 'agent or caller';
COMMENT ON COLUMN callcenter.transcript_turns.text IS 'what was said';
COMMENT ON COLUMN callcenter.transcript_turns.spoken_at IS 'NULL when the transcript has no times';
COMMENT ON COLUMN callcenter.transcript_turns.characters IS 'length of the text';

CREATE VIEW callcenter.calls_flat WITH (security_invoker = true) AS
SELECT c.company_id::text AS company_id, c.id::text AS id, c.call_id, c.twilio_call_sid,
	c.started_at, c.ended_at, c.duration_seconds,
	c.started_at AT TIME ZONE co.time_zone AS local_time,
	(c.started_at AT TIME ZONE co.time_zone)::date AS day,
	extract(hour FROM c.started_at AT TIME ZONE co.time_zone)::integer AS hour,
	extract(isodow FROM c.started_at AT TIME ZONE co.time_zone)::integer AS weekday,
	c.direction::text AS direction,
	c.caller_kind::text AS caller_kind,
	c.caller_phone::text AS caller_phone,
	coalesce(c.caller_name, cu.full_name, c.captured_name) AS caller_name,
	c.customer_id::text AS customer_id,
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
COMMENT ON COLUMN callcenter.calls_flat.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.calls_flat.id IS 'calls.id';
COMMENT ON COLUMN callcenter.calls_flat.call_id IS 'the platform''s id of the call';
COMMENT ON COLUMN callcenter.calls_flat.twilio_call_sid IS 'Twilio''s id of the call';
COMMENT ON COLUMN callcenter.calls_flat.started_at IS 'start; a range of it is found by an index';
COMMENT ON COLUMN callcenter.calls_flat.ended_at IS 'end; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.duration_seconds IS 'length in seconds; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.local_time IS 'what the company''s clock showed when the call started';
COMMENT ON COLUMN callcenter.calls_flat.day IS 'date in the company''s time zone; filter by started_at, not by this';
COMMENT ON COLUMN callcenter.calls_flat.hour IS '0 to 23, of the company''s clock';
COMMENT ON COLUMN callcenter.calls_flat.weekday IS '1 Monday to 7 Sunday';
COMMENT ON COLUMN callcenter.calls_flat.direction IS 'inbound or outbound';
COMMENT ON COLUMN callcenter.calls_flat.caller_kind IS 'what the caller turned out to be: e164, withheld, sip ...';
COMMENT ON COLUMN callcenter.calls_flat.caller_phone IS 'the caller''s number, E.164; NULL without one';
COMMENT ON COLUMN callcenter.calls_flat.caller_name IS 'name of the caller, else of the customer, else as it was said';
COMMENT ON COLUMN callcenter.calls_flat.customer_id IS 'customers.id; NULL when the caller is no customer';
COMMENT ON COLUMN callcenter.calls_flat.customer_number IS 'as the page shows it: CUST-00842';
COMMENT ON COLUMN callcenter.calls_flat.is_returning IS 'there is an earlier call of the same customer or number';
COMMENT ON COLUMN callcenter.calls_flat.previous_call_count IS 'how many such calls; spam, error and withheld ones do not count';
COMMENT ON COLUMN callcenter.calls_flat.intent IS 'why the caller called; NULL for calls without one';
COMMENT ON COLUMN callcenter.calls_flat.intent_confidence IS '0 to 1';
COMMENT ON COLUMN callcenter.calls_flat.emotion IS 'the caller''s mood';
COMMENT ON COLUMN callcenter.calls_flat.emotion_intensity IS '0 to 1';
COMMENT ON COLUMN callcenter.calls_flat.triage_card IS 'the routing rule that matched';
COMMENT ON COLUMN callcenter.calls_flat.scenario_matched IS 'the scenario that matched';
COMMENT ON COLUMN callcenter.calls_flat.tier IS 'routing tier, 1 to 3; NULL for calls without one';
COMMENT ON COLUMN callcenter.calls_flat.llm_model IS 'language model that answered';
COMMENT ON COLUMN callcenter.calls_flat.llm_cost IS 'its estimated cost in US dollars; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.urgency IS 'normal, urgent or emergency; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.problem_description IS 'what the caller said is wrong';
COMMENT ON COLUMN callcenter.calls_flat.city IS 'of the address that the caller said';
COMMENT ON COLUMN callcenter.calls_flat.state IS 'of that address';
COMMENT ON COLUMN callcenter.calls_flat.zip IS 'of that address';
COMMENT ON COLUMN callcenter.calls_flat.requested_date IS 'the date that the caller asked for';
COMMENT ON COLUMN callcenter.calls_flat.booked_date IS 'the date that was booked in the call';
COMMENT ON COLUMN callcenter.calls_flat.outcome IS 'completed, transferred, voicemail, abandoned, spam or error';
COMMENT ON COLUMN callcenter.calls_flat.result IS 'the outcome in words';
COMMENT ON COLUMN callcenter.calls_flat.transferred_to IS 'whom the call was given to';
COMMENT ON COLUMN callcenter.calls_flat.message_left IS 'the caller left a message';
COMMENT ON COLUMN callcenter.calls_flat.follow_up_required IS 'the outcome asks for a follow-up';
COMMENT ON COLUMN callcenter.calls_flat.is_booked IS 'an appointment came of the call';
COMMENT ON COLUMN callcenter.calls_flat.is_lead IS 'counted in leads of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.is_missed IS 'counted in missed_calls of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.is_abandoned IS 'counted in abandoned_calls of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.reviewed IS 'somebody has reviewed the call';
COMMENT ON COLUMN callcenter.calls_flat.rating IS '1 to 5; NULL without one';
COMMENT ON COLUMN callcenter.calls_flat.flagged IS 'the call is flagged';
COMMENT ON COLUMN callcenter.calls_flat.flag_reason IS 'why';
COMMENT ON COLUMN callcenter.calls_flat.summary IS 'one line: the captured problem, else the caller''s first sentence';
COMMENT ON COLUMN callcenter.calls_flat.created_at IS 'when the call was logged';
