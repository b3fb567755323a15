-- The tables of DESIGN 3: keys, vocabularies, indexes, policies, and what they refuse on their own.

\ir common.psql

SELECT plan(138);

SELECT is(callcenter.version(), (SELECT extversion FROM pg_extension WHERE extname = 'callcenter'), 'the library is of the extension''s version');
SELECT is(callcenter.ping(), true, 'the library answers');
SELECT ok(NOT extrelocatable AND extnamespace <> 'callcenter'::regnamespace, 'the schema is made by the script, not adopted') FROM pg_extension WHERE extname = 'callcenter';
SELECT throws_ok('CREATE EXTENSION callcenter', '42710', NULL, 'a database has it once');

/*
 * Keys.
 */
CREATE TEMPORARY TABLE keys (name text PRIMARY KEY, key text);
INSERT INTO keys VALUES
	('companies', 'id'), ('users', 'id'), ('memberships', 'company_id, user_id'), ('role_grants', 'company_id, role_name'), ('customer_numbers', 'company_id'),
	('customers', 'company_id, id'), ('customer_phones', 'company_id, phone, customer_id'), ('appointments', 'company_id, id'), ('calls', 'company_id, id'),
	('transcripts', 'company_id, call_id'), ('call_notes', 'company_id, id'), ('call_appointments', 'company_id, call_id, appointment_id, role');
SELECT has_table('callcenter', name::name, 'there is a table ' || name) FROM keys;
SELECT is((SELECT string_agg(attname, ', ' ORDER BY n) FROM pg_index, unnest(indkey::smallint[]) WITH ORDINALITY AS k (attnum, n) JOIN pg_attribute a USING (attnum)
		WHERE indrelid = ('callcenter.' || name)::regclass AND a.attrelid = indrelid AND indisprimary), key, format('the key of %s is (%s)', name, key))
FROM keys;
SELECT is((SELECT string_agg(format_type(atttypid, atttypmod), ' ') FROM pg_attribute WHERE attrelid = ('callcenter.' || name)::regclass AND attname = c), 'callcenter.object_id',
	format('%s.%s is an object id', name, c))
FROM keys, unnest(string_to_array(key, ', ')) c WHERE c ~ 'id$' AND c <> 'role_name';
SELECT ok(relrowsecurity AND relforcerowsecurity, 'row-level security is on and forced on ' || name) FROM keys JOIN pg_class ON oid = ('callcenter.' || name)::regclass;
SELECT policies_are('callcenter', name::name, CASE name WHEN 'users' THEN '{}' ELSE '{company}' END::name[], 'the policies of ' || name) FROM keys;
SELECT policy_cmd_is('callcenter', name::name, 'company', 'all', 'the policy of ' || name || ' is for every command') FROM keys WHERE name <> 'users';

/*
 * Indexes that the proposal asks for.
 */
SELECT ok(EXISTS (SELECT FROM pg_index WHERE indrelid = ('callcenter.' || relation)::regclass AND pg_get_indexdef(indexrelid) ~ wanted), format('%s P-01: %s has an index on %s', id, relation, what))
FROM (VALUES
	('C-59', 'calls', '\(company_id, started_at, id\)$', 'company and start'),
	('C-60', 'calls', '\(company_id, caller_phone', 'company and caller'),
	('C-61', 'calls', '\(company_id, customer_id', 'company and customer'),
	('C-62', 'calls', '\(company_id, status', 'company and outcome'),
	('C-63', 'calls', '\(company_id, primary_intent', 'company and intent'),
	('C-64', 'calls', '\(company_id, started_at, id\) WHERE flagged', 'company and flag'),
	('C-03', 'calls', 'UNIQUE .*\(company_id, twilio_call_sid\)', 'company and twilioCallSid'),
	('D-01', 'calls', 'UNIQUE .*\(company_id, call_id\)', 'company and callId'),
	('D-04', 'customers', 'UNIQUE .*\(company_id, customer_number\)', 'company and number'),
	('K-61', 'customer_phones', 'UNIQUE .*\(company_id, phone\) WHERE \(NOT shared\)', 'company and phone'),
	('K-62', 'customers', '\(company_id, email', 'company and e-mail'),
	('K-63', 'customers', '\(company_id, last_name', 'company and last name'),
	('K-65', 'customers', '\(company_id, status', 'company and status')
) AS t (id, relation, wanted, what);

/*
 * Vocabularies.
 */
SELECT enum_has_labels('callcenter', type, labels, format('%s: the values of %s', id, type))
FROM (VALUES
	('C-09', 'call_direction'::name, '{inbound,outbound}'::name[]),
	('C-27', 'urgency', '{normal,urgent,emergency}'),
	('C-31', 'call_status', '{completed,transferred,voicemail,abandoned,spam,error}'),
	('C-38', 'action_type', '{sms_sent,email_sent,appointment_created,appointment_updated,appointment_cancelled,transfer_initiated,voicemail_left,customer_created,customer_updated,note_added,technician_notified}'),
	('C-40', 'action_status', '{success,failed,pending}'),
	('C-43', 'speaker', '{agent,caller}'),
	('K-11', 'customer_type', '{residential,commercial,property_manager}'),
	('K-25', 'customer_status', '{lead,active,inactive,churned,do_not_contact}'),
	('K-29', 'customer_source', '{phone_call,website,referral,google,yelp,other}'),
	('B-12', 'membership_role', '{viewer,agent,admin}'),
	('D-07', 'phone_kind', '{primary,secondary,mobile,work}'),
	('D-10', 'appointment_status', '{scheduled,completed,cancelled,no_show}'),
	('D-10', 'appointment_role', '{created,changed,cancelled,discussed}')
) AS t (id, type, labels);

/*
 * What a table refuses, whoever writes.
 */
SELECT suite.logged(:'a', suite.call('one', more => '{"twilioCallSid": "CA1", "captured": {"name": "Ann Lee"}}')) #>> '{caller,customerId}' AS ann \gset
SELECT suite.logged(:'a', suite.call('two', '+13055550002')) #>> '{caller,customerId}' AS bob \gset
SELECT throws_ok(replace(replace(statement, ':ann', quote_literal(:'ann')), ':bob', quote_literal(:'bob')), state, NULL, 'the tables refuse ' || what)
FROM (VALUES
	('UPDATE callcenter.calls SET status = ''done''', '22P02', 'a status that there is not'),
	('UPDATE callcenter.calls SET urgency = ''high''', '22P02', 'an urgency that there is not'),
	('UPDATE callcenter.customers SET status = ''gone''', '22P02', 'a status of a customer that there is not'),
	('UPDATE callcenter.calls SET ended_at = started_at - interval ''1 microsecond''', '23514', 'a call that ends before it starts'),
	('UPDATE callcenter.calls SET caller_phone = NULL', '23514', 'a caller of kind e164 without a number'),
	('UPDATE callcenter.calls SET caller_kind = ''withheld''', '23514', 'a withheld caller with a number'),
	('UPDATE callcenter.calls SET caller_phone = ''3055551234''', '22P02', 'a number that is not E.164'),
	('UPDATE callcenter.calls SET call_id = ''two'' WHERE call_id = ''one''', '23505', 'two calls of one callId'),
	('UPDATE callcenter.calls SET twilio_call_sid = ''CA1'' WHERE call_id = ''two''', '23505', 'two calls of one twilioCallSid'),
	('UPDATE callcenter.calls SET started_at = NULL', '23502', 'a call without a start'),
	('UPDATE callcenter.calls SET id = ''x''', '22P02', 'a malformed id'),
	('UPDATE callcenter.customers SET customer_number = 1', '23505', 'two customers of one number'),
	('INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (''65f0000000000000000000a1'', ''+13055551234'', :bob, ''work'')', '23505', 'a number of two customers that is not shared'),
	('INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (''65f0000000000000000000a1'', ''+13055559999'', :ann, ''primary'')', '23505', 'a second primary number'),
	('INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (''65f0000000000000000000b2'', ''+13055559999'', :ann, ''work'')', '23503', 'a number of another company''s customer'),
	('DELETE FROM callcenter.customers WHERE id = :ann', '23503', 'a customer''s going while calls are linked'),
	('DELETE FROM callcenter.companies WHERE id = ''65f0000000000000000000ff''; UPDATE callcenter.companies SET name = ''''', '23514', 'a company without a name'),
	('UPDATE callcenter.companies SET default_region = ''usa''', '23514', 'a malformed region'),
	('UPDATE callcenter.companies SET own_numbers = ''{305}''', '22P02', 'an own number that is not E.164'),
	('INSERT INTO callcenter.users (id, email, password) VALUES (callcenter.object_id_new(), ''Ann@Example.com'', ''x'')', '23514', 'an e-mail address that is not folded'),
	('INSERT INTO callcenter.memberships VALUES (''65f0000000000000000000a1'', callcenter.object_id_new(), ''admin'')', '23503', 'a member who is nobody'),
	('INSERT INTO callcenter.role_grants (company_id, role_name) VALUES (''65f0000000000000000000ff'', ''x'')', '23503', 'a grant of a company that there is not'),
	('UPDATE callcenter.customers SET full_name = ''x''', '428C9', 'a full name that is not of first and last')
) AS t (statement, state, what);

-- what goes with what
SELECT lives_ok(statement, what)
FROM (VALUES
	('DELETE FROM callcenter.calls WHERE call_id = ''one''', 'a call can go'),
	(format('DELETE FROM callcenter.customers WHERE id = %L', :'ann'), 'and then its customer')
) AS t (statement, what);
SELECT is((SELECT count(*) FROM callcenter.customer_phones WHERE customer_id = :'ann'), 0::bigint, 'with its numbers');

/*
 * Dump marks: what triggers do not fill again.
 */
SELECT set_eq($$SELECT c.relname::text FROM pg_extension, unnest(extconfig) WITH ORDINALITY AS u (oid, n) JOIN pg_class c ON c.oid = u.oid WHERE extname = 'callcenter' AND c.relname IN (SELECT name FROM keys)$$,
	'SELECT name FROM keys', 'every table of the first slice is marked for dump');
SELECT ok((SELECT bool_and(c = '') FROM pg_extension, unnest(extcondition) c WHERE extname = 'callcenter'), 'and whole');

SELECT * FROM finish();
ROLLBACK;
