-- Who owns and may do what.  Nothing is left to PUBLIC but the support functions of the types.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA callcenter FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA callcenter FROM PUBLIC;

GRANT USAGE ON SCHEMA callcenter TO
	callcenter_api, callcenter_auth, callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin;

-- type support: the checks of the domains run as whoever gives a value
GRANT EXECUTE ON FUNCTION callcenter.object_id_check(text), callcenter.e164_check(text) TO PUBLIC;

-- the owners of the API functions, and the tables that they work on under row-level security
ALTER FUNCTION callcenter.lookup_by_phone(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_call(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_call(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_customer(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.current_user_info(text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_company(jsonb) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.update_company(callcenter.object_id, jsonb) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.delete_company(callcenter.object_id, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.update_call(callcenter.object_id, text, jsonb, integer, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.add_call_note(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.add_transcript(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.link_call(callcenter.object_id, text, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.delete_calls(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_customer(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_or_create_customer(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.update_customer(callcenter.object_id, text, jsonb, integer, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.add_customer_note(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.delete_customer(callcenter.object_id, text, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_appointment(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.update_appointment(callcenter.object_id, text, jsonb, integer, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_customers(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_customer_stats(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.customer_timeline(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_appointments(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_audit(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.flush_refused() OWNER TO callcenter_api;
ALTER FUNCTION callcenter.reencrypt_access_codes() OWNER TO callcenter_api;
ALTER FUNCTION callcenter.refused_counts() OWNER TO callcenter_api;
ALTER FUNCTION callcenter.export_calls(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.call_analytics(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.call_series(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.call_heatmap(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.export_analytics(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.reveal_access_codes(callcenter.object_id, text, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.enrich_context(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.open_call(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_follow_ups(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.claim_follow_up(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.release_follow_up(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.resolve_follow_up(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.login(text, text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.refresh_token(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.sign_out(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.list_sessions(text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.revoke_session(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.change_password(text, text, text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.set_password(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.disable_user(text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.enable_user(text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.revoke_company(callcenter.object_id, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.create_user(jsonb) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.grant_company(callcenter.object_id, text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.grant_right(callcenter.object_id, text, text, boolean) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.grant_role(callcenter.object_id, name) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.revoke_role(callcenter.object_id, name) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.list_platform_log(callcenter.object_id, integer) OWNER TO callcenter_auth;

GRANT SELECT, INSERT ON callcenter.audit_log TO callcenter_api;
GRANT SELECT, INSERT, UPDATE ON callcenter.companies TO callcenter_api;
GRANT SELECT, INSERT, DELETE ON callcenter.open_calls, callcenter.call_notes, callcenter.call_appointments, callcenter.customer_phones,
	callcenter.customer_notes, callcenter.customer_tags TO callcenter_api;
GRANT SELECT, INSERT, UPDATE ON callcenter.customer_numbers TO callcenter_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.customers, callcenter.customer_addresses, callcenter.customer_equipment,
	callcenter.calls, callcenter.transcripts, callcenter.appointments, callcenter.follow_ups, callcenter.follow_up_calls TO callcenter_api;
-- to redact the entries of an erased person, which a trigger lets pass from audit_redact() alone
GRANT UPDATE (before, after) ON callcenter.audit_log TO callcenter_api;
-- to delete a company; of the audit log the same trigger lets audit_remove() alone pass
GRANT DELETE ON callcenter.audit_log, callcenter.companies TO callcenter_api;
GRANT DELETE ON callcenter.users TO callcenter_auth;
GRANT SELECT ON callcenter.customer_stats, callcenter.company_counters, callcenter.company_counter_deltas TO callcenter_api;
GRANT EXECUTE ON FUNCTION callcenter.current_company() TO callcenter_api, callcenter_analyst;
GRANT EXECUTE ON FUNCTION callcenter.text_has(text, text), callcenter.text_ends(text, text) TO callcenter_api;

GRANT SELECT, INSERT, UPDATE (password, disabled, updated_at) ON callcenter.users TO callcenter_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.user_sessions, callcenter.sign_in_attempts TO callcenter_auth;
GRANT SELECT (id) ON callcenter.companies TO callcenter_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.memberships, callcenter.role_grants TO callcenter_auth;
GRANT INSERT ON callcenter.audit_log TO callcenter_auth;
GRANT SELECT, INSERT ON callcenter.platform_log TO callcenter_auth;
GRANT EXECUTE ON FUNCTION callcenter.current_user_info(text) TO callcenter_auth;

-- triggers: read base tables, write derived ones, nothing else
GRANT USAGE ON SCHEMA callcenter TO callcenter_stats;
ALTER FUNCTION callcenter.calls_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.appointments_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.customers_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.follow_ups_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.profiles_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.fold_counters() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.rebuild_stats() OWNER TO callcenter_stats;
GRANT SELECT ON callcenter.calls, callcenter.appointments, callcenter.customers, callcenter.companies, callcenter.customer_phones,
	callcenter.customer_addresses, callcenter.customer_equipment, callcenter.customer_notes, callcenter.customer_tags,
	callcenter.follow_ups TO callcenter_stats;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.customer_stats, callcenter.company_counters,
	callcenter.company_counter_deltas TO callcenter_stats;
GRANT EXECUTE ON FUNCTION callcenter.current_company() TO callcenter_stats;
GRANT EXECUTE ON FUNCTION callcenter.fold_counters(), callcenter.rebuild_stats() TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.flush_refused(), callcenter.refused_counts(), callcenter.reencrypt_access_codes() TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.grant_right(callcenter.object_id, text, text, boolean) TO callcenter_admin;

-- rollups: as the derived tables above; who appends to them locks the company's row, which takes the right to change a
-- column of it
ALTER FUNCTION callcenter.fold_rollups() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.company_clock_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.records_truncated() OWNER TO callcenter_stats;
GRANT UPDATE (updated_at) ON callcenter.companies TO callcenter_stats;
GRANT UPDATE (facts, traits) ON callcenter.calls TO callcenter_stats;
GRANT EXECUTE ON FUNCTION callcenter.call_traits(text, callcenter.call_direction, smallint, boolean, boolean, boolean, text) TO callcenter_stats;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.call_rollups, callcenter.call_rollup_deltas TO callcenter_stats;
GRANT SELECT ON callcenter.call_rollups, callcenter.call_rollup_deltas TO callcenter_api, callcenter_analyst;
GRANT SELECT ON callcenter.call_day_summaries, callcenter.call_hour_summaries TO callcenter_analyst;
GRANT EXECUTE ON FUNCTION callcenter.fold_rollups() TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.call_summary_of_stored(bytea) TO callcenter_stats;
GRANT EXECUTE ON FUNCTION callcenter.company_summary(callcenter.object_id, timestamptz, timestamptz) TO callcenter_analyst;


-- callers
GRANT EXECUTE ON FUNCTION
	callcenter.lookup_by_phone(callcenter.object_id, text, text),
	callcenter.create_call(callcenter.object_id, jsonb, text),
	callcenter.get_call(callcenter.object_id, text, text),
	callcenter.list_calls(callcenter.object_id, jsonb, text),
	callcenter.get_customer(callcenter.object_id, text, text),
	callcenter.update_call(callcenter.object_id, text, jsonb, integer, text),
	callcenter.add_call_note(callcenter.object_id, text, jsonb, text),
	callcenter.add_transcript(callcenter.object_id, text, jsonb, text),
	callcenter.link_call(callcenter.object_id, text, text, text),
	callcenter.delete_calls(callcenter.object_id, jsonb, text),
	callcenter.create_customer(callcenter.object_id, jsonb, text),
	callcenter.get_or_create_customer(callcenter.object_id, text, text),
	callcenter.update_customer(callcenter.object_id, text, jsonb, integer, text),
	callcenter.add_customer_note(callcenter.object_id, text, jsonb, text),
	callcenter.delete_customer(callcenter.object_id, text, text, text),
	callcenter.create_appointment(callcenter.object_id, jsonb, text),
	callcenter.update_appointment(callcenter.object_id, text, jsonb, integer, text),
	callcenter.list_customers(callcenter.object_id, jsonb, text),
	callcenter.get_customer_stats(callcenter.object_id, text, text),
	callcenter.customer_timeline(callcenter.object_id, text, jsonb, text),
	callcenter.list_appointments(callcenter.object_id, jsonb, text),
	callcenter.list_audit(callcenter.object_id, jsonb, text),
	callcenter.export_calls(callcenter.object_id, jsonb, text),
	callcenter.call_analytics(callcenter.object_id, jsonb, text),
	callcenter.call_series(callcenter.object_id, jsonb, text),
	callcenter.call_heatmap(callcenter.object_id, jsonb, text),
	callcenter.export_analytics(callcenter.object_id, text, jsonb, text),
	callcenter.reveal_access_codes(callcenter.object_id, text, text, text),
	callcenter.enrich_context(callcenter.object_id, text, jsonb, text),
	callcenter.open_call(callcenter.object_id, jsonb, text),
	callcenter.list_follow_ups(callcenter.object_id, jsonb, text),
	callcenter.claim_follow_up(callcenter.object_id, text, text),
	callcenter.release_follow_up(callcenter.object_id, text, text),
	callcenter.resolve_follow_up(callcenter.object_id, text, jsonb, text)
TO callcenter_rest, callcenter_service, callcenter_admin;
GRANT EXECUTE ON FUNCTION
	callcenter.login(text, text, text),
	callcenter.refresh_token(text, text),
	callcenter.sign_out(text, text),
	callcenter.list_sessions(text),
	callcenter.revoke_session(text, text),
	callcenter.change_password(text, text, text, text),
	callcenter.current_user_info(text)
TO callcenter_rest, callcenter_admin;
GRANT EXECUTE ON FUNCTION
	callcenter.create_company(jsonb),
	callcenter.update_company(callcenter.object_id, jsonb),
	callcenter.delete_company(callcenter.object_id, text),
	callcenter.create_user(jsonb),
	callcenter.list_platform_log(callcenter.object_id, integer),
	callcenter.set_password(text, text),
	callcenter.disable_user(text),
	callcenter.enable_user(text),
	callcenter.grant_company(callcenter.object_id, text, text),
	callcenter.revoke_company(callcenter.object_id, text),
	callcenter.grant_role(callcenter.object_id, name),
	callcenter.revoke_role(callcenter.object_id, name)
TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.version(), callcenter.ping(), callcenter.object_id_new()
TO callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin, callcenter_api, callcenter_auth;
GRANT EXECUTE ON FUNCTION
	callcenter.phone_parse(text, text), callcenter.phone_e164(text, text), callcenter.phone_caller(text, text, text), callcenter.phone_is_valid(text),
	callcenter.phone_region_of(text), callcenter.phone_type(text), callcenter.phone_format(text, text),
	callcenter.phone_variants(text), callcenter.phone_metadata_version()
TO callcenter_api, callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin;

-- what an analyst may read: everything but access codes, raw recordings' addresses and what the server keeps for itself
GRANT SELECT (id, name, time_zone, default_region, non_lead_intents, week_start, follow_up_minutes_normal,
	follow_up_minutes_urgent, follow_up_minutes_emergency, business_days, business_opens, business_closes) ON callcenter.companies TO callcenter_analyst;
GRANT SELECT ON callcenter.customers, callcenter.customer_phones, callcenter.appointments, callcenter.call_appointments,
	callcenter.call_notes, callcenter.transcripts, callcenter.customer_equipment, callcenter.customer_notes, callcenter.customer_tags,
	callcenter.follow_ups, callcenter.follow_up_calls TO callcenter_analyst;
-- not the cards, which hold a whole profile
GRANT SELECT (company_id, customer_id, calls, counting_calls, calls_with_duration, duration_seconds, calls_with_rating, rating, first_contact,
	last_contact, appointments, completed_appointments, cancelled_appointments, no_shows, lifetime_value, average_duration, average_rating,
	last_call_id, last_call, last_intent, last_status, last_result, last_summary, became_customer, last_service, last_service_date,
	next_visit_id, next_visit_service, next_visit_date, next_visit_window, last_visit_date, status, lifetime_hundredths)
ON callcenter.customer_stats TO callcenter_analyst;
GRANT SELECT (company_id, id, customer_id, position, type, label, street, unit, city, state, zip, is_primary, pet_info)
ON callcenter.customer_addresses TO callcenter_analyst;
GRANT SELECT (
	company_id, id, facts, call_id, twilio_call_sid, caller_phone, caller_kind, caller_name, customer_id, is_returning,
	previous_call_count, direction, started_at, ended_at, duration_seconds, primary_intent, intent_confidence, emotion_primary,
	emotion_intensity, triage_card, scenario_matched, routing_tier, llm_model, llm_cost, captured_name, captured_phone, captured_phone_e164,
	captured_email, captured_street, captured_city, captured_state, captured_zip, captured_full_address, problem_description,
	urgency, requested_date, requested_time_window, booked_date, booked_time_window, customer_present, pet_info, status, result,
	transferred_to, message_left, follow_up_required, follow_up_notes, actions, recording_duration, reviewed, reviewed_by,
	reviewed_at, rating, feedback, flagged, flag_reason, summary, is_booked, version, created_at, updated_at)
ON callcenter.calls TO callcenter_analyst;

-- the types call_summary and call_facts
GRANT EXECUTE ON FUNCTION
	callcenter.call_summary_is_empty(callcenter.call_summary),
	callcenter.call_summary_add(callcenter.call_summary, callcenter.call_summary),
	callcenter.call_summary_subtract(callcenter.call_summary, callcenter.call_summary),
	callcenter.call_summary_eq(callcenter.call_summary, callcenter.call_summary),
	callcenter.call_summary_ne(callcenter.call_summary, callcenter.call_summary),
	callcenter.summarize(text, callcenter.call_facts),
	callcenter.call_facts(timestamptz, integer, text, callcenter.call_direction, text, smallint, boolean, boolean, callcenter.caller_kind, numeric, boolean, boolean, smallint, boolean),
	callcenter.rollup(callcenter.call_summary),
	callcenter.total_calls(callcenter.call_summary),
	callcenter.booked_calls(callcenter.call_summary),
	callcenter.returning_calls(callcenter.call_summary),
	callcenter.new_calls(callcenter.call_summary),
	callcenter.missed_calls(callcenter.call_summary),
	callcenter.abandoned_calls(callcenter.call_summary),
	callcenter.withheld_calls(callcenter.call_summary),
	callcenter.follow_up_calls(callcenter.call_summary),
	callcenter.reviewed_calls(callcenter.call_summary),
	callcenter.flagged_calls(callcenter.call_summary),
	callcenter.rated_calls(callcenter.call_summary),
	callcenter.avg_rating(callcenter.call_summary),
	callcenter.calls_with_duration(callcenter.call_summary),
	callcenter.total_duration(callcenter.call_summary),
	callcenter.avg_duration(callcenter.call_summary),
	callcenter.duration_percentile(callcenter.call_summary, float8),
	callcenter.calls_with_cost(callcenter.call_summary),
	callcenter.total_cost(callcenter.call_summary),
	callcenter.booking_rate(callcenter.call_summary),
	callcenter.leads(callcenter.call_summary, text[]),
	callcenter.booked_leads(callcenter.call_summary, text[]),
	callcenter.lead_booking_rate(callcenter.call_summary, text[]),
	callcenter.by_status(callcenter.call_summary),
	callcenter.by_direction(callcenter.call_summary),
	callcenter.by_tier(callcenter.call_summary),
	callcenter.by_intent(callcenter.call_summary),
	callcenter.by_hour(callcenter.call_summary),
	callcenter.tier_details(callcenter.call_summary),
	callcenter.hour_details(callcenter.call_summary),
	callcenter.intent_details(callcenter.call_summary)
TO callcenter_api, callcenter_stats, callcenter_analyst, callcenter_admin;

GRANT SELECT ON callcenter.daily_calls, callcenter.hourly_calls, callcenter.intent_calls, callcenter.outcome_calls, callcenter.tier_calls,
	callcenter.customer_overview, callcenter.open_follow_ups, callcenter.transcript_turns, callcenter.calls_flat TO callcenter_analyst;
