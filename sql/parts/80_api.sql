-- The API.  Every function is SECURITY DEFINER: it finds out who is calling, works under row-level security as
-- callcenter_api (people: as callcenter_auth), and leaves nothing of the identity behind.  Who may call what is in 90_grants.

CREATE FUNCTION callcenter.text_has(value text, part text)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_text_has';
COMMENT ON FUNCTION callcenter.text_has(text, text) IS
	'whether "part", which is in lower case, stands in the value in upper or lower case; what lists ask of texts, sooner than ILIKE';

CREATE FUNCTION callcenter.text_ends(value text, part text)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_text_ends';
COMMENT ON FUNCTION callcenter.text_ends(text, text) IS 'whether the value ends in "part"; what lists ask of numbers';

CREATE FUNCTION callcenter.lookup_by_phone(company_id callcenter.object_id, phone text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_lookup_by_phone';
COMMENT ON FUNCTION callcenter.lookup_by_phone(callcenter.object_id, text, text) IS
	'who is calling: the customer who has this number (E.164 or any spelling of the company''s region) with statistics, last service, upcoming appointment and last call; found is false for an unknown or withheld caller.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.create_call(company_id callcenter.object_id, call jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_call';
COMMENT ON FUNCTION callcenter.create_call(callcenter.object_id, jsonb, text) IS
	'logs a call, whole and once: links or makes its customer, derives duration (seconds), isReturning and previousCallCount; the same callId with the same document gives back the stored call (created false).  Errors: 28000, 42501, P0002, 22023, 22003, 22007, 23502 with the path of the field, 23505 for another document.';

CREATE FUNCTION callcenter.get_call(company_id callcenter.object_id, call_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_call';
COMMENT ON FUNCTION callcenter.get_call(callcenter.object_id, text, text) IS
	'a whole call, by callId or _id.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.list_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_calls';
COMMENT ON FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) IS
	'a page of calls: page and limit (50, at most 100) or after (cursor), startDate, endDate (dates are whole days in the company''s zone), status, intent, tier, urgency (lists), phone, customerId, direction, flagged, reviewed, followUp, q, sort (newest, oldest, longest).  Errors: 28000, 42501, P0002, 22023, 22007 with the name of the parameter.';

CREATE FUNCTION callcenter.get_customer(company_id callcenter.object_id, customer_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_customer';
COMMENT ON FUNCTION callcenter.get_customer(callcenter.object_id, text, text) IS
	'a customer with statistics and the 50 newest calls, by _id or CUST number.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.current_user_info(token text)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_current_user_info';
COMMENT ON FUNCTION callcenter.current_user_info(text) IS
	'the bearer of a token, the companies it is for with names, roles and time zones, and when it ends.  Errors: 28000.';

CREATE FUNCTION callcenter.create_company(company jsonb)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_company';
COMMENT ON FUNCTION callcenter.create_company(jsonb) IS
	'makes a company: name, timeZone (IANA), defaultRegion (ISO 3166, default US), ownNumbers (phone numbers), nonLeadIntents (default billing, vendor, reschedule, wrong_number), weekStart (1 Monday, the default, to 7 Sunday), _id (of the platform; made when absent).  Errors: 22023, 23502 with the path of the field, 23505.';

CREATE FUNCTION callcenter.update_company(company_id callcenter.object_id, patch jsonb)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_company';
COMMENT ON FUNCTION callcenter.update_company(callcenter.object_id, jsonb) IS
	'changes the settings of a company that a patch names, those of create_company: absent keeps, null sets the default.  Errors: P0002, 22023 with the path of the field.';

CREATE FUNCTION callcenter.delete_company(company_id callcenter.object_id, name text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_delete_company';
COMMENT ON FUNCTION callcenter.delete_company(callcenter.object_id, text) IS
	'deletes a company and everything of it, for good: records, settings, grants, what is derived, its audit log, and the users who are members of no other company.  name confirms it: it must be the name of the company.  The platform''s log keeps the id and how many records there were.  Waits for changes of the company that are under way; those that come later find no company (P0002).  Errors: 0A000 in a transaction that is not READ COMMITTED, 22023 for another name, 23502, P0002.';

CREATE FUNCTION callcenter.create_user(usr jsonb)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_user';
COMMENT ON FUNCTION callcenter.create_user(jsonb) IS
	'makes a user who can sign in: email, password (8 to 256 characters), name, _id (made when absent).  Errors: 22023, 23502 with the path of the field, 23505.';

CREATE FUNCTION callcenter.grant_company(company_id callcenter.object_id, email text, role text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_company';
COMMENT ON FUNCTION callcenter.grant_company(callcenter.object_id, text, text) IS
	'makes a user a member of a company as viewer, agent or admin, or changes the role.  Errors: 22023, P0002.';

CREATE FUNCTION callcenter.grant_role(company_id callcenter.object_id, role_name name)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_role';
COMMENT ON FUNCTION callcenter.grant_role(callcenter.object_id, name) IS
	'lets a database role (a service or an analyst) act for a company.  Errors: 42704 for no such role, P0002.';

CREATE FUNCTION callcenter.revoke_role(company_id callcenter.object_id, role_name name)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_revoke_role';
COMMENT ON FUNCTION callcenter.revoke_role(callcenter.object_id, name) IS
	'lets a database role, which may be gone, no longer act for a company; to be called when a role is dropped, since one that is made anew with its name would find the grant again.  Errors: 23502, P0002.';

CREATE FUNCTION callcenter.grant_right(company_id callcenter.object_id, grantee text, right_name text, granted boolean DEFAULT true)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_right';
COMMENT ON FUNCTION callcenter.grant_right(callcenter.object_id, text, text, boolean) IS
	'gives one of the rights that admins have, reveal (access codes) or delete (calls and customers), to a member of a company (an e-mail address) or to a database role that is granted the company; granted false takes it back.  It holds from the next call on.  Errors: 22023, P0002.';

CREATE FUNCTION callcenter.update_call(company_id callcenter.object_id, call_id text, patch jsonb, version integer DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_call';
COMMENT ON FUNCTION callcenter.update_call(callcenter.object_id, text, jsonb, integer, text) IS
	'changes the fields of a call that a patch names: absent keeps, null clears; agents may change review, agentNotes and follow-up, admins and services everything but what identifies the call.  version is the one that the change was made from.  Errors: 28000, 42501, P0002, 40001 when the version is another one, 22023, 22003, 22007 with the path of the field, 23505 when another call has the twilioCallSid or this one is in progress.';

CREATE FUNCTION callcenter.add_call_note(company_id callcenter.object_id, call_id text, note jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_add_call_note';
COMMENT ON FUNCTION callcenter.add_call_note(callcenter.object_id, text, jsonb, text) IS
	'adds a note {text} to a call; notes are never changed, notes of the call has all of them, agentNotes is the latest.  Errors: 28000, 42501, P0002, 22023, 23502, 23505 while the call is in progress.';

CREATE FUNCTION callcenter.add_transcript(company_id callcenter.object_id, call_id text, transcript jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_add_transcript';
COMMENT ON FUNCTION callcenter.add_transcript(callcenter.object_id, text, jsonb, text) IS
	'stores a transcript that came after its call: an array of {speaker, text, timestamp, turnNumber}; the last one wins.  Errors: 28000, 42501, P0002, 22023 with the path of the turn, 23505 while the call is in progress.';

CREATE FUNCTION callcenter.link_call(company_id callcenter.object_id, call_id text, customer_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_link_call';
COMMENT ON FUNCTION callcenter.link_call(callcenter.object_id, text, text, text) IS
	'links a call to a customer (_id or CUST number), or to none (NULL); who called before is counted anew for both.  Visits that the call made go with it, unless they are somebody else''s than its customer''s.  Errors: 28000, 42501, P0002, 23505 when the customer was erased or the call is in progress.';

CREATE FUNCTION callcenter.delete_calls(company_id callcenter.object_id, params jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_delete_calls';
COMMENT ON FUNCTION callcenter.delete_calls(callcenter.object_id, jsonb, text) IS
	'deletes the calls that the filters of list_calls leave, or those of a list callId; refuses without any filter; dryRun only counts.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.create_customer(company_id callcenter.object_id, customer jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_customer';
COMMENT ON FUNCTION callcenter.create_customer(callcenter.object_id, jsonb, text) IS
	'makes a customer: phone (a valid number), phoneSecondary, phoneMobile, phoneWork, email, names, customerType, status, source, addresses, equipment, preferences, tags.  Errors: 28000, 42501, P0002, 22023, 23502 with the path of the field, 23505 when a number is another customer''s.';

CREATE FUNCTION callcenter.get_or_create_customer(company_id callcenter.object_id, phone text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_or_create_customer';
COMMENT ON FUNCTION callcenter.get_or_create_customer(callcenter.object_id, text, text) IS
	'the customer of a number (created false), or a new one (created true); two at once make one.  Errors: 28000, 42501, P0002, 22023, 23505.';

CREATE FUNCTION callcenter.update_customer(company_id callcenter.object_id, customer_id text, patch jsonb, version integer DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_customer';
COMMENT ON FUNCTION callcenter.update_customer(callcenter.object_id, text, jsonb, integer, text) IS
	'changes the fields of a customer that a patch names: absent keeps, null clears; addresses, equipment and tags are given as whole lists, elements with an _id are the stored ones.  Errors: 28000, 42501, P0002, 40001 when the version is another one, 22023 with the path of the field, 23505.';

CREATE FUNCTION callcenter.add_customer_note(company_id callcenter.object_id, customer_id text, note jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_add_customer_note';
COMMENT ON FUNCTION callcenter.add_customer_note(callcenter.object_id, text, jsonb, text) IS
	'adds a note {text, category} to a customer.  Errors: 28000, 42501, P0002, 22023, 23502, 23505 when the customer was erased.';

CREATE FUNCTION callcenter.delete_customer(company_id callcenter.object_id, customer_id text, mode text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_delete_customer';
COMMENT ON FUNCTION callcenter.delete_customer(callcenter.object_id, text, text, text) IS
	'mode delete removes the profile and leaves its calls and visits without a customer; erase removes the person from profile, calls and visits and keeps a tombstone, so that counts stay.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.create_appointment(company_id callcenter.object_id, appointment jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_appointment';
COMMENT ON FUNCTION callcenter.create_appointment(callcenter.object_id, jsonb, text) IS
	'books a visit: customerId, service, date, timeWindow, status, value, externalRef, addressId, notes, callId of the call that made it.  Errors: 28000, 42501, P0002, 22023 with the path of the field, 23505.';

CREATE FUNCTION callcenter.update_appointment(company_id callcenter.object_id, appointment_id text, patch jsonb, version integer DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_appointment';
COMMENT ON FUNCTION callcenter.update_appointment(callcenter.object_id, text, jsonb, integer, text) IS
	'changes a visit; the first completed one makes a lead an active customer.  Errors: 28000, 42501, P0002, 40001, 22023 with the path of the field, 23505 when another visit has the externalRef, another call made this one, or the customer was erased.';

CREATE FUNCTION callcenter.list_customers(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_customers';
COMMENT ON FUNCTION callcenter.list_customers(callcenter.object_id, jsonb, text) IS
	'a page of customers: page and limit or after (cursor), status, type, tag (lists), q (name, e-mail address, street, end of a number), sort (lastContact, newest, oldest, calls, value).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.get_customer_stats(company_id callcenter.object_id, customer_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_customer_stats';
COMMENT ON FUNCTION callcenter.get_customer_stats(callcenter.object_id, text, text) IS
	'what the calls and visits of a customer add up to: counts, average duration (seconds), average rating, lifetime value, first and last contact.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.customer_timeline(company_id callcenter.object_id, customer_id text, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_customer_timeline';
COMMENT ON FUNCTION callcenter.customer_timeline(callcenter.object_id, text, jsonb, text) IS
	'calls, visits and notes of a customer, newest first: limit, after (cursor).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.list_appointments(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_appointments';
COMMENT ON FUNCTION callcenter.list_appointments(callcenter.object_id, jsonb, text) IS
	'a page of visits: page and limit or after, status (list), customerId, startDate, endDate (days), sort (latest, earliest).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.list_audit(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_audit';
COMMENT ON FUNCTION callcenter.list_audit(callcenter.object_id, jsonb, text) IS
	'a page of the audit log, for admins: recordType, recordId, actor, action (list), startDate, endDate, sort (newest, oldest).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.export_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL, OUT csv text, OUT next_cursor text)
RETURNS record
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_export_calls';
COMMENT ON FUNCTION callcenter.export_calls(callcenter.object_id, jsonb, text) IS
	'the calls that list_calls shows for the same filters, as CSV (RFC 4180), 1,000 at a time: the first batch has the headings, next_cursor is the parameter after of the next batch, NULL at the end.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.reveal_access_codes(company_id callcenter.object_id, record_type text, record_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_reveal_access_codes';
COMMENT ON FUNCTION callcenter.reveal_access_codes(callcenter.object_id, text, text, text) IS
	'the access codes of a call or a customer (record_type) in clear, for admins and whom grant_right() lets; every other function masks them.  Writes the audit log.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.list_follow_ups(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_follow_ups';
COMMENT ON FUNCTION callcenter.list_follow_ups(callcenter.object_id, jsonb, text) IS
	'a page of follow-ups: page and limit or after, status (list; without it those that are open or claimed), reason, priority (lists), overdue, claimedBy, customerId, startDate, endDate (when it was opened), sort (due, newest).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.claim_follow_up(company_id callcenter.object_id, follow_up_id text DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_claim_follow_up';
COMMENT ON FUNCTION callcenter.claim_follow_up(callcenter.object_id, text, text) IS
	'takes a follow-up, or the open one that is due first when none is named (claimed is false when there is none); of several who try, one gets it.  Errors: 28000, 42501, P0002, 23505 when somebody else has it.';

CREATE FUNCTION callcenter.release_follow_up(company_id callcenter.object_id, follow_up_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_release_follow_up';
COMMENT ON FUNCTION callcenter.release_follow_up(callcenter.object_id, text, text) IS
	'gives a claimed follow-up back.  Errors: 28000, 42501, P0002, 23505 when it is resolved.';

CREATE FUNCTION callcenter.resolve_follow_up(company_id callcenter.object_id, follow_up_id text, resolution jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_resolve_follow_up';
COMMENT ON FUNCTION callcenter.resolve_follow_up(callcenter.object_id, text, jsonb, text) IS
	'ends a follow-up: status done (the default) or dismissed, note.  Errors: 28000, 42501, P0002, 22023, 23505 when it is resolved already.';

CREATE FUNCTION callcenter.open_call(company_id callcenter.object_id, call jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_open_call';
COMMENT ON FUNCTION callcenter.open_call(callcenter.object_id, jsonb, text) IS
	'a call has begun, as telephony knows it: twilioCallSid, caller {phone, name}, direction, startedAt (now).  It is shown as in progress and counted nowhere until create_call brings the full record with this twilioCallSid, which takes its id.  The same again gives back what is there (created false).  Errors: 28000, 42501, P0002, 22023, 23502 with the path of the field, 23505 for another caller.';

CREATE FUNCTION callcenter.enrich_context(company_id callcenter.object_id, phone text, context jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_enrich_context';
COMMENT ON FUNCTION callcenter.enrich_context(callcenter.object_id, text, jsonb, text) IS
	'the context of an agent''s turn (callId, text, whatever it has) with companyId and, as customerContext, what lookup_by_phone() knows of the caller.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.call_analytics(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_call_analytics';
COMMENT ON FUNCTION callcenter.call_analytics(callcenter.object_id, jsonb, text) IS
	'what the calls of a period add up to, with definitions and comparison: period (week, today, month, year) or from and to (dates, also startDate and endDate; whole days in the company''s zone), asOf (an instant; now), compare (previous, year, none), match (date, weekday).  Errors: 28000, 42501, P0002, 22023, 22007 with the name of the parameter.';

CREATE FUNCTION callcenter.call_series(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_call_series';
COMMENT ON FUNCTION callcenter.call_series(callcenter.object_id, jsonb, text) IS
	'a period and what it is compared with part by part, without gaps, up to asOf: the parameters of call_analytics and step (hour, day, week, month).  Errors: 28000, 42501, P0002, 22023, 22007.';

CREATE FUNCTION callcenter.call_heatmap(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_call_heatmap';
COMMENT ON FUNCTION callcenter.call_heatmap(callcenter.object_id, jsonb, text) IS
	'the calls of a period by weekday and hour of the company''s clock: period or from and to, asOf.  Errors: 28000, 42501, P0002, 22023, 22007.';

CREATE FUNCTION callcenter.export_analytics(company_id callcenter.object_id, what text, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS text
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_export_analytics';
COMMENT ON FUNCTION callcenter.export_analytics(callcenter.object_id, text, jsonb, text) IS
	'CSV (RFC 4180) of what call_analytics (what is summary), call_series (series) or call_heatmap (heatmap) says for the same parameters.  Errors: 28000, 42501, P0002, 22023, 22007.';
