-- Who is calling: lookup_by_phone, while the phone rings.

\ir common.psql

SELECT plan(65);

CREATE FUNCTION pg_temp.found(company text, phone text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.body(suite.lookup('tap_platform', company, phone))
$$;
SELECT suite.logged(:'a', suite.call('sarah 1', '+13055551234', '2025-11-20T15:00:00Z', more => '{"captured": {"name": "Sarah Johnson", "email": "sarah@example.com"}, "durationSeconds": 100}'))
	#>> '{caller,customerId}' AS sarah \gset
SELECT suite.logged(:'a', suite.call('sarah 2', '+13055551234', '2025-12-01T14:30:00Z', 'transferred', '{"durationSeconds": 204,
	"analysis": {"primaryIntent": "BOOK_APPOINTMENT"}, "outcome": {"status": "transferred", "result": "Transferred to Sales"}, "captured": {"problemDescription": "No heat"}}'))
	IS NULL AS made \gset

/*
 * A known caller.
 */
SELECT is(suite.part(pg_temp.found(:'a', '+13055551234'), wanted), wanted, 'E-08 D-12 B-14: the answer for a known caller, in the proposal''s shape')
FROM (SELECT jsonb_set('{"success": true, "found": true,
	"customer": {"_id": "", "customerId": "CUST-00001", "fullName": "Sarah Johnson", "firstName": "Sarah", "lastName": "Johnson", "phone": "+13055551234",
		"phoneDisplay": "(305) 555-1234", "email": "sarah@example.com", "customerType": "residential", "status": "lead",
		"stats": {"totalCalls": 2, "avgCallDuration": 152}, "firstContactDate": "2025-11-20T15:00:00Z", "lastContactDate": "2025-12-01T14:30:00Z"},
	"recentHistory": {"lastService": null, "lastServiceDate": null, "upcomingAppointment": null,
		"lastCall": {"callId": "sarah 2", "startedAt": "2025-12-01T14:30:00Z", "primaryIntent": "BOOK_APPOINTMENT", "status": "transferred",
			"result": "Transferred to Sales", "summary": "No heat"}}}', '{customer,_id}', to_jsonb(:'sarah'::text)) AS wanted) w;
SELECT is(pg_temp.found(:'a', '+13055551234') #>> '{customer,fullName}', 'Sarah Johnson', 'T-07: an existing customer is found by phone');
SELECT is(pg_temp.found(:'b', '+13055551234'), '{"success": true, "found": false, "caller": {"kind": "e164", "phone": "+13055551234", "phoneDisplay": "(305) 555-1234"}}',
	'T-08: a customer of another company is not found');
SELECT ok(NOT pg_temp.found(:'a', '+13055551234')::text ~ :'a', 'X-10: the answer does not name the company');
SELECT is(pg_temp.found(:'a', phone) #>> '{customer,_id}', :'sarah', format('%s finds her', phone))
FROM unnest(ARRAY['(305) 555-1234', '305-555-1234', '13055551234', '+1 305 555 1234', ' 3055551234', 'tel:+13055551234']) phone;

-- by any of her numbers
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES
	(:'a', '+13055550141', :'sarah', 'secondary'), (:'a', '+13055550142', :'sarah', 'mobile'), (:'a', '+13055550143', :'sarah', 'work');
SELECT is(pg_temp.found(:'a', phone) #>> '{customer,_id}', :'sarah', format('D-07: her other number %s finds her', phone))
FROM unnest('{+13055550141,+13055550142,(305) 555-0143}'::text[]) phone;
SELECT is(suite.part(pg_temp.found(:'a', '+13055550142') -> 'customer', wanted), wanted, 'K-04 K-05 K-06: and all her numbers are told')
FROM (SELECT '{"phone": "+13055551234", "phoneSecondary": "+13055550141", "phoneMobile": "+13055550142", "phoneWork": "+13055550143"}'::jsonb AS wanted) w;
SELECT is(pg_temp.found(:'b', '+13055550142') -> 'found', 'false', 'X-09: not in another company');
-- whichever the first is, by which one query finds the answer
DELETE FROM callcenter.customer_phones WHERE company_id = :'a' AND phone = '+13055551234';
SELECT is(array_agg(phone::text), '{+13055550141}', 'the first number that is her own leads to her card') FROM callcenter.customer_stats WHERE company_id = :'a' AND customer_id = :'sarah';
UPDATE callcenter.customer_phones SET shared = true WHERE company_id = :'a' AND phone = '+13055550141';
SELECT is(ARRAY(SELECT pg_temp.found(:'a', n) #>> '{customer,_id}' FROM unnest('{+13055551234,+13055550141,+13055550142,+13055550143}'::text[]) n), ARRAY[NULL, NULL, :'sarah', :'sarah'],
	'D-07: a number that she lost, one that is not hers alone, and her others');
UPDATE callcenter.customer_phones SET shared = true WHERE company_id = :'a' AND customer_id = :'sarah';
SELECT is((SELECT ROW(s.phone, s.card_format, s.card)::text FROM callcenter.customer_stats s WHERE s.company_id = :'a' AND s.customer_id = :'sarah'), '(,,)', 'without a number of her own she has no card');
UPDATE callcenter.customer_phones SET shared = false WHERE company_id = :'a' AND customer_id = :'sarah';
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (:'a', '+13055551234', :'sarah', 'primary');
SELECT is(suite.part(pg_temp.found(:'a', '+13055551234') -> 'customer', wanted), wanted, 'and has it again') FROM (SELECT '{"phone": "+13055551234", "phoneSecondary": "+13055550141"}'::jsonb AS wanted) w;
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, shared)
SELECT :'a', '+13055550149', id, 'work', true
FROM (SELECT suite.logged(:'a', suite.call('bo', '+13055550150')) #>> '{caller,customerId}' AS id) c;
SELECT is(pg_temp.found(:'a', '+13055550149') -> 'found', 'false', 'a shared number finds nobody in particular');

/*
 * A caller who is not known, or not to be known.
 */
SELECT is(pg_temp.found(:'a', phone) - 'success', wanted::jsonb, format('E-08: "%s" is found to be %s', left(phone, 20), why))
FROM (VALUES
	('+13055559999', '{"found": false, "caller": {"kind": "e164", "phone": "+13055559999", "phoneDisplay": "(305) 555-9999"}}', 'nobody''s number'),
	('305 555 9999', '{"found": false, "caller": {"kind": "e164", "phone": "+13055559999", "phoneDisplay": "(305) 555-9999"}}', 'nobody''s number, as E.164'),
	('+442079460958', '{"found": false, "caller": {"kind": "e164", "phone": "+442079460958", "phoneDisplay": "+44 20 7946 0958"}}', 'a foreign number'),
	('+13055550100', '{"found": false, "caller": {"kind": "e164", "phone": "+13055550100", "phoneDisplay": "(305) 555-0100"}}', 'the company''s own'),
	('anonymous', '{"found": false, "caller": {"kind": "withheld", "phone": "anonymous"}}', 'withheld'),
	('+266696687', '{"found": false, "caller": {"kind": "withheld", "phone": "+266696687"}}', 'withheld, on the keypad'),
	('+7378742833', '{"found": false, "caller": {"kind": "withheld", "phone": "+7378742833"}}', 'restricted, on the keypad'),
	('', '{"found": false, "caller": {"kind": "withheld", "phone": ""}}', 'withheld, when nothing is sent'),
	('911', '{"found": false, "caller": {"kind": "emergency", "phone": "911"}}', 'an emergency number'),
	('client:13055551234', '{"found": false, "caller": {"kind": "client", "phone": "client:13055551234"}}', 'a softphone'),
	('sip:bob@example.com', '{"found": false, "caller": {"kind": "sip", "phone": "sip:bob@example.com"}}', 'a SIP address'),
	('rubbish', '{"found": false, "caller": {"kind": "other", "phone": "rubbish"}}', 'no number')
) AS t (phone, wanted, why);
SELECT is(pg_temp.found(:'a', repeat('1', 100000)) #>> '{caller,kind}', 'other', 'E-08: nor are 100,000 digits');
SELECT is(pg_temp.found(:'a', chr(8238) || '"\<>' || chr(1)) #>> '{caller,phone}', chr(8238) || '"\<>' || chr(1), 'E-08: rubbish comes back as it went in');
SELECT suite.refused(suite.lookup('tap_platform', :'a', NULL), '23502', 'phone', 'is required', 'E-08: NULL is no caller');
-- a withheld word is nobody's also when somebody has the number that it spells
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind)
SELECT :'a', '+266696687', id, 'mobile' FROM (SELECT suite.logged(:'a', suite.call('cy', '+13055550151')) #>> '{caller,customerId}' AS id) c;
SELECT is(pg_temp.found(:'a', '+266696687') -> 'found', 'false', 'D-02: the keypad spelling of ANONYMOUS never finds a customer');

/*
 * One line in two spellings.
 */
SELECT is(pg_temp.found(:'b', asked) -> 'found', 'true', format('a %s line stored as %s is found by %s', country, stored, asked))
FROM (VALUES
	('Mexican', '+525512345678', '+5215512345678'),
	('Argentine', '+5491123456789', '+541123456789'),
	('Argentine', '+541123456780', '+5491123456780'),
	('Brazilian', '+5511987654321', '+551187654321'),
	('Brazilian', '+551187654320', '+5511987654320')
) AS t (country, stored, asked),
	LATERAL (SELECT suite.logged('65f0000000000000000000b2', suite.call('line ' || stored, stored))) made
UNION ALL
SELECT is(pg_temp.found(:'b', '+5511887654321') -> 'found', 'false', 'but not by another line');
-- the number itself comes before its other spelling
SELECT suite.logged(:'b', suite.call('own line', '+541123456777', more => '{"captured": {"name": "Fija"}}')) IS NULL AS made \gset
INSERT INTO callcenter.customers (company_id, id, customer_number, first_name) VALUES (:'b', '65f0000000000000000000e1', 0, 'Movil');
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (:'b', '+5491123456777', '65f0000000000000000000e1', 'primary');
SELECT is(pg_temp.found(:'b', '+541123456777') #>> '{customer,fullName}', 'Fija', 'two customers with the spellings of a line: each is found by its own');
SELECT is(pg_temp.found(:'b', '+5491123456777') #>> '{customer,fullName}', 'Movil', 'also the other');
SELECT is(suite.logged(:'b', suite.call('own line 2', '+541123456777')) #>> '{caller,name}', 'Fija', 'and a call is linked to whom the lookup finds');

/*
 * The history.
 */
SELECT (now() AT TIME ZONE 'America/New_York')::date AS today \gset
CREATE FUNCTION pg_temp.appointment(n integer, day date, status text, service text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO callcenter.appointments (company_id, id, customer_id, service, scheduled_date, time_window, status)
	SELECT '65f0000000000000000000a1', '65f000000000000000000' || lpad(n::text, 3, '0'), customer_id, service, day, '8-10 AM', status::callcenter.appointment_status
	FROM callcenter.customer_phones WHERE company_id = '65f0000000000000000000a1' AND phone = '+13055551234'
$$;
SELECT pg_temp.appointment(1, :'today'::date - 30, 'completed', 'AC Maintenance'), pg_temp.appointment(2, :'today'::date - 10, 'completed', 'Coil Cleaning'),
	pg_temp.appointment(3, :'today'::date - 1, 'cancelled', 'Duct Cleaning'), pg_temp.appointment(4, :'today'::date - 2, 'no_show', 'Tune-up'),
	pg_temp.appointment(5, :'today'::date - 1, 'scheduled', 'Forgotten'), pg_temp.appointment(6, :'today'::date + 9, 'scheduled', 'Filter Change'),
	pg_temp.appointment(7, :'today'::date + 3, 'scheduled', 'Heat Check'), pg_temp.appointment(8, :'today'::date + 1, 'cancelled', 'Never Mind') \g /dev/null
SELECT is((pg_temp.found(:'a', '+13055551234') -> 'recentHistory') - 'lastCall', jsonb_build_object('lastService', 'Coil Cleaning', 'lastServiceDate', :'today'::date - 10,
	'upcomingAppointment', jsonb_build_object('_id', '65f000000000000000000007', 'service', 'Heat Check', 'date', :'today'::date + 3, 'timeWindow', '8-10 AM')),
	'E-08 I-03: the last service is the last completed visit, the upcoming appointment the next scheduled one');
UPDATE callcenter.appointments SET value = 620 WHERE company_id = :'a' AND status = 'completed';
SELECT suite.body(suite.ask('tap_admin', format('SELECT callcenter.update_customer(%L, %L, %L)', :'a', :'sarah', '{"customerType": "residential",
	"addresses": [{"type": "home", "street": "123 Main St", "city": "Miami", "isPrimary": true, "lockboxCode": "0070"}],
	"preferences": {"preferredTimeOfDay": "morning", "specialInstructions": "Ring twice"}}'))) IS NULL AS told \gset
SELECT is(suite.part(said, '{"addresses": 0, "preferences": 0, "stats": {"totalCalls": 0, "lifetimeValue": 0}}') #- '{addresses,0,_id}', '{
	"addresses": [{"type": "home", "street": "123 Main St", "city": "Miami", "isPrimary": true, "lockboxCode": "••••"}],
	"preferences": {"preferredTimeOfDay": "morning", "specialInstructions": "Ring twice", "communicationMethod": "call", "language": "en"},
	"stats": {"totalCalls": 2, "lifetimeValue": 1240}}', 'E-08 B-15: addresses, preferences and the value of the completed visits are told, codes masked')
FROM (SELECT pg_temp.found(:'a', '+13055551234') -> 'customer' AS said) c;
SELECT pg_temp.appointment(9, :'today'::date, 'scheduled', 'Today') \g /dev/null
SELECT is(pg_temp.found(:'a', '+13055551234') #>> '{recentHistory,upcomingAppointment,service}', 'Today', 'a visit of today, by the company''s calendar, is upcoming');
INSERT INTO callcenter.appointments (company_id, id, customer_id, service, status)
SELECT :'a', '65f000000000000000000010', :'sarah', 'Undated', status::callcenter.appointment_status FROM unnest('{completed}'::text[]) status;
SELECT is(pg_temp.found(:'a', '+13055551234') #>> '{recentHistory,lastService}', 'Coil Cleaning', 'a completed visit without a date is not the last service of one that has dates');
SELECT suite.logged(:'a', suite.call('late', '+13055551234', '2024-01-01T00:00:00Z')) IS NULL AS made \gset
SELECT is(pg_temp.found(:'a', '+13055551234') #>> '{recentHistory,lastCall,callId}', 'sarah 2', 'the last call is the newest by its start, not by its arrival');
SELECT suite.logged(:'a', suite.call('now', '+13055551234', '2026-01-01T00:00:00Z')) IS NULL AS made \gset
SELECT is(pg_temp.found(:'a', '+13055551234') #>> '{recentHistory,lastCall,callId}', 'now', 'D-08: a lookup sees the call that was logged just before');
SELECT is(pg_temp.found(:'a', '+13055559998') -> 'found', 'false', 'D-08: a caller who is not found');
SELECT suite.logged(:'a', suite.call('new', '+13055559998')) IS NULL AS made \gset
SELECT is(pg_temp.found(:'a', '+13055559998') -> 'found', 'true', 'D-08: is found right after the first call');

/*
 * What a lookup reads, however many customers there are, and with plans that were made when there were few.
 */
INSERT INTO callcenter.customers (company_id, id, customer_number, status) SELECT :'a', callcenter.object_id_new(), n, 'lead' FROM generate_series(1001, 2500) n;
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind)
SELECT company_id, '+130521' || n || customer_number, id, kind::callcenter.phone_kind FROM callcenter.customers, (VALUES (3, 'primary'), (4, 'mobile')) k (n, kind)
WHERE company_id = :'a' AND customer_number > 1000;
-- of one there are no statistics, as after a load without triggers
DELETE FROM callcenter.customer_stats WHERE company_id = :'a' AND customer_id = (SELECT id FROM callcenter.customers WHERE company_id = :'a' AND customer_number = 2001);
SELECT is(suite.part(pg_temp.found(:'a', '+13052132001') -> 'customer', wanted), wanted, 'who has no statistics yet is known all the same')
FROM (SELECT '{"customerId": "CUST-02001", "phone": "+13052132001", "stats": {"totalCalls": 0}}'::jsonb AS wanted) w;
CREATE FUNCTION pg_temp.entries_read(phone text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT sum(pg_stat_get_xact_tuples_returned(c.oid)) FROM pg_class c WHERE c.relnamespace = 'callcenter'::regnamespace);
BEGIN
	PERFORM pg_temp.found('65f0000000000000000000a1', phone);
	RETURN (SELECT sum(pg_stat_get_xact_tuples_returned(c.oid)) FROM pg_class c WHERE c.relnamespace = 'callcenter'::regnamespace) - before;
END
$$;
SELECT is(pg_temp.found(:'a', phone) #>> '{customer,customerId}', 'CUST-02000', format('%s finds one of many', phone)) FROM unnest('{+13052132000,+13052142000}'::text[]) phone;
SELECT is(pg_temp.entries_read(phone), entries::bigint, format('P-05: a lookup of %s reads %s entries of indexes and rows', why, entries)) FROM (VALUES
	('+13052132000', 1, 'a first number'), ('+13052142000', 3, 'another number, of a row that was changed once'), ('+13052152000', 0, 'nobody''s number'), ('anonymous', 0, 'a number that is withheld')
) t (phone, entries, why);

/*
 * What a lookup may not do.
 */
CREATE FUNCTION pg_temp.found_read_only(phone text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
BEGIN
	PERFORM set_config('transaction_read_only', 'on', true);
	answer := callcenter.lookup_by_phone('65f0000000000000000000a1', phone);
	RAISE EXCEPTION 'undo' USING ERRCODE = 'CC000';
EXCEPTION WHEN SQLSTATE 'CC000' THEN
	RETURN answer;
END
$$;
SELECT is(pg_temp.found_read_only(phone) -> 'found', wanted::jsonb, format('it writes nothing, so that it runs on a standby: %s', phone))
FROM (VALUES ('+13055551234', 'true'), ('+13055559997', 'false'), ('anonymous', 'false')) AS t (phone, wanted);
SELECT suite.refused(suite.lookup('tap_service', :'b', '+13055551234'), '42501', '', 'You do not have access to this company', 'X-03: a service looks up for companies that are granted');
SELECT suite.refused(suite.lookup('tap_rest', :'a', '+13055551234'), '28000', '', 'authentication required', 'X-02: without a token nobody else looks up');

SELECT * FROM finish();
ROLLBACK;
