-- Companies: making them, and the database roles that may act for them.

\ir common.psql

SELECT plan(102);

CREATE FUNCTION pg_temp.create_company(company jsonb, caller name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.create_company(%L)', company))
$$;
CREATE FUNCTION pg_temp.grant_role(company text, role_name text, caller name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.grant_role(%L, %L)', company, role_name))
$$;
CREATE FUNCTION pg_temp.revoke_role(company text, role_name text, caller name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.revoke_role(%L, %L)', company, role_name))
$$;
CREATE FUNCTION pg_temp.tried(company jsonb) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask('tap_admin', format('SELECT callcenter.create_company(%L)', '{"name": "X", "timeZone": "America/New_York"}'::jsonb || company), false)
$$;

/*
 * Making one.
 */
SELECT is((pg_temp.create_company('{"_id": "65F0000000000000000000C3", "name": "Clima Cúbica", "timeZone": "America/Havana", "defaultRegion": "MX",
		"ownNumbers": ["+525512345678", "55 1234 5679"]}')).body #- '{company,createdAt}' #- '{company,updatedAt}',
	'{"success": true, "company": {"_id": "65f0000000000000000000c3", "name": "Clima Cúbica", "timeZone": "America/Havana", "defaultRegion": "MX",
		"ownNumbers": ["+525512345678", "+525512345679"], "nonLeadIntents": ["billing", "vendor", "reschedule", "wrong_number"], "weekStart": 1, "followUps": {"normalMinutes": 60, "urgentMinutes": 60, "emergencyMinutes": 15}, "businessHours": {"days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], "opens": "08:00", "closes": "18:00"}}}', 'a company is made as it was told to be; its numbers become E.164');
SELECT is((pg_temp.tried('{}')).body #- '{company,createdAt}' #- '{company,updatedAt}' #- '{company,_id}',
	'{"success": true, "company": {"name": "X", "timeZone": "America/New_York", "defaultRegion": "US", "ownNumbers": [],
		"nonLeadIntents": ["billing", "vendor", "reschedule", "wrong_number"], "weekStart": 1, "followUps": {"normalMinutes": 60, "urgentMinutes": 60, "emergencyMinutes": 15}, "businessHours": {"days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], "opens": "08:00", "closes": "18:00"}}}', 'what is not told has a default');
SELECT ok(((pg_temp.tried('{}')).body #>> '{company,_id}') ~ '^[0-9a-f]{24}$', 'an id is made');
SELECT suite.refused(pg_temp.create_company('{"_id": "65f0000000000000000000c3", "name": "X", "timeZone": "UTC"}'), '23505', '_id', 'A company with this id exists', 'two companies do not have one id');
SELECT suite.refused(pg_temp.tried(company::jsonb), state, field, words, 'E-13: no company with ' || company)
FROM (VALUES
	('{"name": null}', '23502', 'name', 'is required'),
	('{"name": ""}', '22023', 'name', 'must have from 1 to 200 characters'),
	('{"timeZone": null}', '23502', 'timeZone', 'is required'),
	('{"timeZone": "America/Nowhere"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "EST"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "EST5EDT"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "-05:00"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "<x>5/y"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "localtime"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "../../../etc/passwd"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "/etc/localtime"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "right/America/New_York"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": "America/New_York "}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"timeZone": 5}', '22023', 'timeZone', 'must be a string'),
	('{"defaultRegion": "us"}', '22023', 'defaultRegion', 'must be an ISO 3166 code in upper case'),
	('{"defaultRegion": "XX"}', '22023', 'defaultRegion', 'must be an ISO 3166 code in upper case'),
	('{"defaultRegion": "USA"}', '22023', 'defaultRegion', 'characters'),
	('{"defaultRegion": ""}', '22023', 'defaultRegion', 'characters'),
	('{"ownNumbers": "+13055550100"}', '22023', 'ownNumbers', 'must be an array of strings'),
	('{"ownNumbers": ["+13055550100", 1]}', '22023', 'ownNumbers[1]', 'must be a string'),
	('{"ownNumbers": ["+13055550100", "555"]}', '22023', 'ownNumbers[1]', 'must be a valid phone number'),
	('{"ownNumbers": ["anonymous"]}', '22023', 'ownNumbers[0]', 'must be a valid phone number'),
	('{"ownNumbers": ["911"]}', '22023', 'ownNumbers[0]', 'must be a valid phone number'),
	('{"nonLeadIntents": "billing"}', '22023', 'nonLeadIntents', 'must be an array of strings'),
	('{"nonLeadIntents": ["billing", ""]}', '22023', 'nonLeadIntents[1]', 'must have from 1 to 100 characters'),
	('{"weekStart": 0}', '22003', 'weekStart', 'must be from 1 to 7'),
	('{"weekStart": "Monday"}', '22023', 'weekStart', 'must be a whole number'),
	('{"_id": "x"}', '22P02', '_id', 'must be an id of 24 hexadecimal digits'),
	('{"time_zone": "UTC"}', '22023', 'time_zone', 'is not a field of this document'),
	('{"createdAt": "2025-01-01T00:00:00Z"}', '22023', 'createdAt', 'is set by the server')
) AS t (company, state, field, words);
SELECT is((pg_temp.tried(jsonb_build_object('timeZone', zone))).body #>> '{company,timeZone}', zone, 'a company may be in ' || zone)
FROM unnest('{UTC,America/Argentina/Buenos_Aires,Asia/Kathmandu,Etc/GMT+5,Pacific/Apia}'::text[]) zone;
-- JavaScript and other readers of the name know one spelling
SELECT is((pg_temp.tried('{"timeZone": "america/new_york"}')).body #>> '{company,timeZone}', 'America/New_York', 'a time zone is kept as its name is spelt');
SELECT is((pg_temp.create_company('{"name": "X", "timeZone": "UTC"}', caller)).message, 'permission denied for function create_company', caller || ' makes no company')
FROM unnest('{tap_rest,tap_platform,tap_service,tap_analyst}'::name[]) caller;

/*
 * Changing one.
 */
CREATE FUNCTION pg_temp.update_company(company text, patch jsonb, caller name DEFAULT 'tap_admin') RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.ask(caller, format('SELECT callcenter.update_company(%L, %L)', company, patch))
$$;
SELECT is((pg_temp.create_company('{"_id": "65f0000000000000000000c6", "name": "Old", "timeZone": "UTC", "weekStart": 7, "nonLeadIntents": ["Solar_Sales"]}')).body #> '{company,nonLeadIntents}',
	'["solar_sales"]', 'intents that are no leads are folded');
SELECT is((pg_temp.update_company('65f0000000000000000000c6', '{"name": "New", "defaultRegion": "GB", "ownNumbers": ["020 7946 0018"]}')).body
	#- '{company,createdAt}' #- '{company,updatedAt}',
	'{"success": true, "company": {"_id": "65f0000000000000000000c6", "name": "New", "timeZone": "UTC", "defaultRegion": "GB", "ownNumbers": ["+442079460018"],
		"nonLeadIntents": ["solar_sales"], "weekStart": 7, "followUps": {"normalMinutes": 60, "urgentMinutes": 60, "emergencyMinutes": 15}, "businessHours": {"days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], "opens": "08:00", "closes": "18:00"}}}', 'a patch changes what it names, numbers being read in the region that it names, and keeps the rest');
SELECT is((pg_temp.update_company('65f0000000000000000000c6', '{"ownNumbers": ["020 7946 0018", "020 7946 0019"]}')).body #> '{company,ownNumbers}',
	'["+442079460018", "+442079460019"]', 'or in the region that is stored');
SELECT is((pg_temp.update_company('65f0000000000000000000c6', '{"nonLeadIntents": null, "weekStart": null, "ownNumbers": null, "defaultRegion": null}')).body
	#- '{company,createdAt}' #- '{company,updatedAt}' -> 'company',
	'{"_id": "65f0000000000000000000c6", "name": "New", "timeZone": "UTC", "defaultRegion": "US", "ownNumbers": [],
		"nonLeadIntents": ["billing", "vendor", "reschedule", "wrong_number"], "weekStart": 1, "followUps": {"normalMinutes": 60, "urgentMinutes": 60, "emergencyMinutes": 15}, "businessHours": {"days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], "opens": "08:00", "closes": "18:00"}}', 'null sets the default');
SELECT is((pg_temp.update_company('65f0000000000000000000c6', '{"timeZone": "europe/london"}')).body #>> '{company,timeZone}', 'Europe/London', 'a time zone is changed, and spelt as its name is');
SELECT is((suite.list_calls('tap_platform', '65f0000000000000000000c6')).body ->> 'timeZone', 'Europe/London', 'and works at once');
SELECT suite.refused(pg_temp.update_company('65f0000000000000000000c6', patch::jsonb), state, field, words, 'E-13: no change of a company by ' || patch)
FROM (VALUES
	('{"name": null}', '23502', 'name', 'is required'),
	('{"timeZone": null}', '23502', 'timeZone', 'is required'),
	('{"timeZone": "EST"}', '22023', 'timeZone', 'must be the name of an IANA time zone'),
	('{"ownNumbers": ["911"]}', '22023', 'ownNumbers[0]', 'must be a valid phone number'),
	('{"defaultRegion": "XX"}', '22023', 'defaultRegion', 'must be an ISO 3166 code in upper case'),
	('{"weekStart": 8}', '22003', 'weekStart', 'must be from 1 to 7'),
	('{"_id": "65f0000000000000000000c5"}', '22023', '_id', 'cannot be changed'),
	('{"nonsense": 1}', '22023', 'nonsense', 'is not a field of this document')
) AS t (patch, state, field, words);
SELECT suite.refused(pg_temp.update_company(:'nowhere', '{"name": "X"}'), 'P0002', '', 'Company not found', 'a company that there is not is not changed');
SELECT is((pg_temp.update_company('65f0000000000000000000c6', '{"name": "Mine"}', caller)).message, 'permission denied for function update_company', caller || ' changes no company')
FROM unnest('{tap_rest,tap_platform,tap_service,tap_analyst}'::name[]) caller;
SELECT is(array_agg(format('%s %s: %s to %s', actor, action, before ->> 'name', after ->> 'name')), '{tap_admin update: Old to New}', 'E-14: the change is in the audit log')
FROM callcenter.audit_log WHERE company_id = '65f0000000000000000000c6' AND record_type = 'company' AND before ? 'name';

/*
 * A new company is empty, and works.
 */
SELECT is((suite.list_calls('tap_platform', '65f0000000000000000000c3')).body - 'timeZone', '{"success": true, "calls": [], "pagination": {"page": 1, "limit": 50, "total": 0, "pages": 0, "nextCursor": null}}',
	'a new company has no calls');
SELECT is(suite.logged('65f0000000000000000000c3', suite.call('first', '55 5555 1111')) #>> '{caller,phone}', '+525555551111', 'its numbers are read in its region');
SELECT is((suite.list_calls('tap_platform', '65f0000000000000000000c3')).body ->> 'timeZone', 'America/Havana', 'its days are of its zone');
SELECT suite.refused(answer, 'P0002', '', 'Company not found', what || ' of a company that there is not, for a role that may act for all')
FROM (VALUES
	('a list', suite.list_calls('tap_platform', :'nowhere')),
	('a call', suite.get_call('tap_platform', :'nowhere', 'x')),
	('a new call', suite.create_call('tap_platform', :'nowhere', suite.call('x'))),
	('a customer', suite.get_customer('tap_platform', :'nowhere', 'CUST-00001')),
	('a lookup', suite.lookup('tap_platform', :'nowhere', '+13055551234'))
) AS t (what, answer);

/*
 * What a backend keeps of a company is what the table says.
 */
UPDATE callcenter.companies SET default_region = 'GB', own_numbers = '{}' WHERE id = '65f0000000000000000000c3';
SELECT is(suite.logged('65f0000000000000000000c3', suite.call('second', '020 7946 0958')) #>> '{caller,phone}', '+442079460958', 'a changed region is used at once');
SELECT isnt(suite.logged('65f0000000000000000000c3', suite.call('third', '+525512345678')) #>> '{caller,customerId}', NULL, 'a number that is no longer the company''s own may be a customer''s');
SAVEPOINT before;
UPDATE callcenter.companies SET time_zone = 'Asia/Tokyo' WHERE id = '65f0000000000000000000c3';
SELECT is((suite.list_calls('tap_platform', '65f0000000000000000000c3')).body ->> 'timeZone', 'Asia/Tokyo', 'a change is seen in its transaction');
ROLLBACK TO SAVEPOINT before;
SELECT is((suite.list_calls('tap_platform', '65f0000000000000000000c3')).body ->> 'timeZone', 'America/Havana', 'and is forgotten with it');
SELECT pg_temp.tried('{"_id": "65f0000000000000000000c4"}') IS NULL AS made \gset
SELECT suite.refused(suite.list_calls('tap_platform', '65f0000000000000000000c4'), 'P0002', '', 'Company not found', 'so is a company that was made and undone');

/*
 * Roles that may act for a company.
 */
SELECT is((pg_temp.grant_role('65f0000000000000000000c3', 'tap_service')).body, '{"success": true, "companyId": "65f0000000000000000000c3", "role": "tap_service"}', 'a database role is let in');
SELECT is((suite.list_calls('tap_service', '65f0000000000000000000c3')).state, '00000', 'and may act for the company from then on');
SELECT is((pg_temp.grant_role('65f0000000000000000000c3', 'tap_service')).state, '00000', 'a grant can be repeated');
SELECT is((pg_temp.grant_role('65f0000000000000000000c3', 'tap_no_such_role')).state, '42704', 'not so a role that there is not');
SELECT suite.refused(pg_temp.grant_role(:'nowhere', 'tap_service'), 'P0002', '', 'Company not found', 'nor to a company that there is not');
SELECT is((pg_temp.grant_role(:'a', 'tap_rest', caller)).message, 'permission denied for function grant_role', caller || ' lets nobody in')
FROM unnest('{tap_rest,tap_platform,tap_service,tap_analyst}'::name[]) caller;
SELECT is((pg_temp.revoke_role(:'a', 'tap_service', caller)).message, 'permission denied for function revoke_role', caller || ' shuts nobody out')
FROM unnest('{tap_rest,tap_platform,tap_service,tap_analyst}'::name[]) caller;
SELECT is((pg_temp.revoke_role('65f0000000000000000000c3', 'tap_service')).body, '{"success": true, "companyId": "65f0000000000000000000c3", "role": "tap_service"}', 'a database role is shut out');
SELECT is((suite.list_calls('tap_service', '65f0000000000000000000c3')).state, '42501', 'and may not act for the company from then on');
SELECT suite.refused(pg_temp.revoke_role('65f0000000000000000000c3', 'tap_service'), 'P0002', '', 'Grant not found', 'what is not granted is not taken back');
SELECT is(ARRAY(SELECT actor || ' ' || action || ' ' || record_id || coalesce(' ' || (before ->> 'canReveal'), '') || coalesce(' to ' || (after ->> 'canReveal'), '')
		FROM callcenter.audit_log WHERE company_id = '65f0000000000000000000c3' AND record_type = 'role' ORDER BY id),
	'{tap_admin grant tap_service to false,tap_admin grant tap_service false to false,tap_admin revoke tap_service false}', 'E-14: each is in the audit log');
CREATE ROLE tap_gone;
SELECT pg_temp.grant_role('65f0000000000000000000c3', 'tap_gone') IS NULL AS granted \gset
DROP ROLE tap_gone;
SELECT is((pg_temp.revoke_role('65f0000000000000000000c3', 'tap_gone')).state, '00000', 'a role that is gone can be shut out');

/*
 * What is missing is said, not passed over.
 */
SELECT throws_ok(statement, '23502', NULL, 'E-13: nothing is made of nothing: ' || statement)
FROM unnest(ARRAY['SELECT callcenter.create_company(NULL)', 'SELECT callcenter.create_user(NULL)',
	'SELECT callcenter.grant_company(NULL, ''a@example.com'', ''admin'')', 'SELECT callcenter.grant_role(NULL, ''postgres'')',
	'SELECT callcenter.grant_role(''65f0000000000000000000c3'', NULL)', 'SELECT callcenter.revoke_role(NULL, ''postgres'')',
	'SELECT callcenter.revoke_role(''65f0000000000000000000c3'', NULL)']) statement;

SELECT * FROM finish();
ROLLBACK;
