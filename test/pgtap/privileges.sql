-- Who may do what (DESIGN 4): owners, EXECUTE and table privileges, to the letter. What is not listed here fails, so that
-- a new function or table is a decision.

\ir common.psql

SELECT plan(74);

CREATE TEMPORARY TABLE roles (name name PRIMARY KEY);
INSERT INTO roles VALUES ('callcenter_api'), ('callcenter_auth'), ('callcenter_stats'), ('callcenter_rest'), ('callcenter_service'), ('callcenter_analyst'),
	('callcenter_admin'), ('callcenter_all_companies');

/*
 * Functions: kind, owner, who may execute it; r reads (STABLE), w writes (VOLATILE), of the API.
 */
CREATE TEMPORARY TABLE kinds (kind text PRIMARY KEY, owner text, definer boolean, volatility "char"[], safety "char", executors text);
INSERT INTO kinds VALUES
	('record, read', 'callcenter_api', true, '{s}', 'u', 'callcenter_admin callcenter_rest callcenter_service'),
	('record, write', 'callcenter_api', true, '{v}', 'u', 'callcenter_admin callcenter_rest callcenter_service'),
	('sign-in', 'callcenter_auth', true, '{v}', 'u', 'callcenter_admin callcenter_rest'),
	('sessions', 'callcenter_auth', true, '{s}', 'u', 'callcenter_admin callcenter_rest'),
	('bearer', 'callcenter_api', true, '{s}', 'u', 'callcenter_admin callcenter_auth callcenter_rest'),
	('company administration', 'callcenter_api', true, '{v}', 'u', 'callcenter_admin'),
	('user administration', 'callcenter_auth', true, '{v}', 'u', 'callcenter_admin'),
	('platform, read', 'callcenter_auth', true, '{s}', 'u', 'callcenter_admin'),
	('statistics', 'callcenter_stats', true, '{v}', 'u', 'callcenter_admin'),
	('statistics trigger', 'callcenter_stats', true, '{v}', 'u', ''),
	('trigger', NULL, false, '{v}', 'u', ''),
	('identity', NULL, false, '{s}', 's', 'callcenter_analyst callcenter_api callcenter_stats'),
	('summary support', NULL, false, '{i}', 's', ''),
	('summary of rows', NULL, false, '{s}', 's', ''),
	('summary of a trigger', NULL, false, '{i}', 's', 'callcenter_stats'),
	('of lists', NULL, false, '{i}', 's', 'callcenter_api'),
	('summary of a company', NULL, false, '{s}', 'u', 'callcenter_analyst'),
	('summary', NULL, false, '{i}', 's', 'callcenter_admin callcenter_analyst callcenter_api callcenter_stats'),
	('type support', NULL, false, '{i}', 's', 'PUBLIC'),
	('phone', NULL, false, '{s}', 's', 'callcenter_admin callcenter_analyst callcenter_api callcenter_rest callcenter_service'),
	('for everybody', NULL, false, '{i,s,v}', 's', 'callcenter_admin callcenter_analyst callcenter_api callcenter_auth callcenter_rest callcenter_service');
CREATE TEMPORARY TABLE functions (name text PRIMARY KEY, kind text REFERENCES kinds);
INSERT INTO functions
SELECT unnest(names), kind
FROM (VALUES
	('{lookup_by_phone,enrich_context,get_call,list_calls,get_customer,list_customers,get_customer_stats,customer_timeline,list_appointments,list_audit,export_calls,call_analytics,call_series,call_heatmap,export_analytics,list_follow_ups}'::text[], 'record, read'),
	('{create_call,open_call,update_call,add_call_note,add_transcript,link_call,delete_calls,create_customer,get_or_create_customer,update_customer,add_customer_note,delete_customer,create_appointment,update_appointment,reveal_access_codes,claim_follow_up,release_follow_up,resolve_follow_up}', 'record, write'),
	('{login,refresh_token,sign_out,revoke_session,change_password}', 'sign-in'),
	('{list_sessions}', 'sessions'),
	('{current_user_info}', 'bearer'),
	('{create_company,update_company,delete_company,flush_refused,refused_counts,reencrypt_access_codes}', 'company administration'),
	('{create_user,set_password,disable_user,enable_user,grant_company,grant_right,revoke_company,grant_role,revoke_role}', 'user administration'),
	('{list_platform_log}', 'platform, read'),
	('{fold_counters,fold_rollups,rebuild_stats}', 'statistics'),
	('{calls_changed,appointments_changed,customers_changed,follow_ups_changed,profiles_changed,company_clock_changed,records_truncated}', 'statistics trigger'),
	('{companies_changed,audit_log_is_append_only,seal_access_code,call_facts_kept}', 'trigger'),
	('{current_company}', 'identity'),
	('{call_summary_in,call_summary_out,call_summary_recv,call_summary_send,rollup_transition,call_facts_in,call_facts_out,call_facts_recv,call_facts_send}', 'summary support'),
	('{summarize_transition}', 'summary of rows'),
	('{call_summary_of_stored,call_traits}', 'summary of a trigger'),
	('{text_has,text_ends}', 'of lists'),
	('{company_summary}', 'summary of a company'),
	('{call_summary_is_empty,call_summary_add,call_summary_subtract,call_summary_eq,call_summary_ne,call_facts,summarize,rollup,total_calls,booked_calls,returning_calls,new_calls,missed_calls,abandoned_calls,withheld_calls,follow_up_calls,reviewed_calls,flagged_calls,rated_calls,avg_rating,calls_with_duration,total_duration,avg_duration,duration_percentile,calls_with_cost,total_cost,booking_rate,leads,booked_leads,lead_booking_rate,by_status,by_direction,by_tier,by_intent,by_hour,tier_details,hour_details,intent_details}', 'summary'),
	('{object_id_check,e164_check}', 'type support'),
	('{phone_parse,phone_e164,phone_caller,phone_is_valid,phone_region_of,phone_type,phone_format,phone_variants,phone_metadata_version}', 'phone'),
	('{version,ping,object_id_new}', 'for everybody')
) AS t (names, kind);
CREATE TEMPORARY VIEW actual AS
	SELECT proname::text AS name, pg_get_userbyid(proowner)::text AS owner, prosecdef, provolatile, proparallel, proconfig, prolang, provariadic,
		coalesce((SELECT string_agg(who, ' ' ORDER BY who COLLATE "C")
			FROM (SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END AS who
				FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee <> proowner) g), '') AS executors
	FROM pg_proc
	WHERE pronamespace = 'callcenter'::regnamespace;

SELECT set_eq('SELECT name FROM actual', 'SELECT name FROM functions', 'every function of the schema is listed here, and is there');
SELECT is((SELECT count(*) FROM actual), (SELECT count(*) FROM functions), 'and once: none is overloaded');
SELECT is(
	ARRAY(SELECT a.name || ': ' || a.executors FROM actual a JOIN functions USING (name) JOIN kinds k USING (kind) WHERE k.kind = kinds.kind AND a.executors <> k.executors ORDER BY 1),
	'{}', format('EXECUTE on functions of kind "%s": %s', kind, coalesce(nullif(executors, ''), 'nobody')))
FROM kinds;
SELECT is(
	ARRAY(SELECT a.name || ': ' || a.owner FROM actual a JOIN functions USING (name) JOIN kinds k USING (kind)
		WHERE k.kind = kinds.kind AND a.owner <> coalesce(k.owner, (SELECT pg_get_userbyid(extowner)::text FROM pg_extension WHERE extname = 'callcenter'))),
	'{}', format('functions of kind "%s" belong to %s', kind, coalesce(owner, 'who installed the extension')))
FROM kinds;
SELECT is(
	ARRAY(SELECT a.name FROM actual a JOIN functions USING (name) JOIN kinds k USING (kind) WHERE a.prosecdef <> k.definer
		OR a.prosecdef AND a.proconfig IS DISTINCT FROM '{"search_path=pg_catalog, pg_temp"}'::text[]),
	'{}', 'what is SECURITY DEFINER is so by decision, and has its search_path');
SELECT is(ARRAY(SELECT a.name FROM actual a JOIN functions USING (name) JOIN kinds k USING (kind) WHERE a.provolatile <> ALL (k.volatility) OR a.proparallel <> k.safety),
	'{}', 'what reads is STABLE, what writes VOLATILE, and neither runs in a parallel worker');
SELECT is(ARRAY(SELECT p.proname::text FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE pronamespace = 'callcenter'::regnamespace AND prokind <> 'a' AND lanname <> 'c'), '{}', 'all are written in C');
SELECT is(ARRAY(SELECT proname::text FROM pg_proc WHERE pronamespace = 'callcenter'::regnamespace AND proretset), '{}', 'none returns a set, whose portal could be stopped half-way');

/*
 * Tables: (S)elect, (I)nsert, (U)pdate, (D)elete; small letters: on some columns only.
 */
CREATE TEMPORARY TABLE tables (name text PRIMARY KEY, api text, auth text, stats text, analyst text);
INSERT INTO tables VALUES
	('companies', 'SIUD', 's', 'Su', 's'),
	('users', '', 'SIuD', '', ''),
	('memberships', '', 'SIUD', '', ''),
	('user_sessions', '', 'SIUD', '', ''),
	('sign_in_attempts', '', 'SIUD', '', ''),
	('role_grants', '', 'SIUD', '', ''),
	('customer_numbers', 'SIU', '', '', ''),
	('customers', 'SIUD', '', 'S', 'S'),
	('customer_phones', 'SID', '', 'S', 'S'),
	('customer_addresses', 'SIUD', '', 'S', 's'),
	('customer_equipment', 'SIUD', '', 'S', 'S'),
	('customer_notes', 'SID', '', 'S', 'S'),
	('customer_tags', 'SID', '', 'S', 'S'),
	('appointments', 'SIUD', '', 'S', 'S'),
	('calls', 'SIUD', '', 'Su', 's'),
	('transcripts', 'SIUD', '', '', 'S'),
	('call_notes', 'SID', '', '', 'S'),
	('call_appointments', 'SID', '', '', 'S'),
	('open_calls', 'SID', '', '', ''),
	('follow_ups', 'SIUD', '', 'S', 'S'),
	('follow_up_calls', 'SIUD', '', '', 'S'),
	('audit_log', 'SIuD', 'I', '', ''),
	('platform_log', '', 'SI', '', ''),
	('customer_stats', 'S', '', 'SIUD', 's'),
	('company_counters', 'S', '', 'SIUD', ''),
	('company_counter_deltas', 'S', '', 'SIUD', ''),
	('call_rollups', 'S', '', 'SIUD', 'S'),
	('call_rollup_deltas', 'S', '', 'SIUD', 'S'),
	('call_day_summaries', '', '', '', 'S'),
	('daily_calls', '', '', '', 'S'),
	('hourly_calls', '', '', '', 'S'),
	('intent_calls', '', '', '', 'S'),
	('outcome_calls', '', '', '', 'S'),
	('tier_calls', '', '', '', 'S'),
	('customer_overview', '', '', '', 'S'),
	('open_follow_ups', '', '', '', 'S'),
	('transcript_turns', '', '', '', 'S'),
	('calls_flat', '', '', '', 'S'),
	('call_hour_summaries', '', '', '', 'S');
-- What a role may do with a table, also as a member of another role, and as everybody.
CREATE FUNCTION pg_temp.may(role name, relation text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(CASE WHEN has_table_privilege(role, 'callcenter.' || relation, p) THEN left(p, 1)
		WHEN p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(role, 'callcenter.' || relation, p) THEN lower(left(p, 1))
		ELSE '' END, '' ORDER BY n)
	FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) WITH ORDINALITY AS u (p, n)
$$;
SELECT set_eq($$SELECT relname::text FROM pg_class WHERE relnamespace = 'callcenter'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')$$, 'SELECT name FROM tables',
	'every relation of the schema is listed here, and is there');
SELECT is(ARRAY(SELECT name || ': ' || pg_temp.may(role, name) FROM tables WHERE pg_temp.may(role, name) <> CASE role WHEN 'callcenter_api' THEN api WHEN 'callcenter_auth' THEN auth
		WHEN 'callcenter_stats' THEN stats WHEN 'callcenter_analyst' THEN analyst END),
	'{}', format('%s has the table privileges that are listed, and no other', role))
FROM unnest('{callcenter_api,callcenter_auth,callcenter_stats,callcenter_analyst}'::name[]) role;
SELECT is(ARRAY(SELECT name || ': ' || pg_temp.may(role, name) FROM tables WHERE pg_temp.may(role, name) <> ''), '{}', format('%s has no table privilege at all', role))
FROM unnest('{callcenter_rest,callcenter_service,callcenter_admin,callcenter_all_companies,tap_rest,tap_platform,tap_admin,tap_nobody}'::name[]) role;

-- columns
SELECT is(ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE attrelid = ('callcenter.' || relation)::regclass AND attnum > 0 AND NOT attisdropped
		AND NOT has_column_privilege('callcenter_analyst', attrelid, attnum, 'SELECT') ORDER BY attnum),
	hidden, format('of %s an analyst does not see %s', relation, hidden))
FROM (VALUES
	('companies', '{own_numbers,created_at,updated_at}'::text[]),
	('customer_stats', '{phone,card_format,card}'),
	('customer_addresses', '{access_notes,key_location,lockbox_code,alternate_contact_name,alternate_contact_phone,alternate_contact_phone_e164,alternate_contact_phone_region,alternate_contact_phone_metadata_version,alternate_contact_relationship}'),
	('calls', '{caller_raw,caller_region,metadata_version,key_location,gate_code,lockbox_code,alternate_contact_name,alternate_contact_phone,alternate_contact_relationship,special_notes,custom,recording_url,recording_stored_until,content_hash,captured_phone_region,captured_phone_metadata_version,alternate_contact_phone_e164,alternate_contact_phone_region,alternate_contact_phone_metadata_version,traits}')
) AS t (relation, hidden);
SELECT is(ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE attrelid = 'callcenter.companies'::regclass AND attnum > 0 AND has_column_privilege('callcenter_auth', attrelid, attnum, 'SELECT')),
	'{id}', 'of companies sign-in sees the ids only');
SELECT is(ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE attrelid = 'callcenter.users'::regclass AND attnum > 0 AND has_column_privilege('callcenter_auth', attrelid, attnum, 'UPDATE') ORDER BY attnum),
	'{password,disabled,updated_at}', 'of users sign-in changes the password and whether they may');

/*
 * The schema, and the roles themselves.
 */
SELECT is(ARRAY(SELECT name::text FROM roles WHERE has_schema_privilege(name, 'callcenter', 'CREATE')), '{}', 'nobody makes objects in the schema');
SELECT is(ARRAY(SELECT name::text FROM roles WHERE has_schema_privilege(name, 'callcenter', 'USAGE') ORDER BY name),
	'{callcenter_admin,callcenter_analyst,callcenter_api,callcenter_auth,callcenter_rest,callcenter_service,callcenter_stats}', 'who may look into the schema');
SELECT ok(NOT has_schema_privilege('tap_nobody', 'callcenter', 'USAGE'), 'not so everybody');
SELECT is(ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname IN (SELECT name FROM roles)
		AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls <> (rolname IN ('callcenter_auth', 'callcenter_stats')))), '{}',
	'no role of the extension''s signs in, and only those of sign-in and statistics pass by row-level security');
SELECT is(ARRAY(SELECT format('%s in %s', member::regrole, roleid::regrole) FROM pg_auth_members WHERE member::regrole::name IN (SELECT name FROM roles)), '{}', 'none is a member of another');
SELECT is(ARRAY(SELECT format('%s of %s', privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END) FROM pg_parameter_acl, aclexplode(paracl) WHERE parname LIKE 'callcenter.%'),
	'{}', 'nobody was granted a parameter');
-- what everybody has in a schema that is not theirs
SELECT is(ARRAY(SELECT defaclobjtype::text FROM pg_default_acl WHERE defaclnamespace = 'callcenter'::regnamespace), '{}', 'no default privileges wait for new objects');

SELECT * FROM finish();
ROLLBACK;
