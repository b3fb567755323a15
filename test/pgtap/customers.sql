-- Customers: a first call makes one, later ones find it, and it is read by both of its ids.

\ir common.psql

SELECT plan(113);

CREATE FUNCTION pg_temp.customer(company text, id text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.body(suite.get_customer('tap_platform', company, id)) -> 'customer'
$$;
CREATE FUNCTION pg_temp.customers(company text) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM callcenter.customers c WHERE c.company_id = company
$$;

/*
 * The first call.
 */
CREATE TEMPORARY TABLE first AS
	SELECT suite.logged(:'a', suite.call('first', '+13055551234', more => '{"endedAt": "2025-12-01T14:33:24Z",
		"captured": {"name": "Sarah Johnson", "email": "sarah@example.com"}, "review": {"rating": 4}}')) AS call;
SELECT call #>> '{caller,customerId}' AS sarah FROM first \gset
SELECT is(call #>> '{caller,customerNumber}', 'CUST-00001', 'B-16: a first call makes a customer, the first with number 1') FROM first;
SELECT is(suite.part(pg_temp.customer(:'a', 'CUST-00001'), wanted), wanted,
	'K-02 K-03 K-07 K-08 K-09 K-10 K-11 K-25 K-26 K-28 K-29 K-30 K-36 K-37: the customer of a first call')
FROM (SELECT '{"customerId": "CUST-00001", "phone": "+13055551234", "phoneDisplay": "(305) 555-1234", "email": "sarah@example.com",
	"firstName": "Sarah", "lastName": "Johnson", "fullName": "Sarah Johnson", "customerType": "residential", "status": "lead",
	"source": "phone_call", "firstContactDate": "2025-12-01T14:30:00Z", "lastContactDate": "2025-12-01T14:30:00Z",
	"stats": {"totalCalls": 1, "avgCallDuration": 204, "avgResponseRating": 4}, "version": 1}'::jsonb AS wanted) w;
SELECT is(pg_temp.customer(:'a', 'CUST-00001') ->> '_id', :'sarah', 'C-06: caller.customerId is the customer''s _id');
SELECT ok((c ->> 'createdAt')::timestamptz = now() AND c ->> 'updatedAt' = c ->> 'createdAt', 'K-60: a new customer is of now')
FROM pg_temp.customer(:'a', :'sarah') c;
SELECT is((SELECT raw || ' ' || region || ' ' || (metadata_version = callcenter.phone_metadata_version()) FROM callcenter.customer_phones), '+13055551234 US true',
	'a number is kept as it came, with the region and the metadata that read it');

/*
 * Found again, however the number is written.
 */
SELECT is(suite.logged(:'a', suite.call('spelled ' || phone, phone)) #>> '{caller,customerId}', :'sarah', format('B-14: %s is the same number', phone))
FROM unnest(ARRAY['+13055551234', '(305) 555-1234', '305-555-1234', '305.555.1234', '3055551234', '1 305 555 1234', '+1 (305) 555-1234', '13055551234',
	'tel:+1-305-555-1234', ' 305 555 1234 ', '３０５５５５１２３４', '011 1 305 555 1234', '+1 305 555 1234 ext. 7']) phone;
SELECT is(pg_temp.customers(:'a'), 1::bigint, 'and no other customer was made');
SELECT is((SELECT count(DISTINCT caller_phone) || ' ' || min(caller_phone) FROM callcenter.calls), '1 +13055551234', 'C-04: all are kept as one E.164');
SELECT is((SELECT caller_raw FROM callcenter.calls WHERE call_id = 'spelled (305) 555-1234'), '(305) 555-1234', 'D-02: and as they came');

/*
 * Nobody's numbers.
 */
CREATE TEMPORARY TABLE withheld (phone text PRIMARY KEY);
INSERT INTO withheld VALUES
	('anonymous'), ('Anonymous'), ('ANONYMOUS'), ('unknown'), ('unavailable'), ('Restricted'), ('private'), ('Blocked'), ('withheld'), (''), ('  '),
	('+266696687'), ('266696687'), ('+7378742833'), ('7378742833'), ('+86282452253'), ('+8656696'), ('+2562533');
SELECT is(suite.logged(:'a', suite.call('withheld ' || phone, phone, more => '{"captured": {"name": "Nobody Known"}}')) -> 'caller',
	jsonb_build_object('phone', phone, 'phoneDisplay', 'Withheld number', 'withheld', true, 'name', 'Nobody Known', 'isReturning', false, 'previousCallCount', 0),
	format('D-02: "%s" is a withheld caller: kept as it came, nobody''s', phone))
FROM withheld;
SELECT is(pg_temp.customers(:'a'), 1::bigint, 'D-02: withheld callers make no customer');
SELECT is(ARRAY(SELECT DISTINCT caller_kind::text FROM callcenter.calls WHERE call_id LIKE 'withheld %' AND caller_phone IS NULL), '{withheld}',
	'D-02: they are known as withheld');

SELECT is(suite.logged(:'a', suite.call('own ' || phone, phone)) #>> '{caller,customerId}', NULL, format('the company''s own number, written %s, makes no customer', phone))
FROM unnest('{+13055550100,(305) 555-0100,1-305-555-0100}'::text[]) phone;
SELECT isnt(suite.logged(:'b', suite.call('not own', '+13055550100')) #>> '{caller,customerId}', NULL, 'to another company it is a number like any other');
SELECT is(suite.logged(:'a', suite.call('nobody ' || phone, phone)) #>> '{caller,customerId}', NULL, format('%s is nobody''s number: %s', phone, why))
FROM (VALUES ('555-1234', 'it lacks its area code'), ('911', 'emergency'), ('611', 'a short number'), ('sip:bob@example.com', 'a SIP address'),
	('client:13055551234', 'a softphone'), ('0000000000', 'not a number'), ('123', 'too short'), ('12345678901234567890', 'too long')) AS t (phone, why);
SELECT is(suite.logged(:'a', suite.call('spam', '+13055550060', status => 'spam')) #>> '{caller,customerId}', NULL, 'a spam call makes no customer');
SELECT is(suite.logged(:'a', suite.call('spam of sarah', '+13055551234', status => 'spam', more => '{"captured": {"name": "Prize Winner"}}')) #>> '{caller,customerId}', :'sarah',
	'a spam call is linked to a customer who has the number');
SELECT is(pg_temp.customer(:'a', :'sarah') ->> 'fullName', 'Sarah Johnson', 'and changes nothing of the profile');
SELECT is(pg_temp.customers(:'a'), 1::bigint, 'nobody''s numbers make no customer');
-- a number that several customers share is nobody's in particular
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, shared) VALUES (:'a', '+13055550070', :'sarah', 'work', true);
SELECT is(suite.logged(:'a', suite.call('shared', '+13055550070')) #>> '{caller,customerId}', NULL, 'a shared number is linked to nobody, and makes nobody');
SELECT is(pg_temp.customer(:'a', :'sarah') -> 'phoneWork', '"+13055550070"', 'K-06: but it is the customer''s work number');

/*
 * What a call fills in.
 */
CREATE FUNCTION pg_temp.after(VARIADIC calls jsonb[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	call jsonb;
	customer jsonb;
	n integer := 0;
BEGIN
	FOREACH call IN ARRAY calls LOOP
		n := n + 1;
		call := suite.logged('65f0000000000000000000a1', suite.call('fill ' || n, '+13055550080', format('2025-12-01T14:0%s:00Z', n), more => call));
	END LOOP;
	customer := pg_temp.customer('65f0000000000000000000a1', call #>> '{caller,customerId}');
	RAISE EXCEPTION 'undo' USING ERRCODE = 'CC000';
EXCEPTION WHEN SQLSTATE 'CC000' THEN
	RETURN jsonb_strip_nulls(jsonb_build_object('first', customer -> 'firstName', 'last', customer -> 'lastName', 'full', customer -> 'fullName',
		'email', customer -> 'email', 'version', customer -> 'version'));
END
$$;
SELECT is(pg_temp.after(VARIADIC calls::jsonb[]), wanted::jsonb, 'B-16: ' || why)
FROM (VALUES
	(ARRAY['{}'], '{"version": 1}', 'a caller who gives no name has none'),
	(ARRAY['{"caller": {"phone": "+13055550080", "name": "Ann Lee"}}'], '{"first": "Ann", "last": "Lee", "full": "Ann Lee", "version": 1}', 'the name of the line is taken'),
	(ARRAY['{"caller": {"phone": "+13055550080", "name": "WIRELESS CALLER"}, "captured": {"name": "Ann Lee"}}'], '{"first": "Ann", "last": "Lee", "full": "Ann Lee", "version": 1}',
		'the name that was said comes before that of the line'),
	(ARRAY['{}', '{"captured": {"name": "Ann Lee"}}'], '{"first": "Ann", "last": "Lee", "full": "Ann Lee", "version": 2}', 'a later call fills the name in'),
	(ARRAY['{"captured": {"name": "Ann Lee"}}', '{"captured": {"name": "Bob Roe", "email": "ann@example.com"}}'],
		'{"first": "Ann", "last": "Lee", "full": "Ann Lee", "email": "ann@example.com", "version": 2}', 'fills the e-mail in, and keeps the name'),
	(ARRAY['{"captured": {"email": "ann@example.com"}}', '{"captured": {"email": "bob@example.com"}}'], '{"email": "ann@example.com", "version": 1}', 'an e-mail address is not replaced'),
	(ARRAY['{"captured": {"name": "Ann"}}', '{"captured": {"name": "Ann Lee"}}'], '{"first": "Ann", "full": "Ann", "version": 1}', 'a first name alone is a name'),
	(ARRAY['{"captured": {"name": "Ann Lee"}}', '{"captured": {"name": "Ann Lee"}}', '{}'], '{"first": "Ann", "last": "Lee", "full": "Ann Lee", "version": 1}',
		'K-60: nothing new is no new version'),
	(ARRAY['{"captured": {"name": "", "email": ""}}', '{"captured": {"name": "Ann Lee", "email": "ann@example.com"}}'],
		'{"first": "Ann", "last": "Lee", "full": "Ann Lee", "email": "ann@example.com", "version": 2}', 'an empty name or e-mail address is none'),
	(ARRAY['{"captured": {"name": "  ", "email": "  "}}', '{"captured": {"name": "Ann Lee", "email": "ann@example.com"}}'],
		'{"first": "Ann", "last": "Lee", "full": "Ann Lee", "email": "ann@example.com", "version": 2}', 'nor is one of white space'),
	(ARRAY['{"caller": {"phone": "+13055550080", "name": "Ann Lee"}, "captured": {"name": ""}}'], '{"first": "Ann", "last": "Lee", "full": "Ann Lee", "version": 1}',
		'an empty name does not hide that of the line')
) AS t (calls, wanted, why);
SELECT is(pg_temp.after(jsonb_build_object('captured', jsonb_build_object('name', name))) - 'version', wanted::jsonb, format('K-08 K-09 K-10: the name "%s"', name))
FROM (VALUES
	('Cher', '{"first": "Cher", "full": "Cher"}'),
	('Juan Carlos de la Cruz', '{"first": "Juan Carlos de la", "last": "Cruz", "full": "Juan Carlos de la Cruz"}'),
	('  Ann   Lee  ', '{"first": "Ann", "last": "Lee", "full": "Ann Lee"}'),
	('李 小龙', '{"first": "李", "last": "小龙", "full": "李 小龙"}'),
	('O''Brien "Bo" <b@x>', '{"first": "O''Brien \"Bo\"", "last": "<b@x>", "full": "O''Brien \"Bo\" <b@x>"}')
) AS t (name, wanted);

SELECT is(suite.logged(:'a', suite.call('named ' || n, '+13055551234', more => jsonb_build_object('caller', jsonb_build_object('phone', '+13055551234', 'name', name))))
	#>> '{caller,name}', wanted, 'C-05: ' || why)
FROM (VALUES (1, 'Sally J', 'Sally J', 'a call shows the name that came with it'), (2, '', 'Sarah Johnson', 'else the customer''s: an empty name is none'),
	(3, NULL, 'Sarah Johnson', 'else the customer''s')) AS t (n, name, wanted, why);

/*
 * Numbers of customers: per company, without gaps, five digits and more.
 */
SELECT is(suite.logged(:'a', suite.call('second', '+13055550061')) #>> '{caller,customerNumber}', 'CUST-00002', 'D-04: numbers count up without gaps, whatever was refused in between');
SELECT is((suite.create_call('tap_platform', :'a', suite.call('second', '+13055550062'))).state, '23505', 'a conflict');
SELECT is((suite.create_call('tap_platform', :'a', suite.put(suite.call('third', '+13055550062'), 'review.rating', '9'))).state, '22003', 'and a defect');
SELECT is(suite.logged(:'a', suite.call('third', '+13055550062')) #>> '{caller,customerNumber}', 'CUST-00003', 'D-04: leave no gap');
SELECT is(suite.logged(:'b', suite.call('first', '+13055551234')) #>> '{caller,customerNumber}', 'CUST-00002', 'D-04: another company counts on its own');
SELECT isnt((suite.get_call('tap_platform', :'b', 'first')).body #>> '{call,caller,customerId}', :'sarah', 'X-09: the same number is another customer there');
UPDATE callcenter.customer_numbers SET last_number = 99998 WHERE company_id = :'a';
SELECT is(suite.logged(:'a', suite.call('many ' || n, '+1305555009' || n)) #>> '{caller,customerNumber}', 'CUST-' || 99998 + n, 'D-04: numbers grow past 99999: ' || 99998 + n)
FROM generate_series(1, 3) n;
SELECT is(pg_temp.customer(:'a', 'CUST-100000') ->> 'phone', '+13055550092', 'D-04: and are found');
-- numbers are not given out again
DELETE FROM callcenter.calls WHERE call_id = 'many 3';
DELETE FROM callcenter.customers WHERE customer_number = 100001;
SELECT is(suite.logged(:'a', suite.call('again', '+13055550093')) #>> '{caller,customerNumber}', 'CUST-100002', 'D-04: the number of a customer who is gone is not used again');

/*
 * Reading.
 */
SELECT is(pg_temp.customer(:'a', id) ->> '_id', :'sarah', format('E-07: %s names a customer', id))
FROM unnest(ARRAY['CUST-00001', 'cust-00001', 'CUST-1', :'sarah']) id;
SELECT suite.refused(suite.get_customer('tap_platform', :'a', id), 'P0002', '', 'Customer not found', format('E-07: "%s" names no customer', left(id, 30)))
FROM unnest(ARRAY['CUST-99999999', 'CUST-0', 'CUST-', 'CUST--1', 'CUST-1x', 'CUST-' || repeat('9', 15), 'CUST-' || repeat('9', 100000), '1', '', 'sarah', '65f0000000000000000000c9',
	upper(:'sarah') || 'x']) id;
SELECT suite.refused(suite.get_customer('tap_platform', :'b', :'sarah'), 'P0002', '', 'Customer not found', 'X-09: nor does the id of another company''s, in the same words');
SELECT suite.refused(suite.get_customer('tap_platform', :'a', NULL), '23502', 'customerId', 'is required', 'E-07: NULL names no customer');

-- the history: the newest 50 calls of the customer, as rows of lists
SELECT suite.logged(:'a', suite.call('h' || n, '+13055550095', (timestamptz '2025-01-01T00:00:00Z' + n * interval '1 day')::text || ':00',
	more => jsonb_build_object('durationSeconds', n, 'review', jsonb_build_object('rating', 1 + n % 5)))) IS NULL AS made
FROM generate_series(1, 60) n OFFSET 59 \gset
CREATE TEMPORARY TABLE history AS
	SELECT pg_temp.customer(:'a', (suite.get_call('tap_platform', :'a', 'h1')).body #>> '{call,caller,customerId}') AS customer;
SELECT is(ARRAY(SELECT c ->> 'callId' FROM history, jsonb_array_elements(customer -> 'callHistory') c), ARRAY(SELECT 'h' || n FROM generate_series(60, 11, -1) n),
	'B-18 K-58: the history has the 50 newest calls, newest first');
SELECT is(customer -> 'callHistory' -> 0, (suite.list_calls('tap_platform', :'a', '{"phone": "+13055550095", "limit": 1}')).body -> 'calls' -> 0, 'K-58: as they are in lists') FROM history;
SELECT is(suite.part(customer -> 'stats', '{"totalCalls": 0, "avgCallDuration": 0, "avgResponseRating": 0}'),
	'{"totalCalls": 60, "avgCallDuration": 31, "avgResponseRating": 3}', 'K-30 K-36 K-37: statistics are of all calls; 30.5 s are rounded') FROM history;
SELECT is((customer ->> 'firstContactDate') || ' ' || (customer ->> 'lastContactDate'), '2025-01-02T00:00:00Z 2025-03-02T00:00:00Z', 'K-26 K-28: first and last contact') FROM history;
SELECT ok(NOT customer::text ~ :'a', 'X-10: a customer does not name its company') FROM history;
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind)
SELECT :'a', phone, customer ->> '_id', kind::callcenter.phone_kind
FROM history, (VALUES ('+13055550096', 'secondary'), ('+442079460958', 'mobile'), ('+13055550097', 'work')) AS t (phone, kind);
SELECT is(jsonb_object_agg(key, value), '{"phone": "+13055550095", "phoneDisplay": "(305) 555-0095", "phoneSecondary": "+13055550096", "phoneSecondaryDisplay": "(305) 555-0096",
		"phoneMobile": "+442079460958", "phoneMobileDisplay": "+44 20 7946 0958", "phoneWork": "+13055550097", "phoneWorkDisplay": "(305) 555-0097"}',
	'K-03 K-04 K-05 K-06: a customer has up to four numbers, shown as people write them')
FROM history, jsonb_each(pg_temp.customer(:'a', customer ->> '_id')) WHERE key LIKE 'phone%';

SELECT * FROM finish();
ROLLBACK;
