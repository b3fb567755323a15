-- Single rights beside the roles: revealing access codes and deleting, for admins and for whom grant_right() grants it.

\ir common.psql
\ir records.psql

SELECT plan(41);

SELECT suite.body(suite.api('tap_platform', 'create_call', :'a', suite.call(id, more => '{"captured": {"accessInstructions": {"gateCode": "1234"}}}')::text)) FROM unnest(ARRAY['one', 'two', 'three', 'four']) id \g /dev/null
SELECT suite.body(suite.api('tap_platform', 'create_call', :'b', suite.call('one')::text)) \g /dev/null

CREATE TEMPORARY TABLE callers (who text, grantee text);
INSERT INTO callers VALUES ('viewer', 'viewer@example.com'), ('agent', 'Agent@Example.com'), ('tap_service', 'tap_service');
CREATE FUNCTION pg_temp.reveal(who text, company text DEFAULT '65f0000000000000000000a1') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.api(who, 'reveal_access_codes', company, 'call', 'one')
$$;
CREATE FUNCTION pg_temp.remove(who text, call_id text) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.api(who, 'delete_calls', '65f0000000000000000000a1', jsonb_build_object('callId', jsonb_build_array(call_id))::text)
$$;
CREATE FUNCTION pg_temp.grant_right(grantee text, right_name text, granted boolean DEFAULT true, company text DEFAULT '65f0000000000000000000a1', who name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(who, format('SELECT callcenter.grant_right(%L, %L, %L, %L)', company, grantee, right_name, granted))
$$;

SELECT suite.refused(pg_temp.reveal(who), '42501', '', 'This needs the admin role', format('%s may not reveal access codes', who)) FROM callers;
SELECT suite.refused(pg_temp.remove(who, 'two'), '42501', '', 'This needs the admin role', format('%s may not delete calls', who)) FROM callers;
SELECT suite.refused(suite.api(who, 'delete_customer', :'a', 'CUST-00001', 'delete'), '42501', '', 'This needs the admin role', format('nor customers: %s', who)) FROM callers;

-- the one right
SELECT is((pg_temp.grant_right(grantee, 'reveal')).body - 'companyId', jsonb_build_object('success', true, 'grantee', grantee, 'canReveal', true, 'canDelete', false), format('%s is granted to reveal', who)) FROM callers;
SELECT is((pg_temp.reveal(who)).body #>> '{call,captured,accessInstructions,gateCode}', '1234', format('then %s reveals', who)) FROM callers;
SELECT is((SELECT string_agg(actor, ' ' ORDER BY actor) FROM callcenter.audit_log WHERE action = 'reveal'), 'agent@example.com tap_service viewer@example.com', 'B-06: which the audit log tells');
SELECT is((suite.api(who, 'get_call', :'a', 'one')).body #>> '{call,captured,accessInstructions,gateCode}', '••••', format('every other function masks them, also for %s', who)) FROM callers;
SELECT suite.refused(pg_temp.remove(who, 'two'), '42501', '', 'This needs the admin role', format('%s may still not delete', who)) FROM callers;
SELECT suite.refused(pg_temp.reveal(who, :'b'), '42501', '', 'You do not have access to this company', format('%s has it in no other company', who)) FROM callers;

-- the other
SELECT is((pg_temp.grant_right(grantee, 'reveal', false)).body - 'companyId', jsonb_build_object('success', true, 'grantee', grantee, 'canReveal', false, 'canDelete', false), format('it is taken back from %s', who)) FROM callers;
SELECT suite.refused(pg_temp.reveal('viewer'), '42501', '', 'This needs the admin role', 'from the next call on');
SELECT is((pg_temp.grant_right('tap_service', 'delete')).state, '00000', 'a service is granted to delete');
SELECT is((pg_temp.remove('tap_service', 'two')).state, '00000', 'then it deletes');
SELECT is((SELECT string_agg(call_id, ' ' ORDER BY call_id) FROM callcenter.calls WHERE company_id = :'a'), 'four one three', 'what it says');
SELECT suite.refused(pg_temp.reveal('tap_service'), '42501', '', 'This needs the admin role', 'and reveals nothing');

-- who may grant, and what
SELECT suite.refused(pg_temp.grant_right('viewer@example.com', 'admin'), '22023', 'right', 'must be one of: reveal, delete', 'there are two rights');
SELECT suite.refused(pg_temp.grant_right(grantee, 'reveal', company => :'b'), 'P0002', '', 'not found', format('who has nothing to do with a company has no right there: %s', grantee)) FROM callers WHERE who <> 'agent';
SELECT is((pg_temp.grant_right('viewer@example.com', 'reveal', who => caller)).state, '42501', format('%s grants nothing', caller)) FROM unnest(ARRAY['tap_rest', 'tap_service']) AS caller;
SELECT is((pg_temp.grant_right(NULL, 'reveal')).state, '23502', 'to whom must be said');

-- the audit log tells of all of them
SELECT is(ARRAY(SELECT action || ': ' || concat_ws(' to ', before ->> 'canReveal', after ->> 'canReveal') FROM callcenter.audit_log
		WHERE company_id = :'a' AND record_type = 'member' AND record_id = 'viewer@example.com' AND actor = 'tap_admin' ORDER BY id),
	'{grant: false to true,grant: true to false}', 'E-14: what a member may do is in the audit log');
SELECT is((SELECT count(*) FROM callcenter.audit_log WHERE record_type IN ('member', 'role') AND before = after AND action = 'grant'), 0::bigint, 'before is not after');

SELECT * FROM finish();
