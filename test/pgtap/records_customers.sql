-- Customers and their visits: making, changing, lists of addresses and equipment, numbers, statistics, deletion.

\ir common.psql
\ir records.psql

SELECT plan(241);

CREATE FUNCTION pg_temp.customer(id text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.done('get_customer', '65f0000000000000000000a1', id) -> 'customer'
$$;
CREATE FUNCTION pg_temp.patch(id text, patch jsonb, caller text DEFAULT 'tap_platform', version integer DEFAULT NULL) RETURNS suite.answer LANGUAGE sql AS $$
	SELECT suite.api(caller, 'update_customer', '65f0000000000000000000a1', id, patch::text, version::text)
$$;
CREATE FUNCTION pg_temp.patched(id text, patch jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.body(pg_temp.patch(id, patch)) -> 'customer'
$$;
-- A document without what the server gives it.
CREATE FUNCTION pg_temp.given(customer jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT customer - '{_id,customerId,createdAt,updatedAt,version,stats,callHistory,appointments,addresses,equipment,notes}'::text[]
$$;

/*
 * S-07 E-09: every field of a customer.
 */
CREATE TEMPORARY TABLE whole AS SELECT '{"phone": "(305) 213-9999", "phoneSecondary": "305-213-9998", "phoneMobile": "+13052139997", "phoneWork": "3052139996",
	"email": "bob@example.com", "firstName": "Bob", "lastName": "Jones", "customerType": "commercial", "status": "inactive", "source": "yelp",
	"preferences": {"preferredTimeOfDay": "early_morning", "preferredDays": ["Monday", "Friday"], "communicationMethod": "text", "language": "es-US",
	"paymentMethod": "card", "specialInstructions": "ring twice"}, "tags": ["VIP", "Maintenance Plan", "VIP", " "],
	"addresses": [{"type": "work", "label": "office", "street": "1 Main St", "unit": "2b", "city": "Miami", "state": "FL", "zip": "33101", "isPrimary": true,
		"accessNotes": "gate code 77", "keyLocation": "mat", "lockboxCode": "99", "petInfo": "dog", "alternateContact": {"name": "Nat", "phone": "+13052138888", "relationship": "wife"}},
		{"street": "2 Main St"}],
	"equipment": [{"type": "AC", "brand": "Trane", "model": "XR", "serialNumber": "S1", "installedDate": "2020-01-01", "warrantyExpires": "2030-01-01",
		"lastServiceDate": "2025-01-01", "notes": "loud", "addressIndex": 1}, {"type": "Pump"}]}'::jsonb AS document;
CREATE TEMPORARY TABLE made AS SELECT suite.done('create_customer', :'a', document::text) -> 'customer' AS customer FROM whole;
SELECT is(pg_temp.given(customer), '{"phone": "+13052139999", "phoneDisplay": "(305) 213-9999", "phoneSecondary": "+13052139998", "phoneSecondaryDisplay": "(305) 213-9998",
	"phoneMobile": "+13052139997", "phoneMobileDisplay": "(305) 213-9997", "phoneWork": "+13052139996", "phoneWorkDisplay": "(305) 213-9996",
	"email": "bob@example.com", "firstName": "Bob", "lastName": "Jones", "fullName": "Bob Jones", "customerType": "commercial", "status": "inactive", "source": "yelp",
	"preferences": {"preferredTimeOfDay": "early_morning", "preferredDays": ["Monday", "Friday"], "communicationMethod": "text", "language": "es-US",
	"paymentMethod": "card", "specialInstructions": "ring twice"}, "tags": ["Maintenance Plan", "VIP"]}'::jsonb, 'K-03 to K-11, K-25, K-29, K-47 to K-52, K-57: a customer keeps what it is given') FROM made;
SELECT is((customer #> '{addresses,0}') - '_id', '{"type": "work", "label": "office", "street": "1 Main St", "unit": "2b", "city": "Miami", "state": "FL", "zip": "33101",
	"isPrimary": true, "accessNotes": "••••", "keyLocation": "••••", "lockboxCode": "••••", "petInfo": "dog",
	"alternateContact": {"name": "Nat", "phone": "+13052138888", "phoneDisplay": "(305) 213-8888", "relationship": "wife"}}'::jsonb, 'K-12 to K-24: an address; its codes are masked') FROM made;
SELECT is((customer #> '{addresses,1}') - '_id', '{"type": "home", "street": "2 Main St", "isPrimary": false}', 'K-12 K-19: what an address does not say') FROM made;
SELECT is((customer #> '{equipment,0}') - '_id', jsonb_build_object('type', 'AC', 'brand', 'Trane', 'model', 'XR', 'serialNumber', 'S1', 'installedDate', '2020-01-01',
	'warrantyExpires', '2030-01-01', 'lastServiceDate', '2025-01-01', 'notes', 'loud', 'addressIndex', 1, 'addressId', customer #>> '{addresses,1,_id}'), 'K-38 to K-46: equipment, at its address') FROM made;
SELECT is((customer #> '{equipment,1}') - '_id', '{"type": "Pump"}', 'K-46: equipment may be nowhere') FROM made;
SELECT is(customer ->> 'customerId', 'CUST-00001', 'K-02: the first customer is number 1') FROM made;
SELECT is(customer -> 'stats', '{"totalCalls": 0, "totalAppointments": 0, "completedAppointments": 0, "cancelledAppointments": 0, "noShows": 0, "lifetimeValue": 0, "avgCallDuration": 0}', 'K-30 to K-37: nothing has happened yet') FROM made;
SELECT is(pg_temp.given(suite.done('create_customer', :'a', '{"phone": "305 213 9990"}') -> 'customer'), '{"phone": "+13052139990", "phoneDisplay": "(305) 213-9990", "customerType": "residential",
	"status": "lead", "preferences": {"communicationMethod": "call", "language": "en"}}', 'K-11 K-25 K-49 K-50: a number is enough');
SELECT is(suite.part(suite.done('create_customer', :'a', '{"phone": "305 213 9991", "fullName": "  Ann Mary Lee "}') -> 'customer', '{"firstName": 1, "lastName": 1, "fullName": 1}'),
	'{"firstName": "Ann Mary", "lastName": "Lee", "fullName": "Ann Mary Lee"}', 'K-10: a full name is split at its last space');
-- K-10: the space around names, and names of nothing else
SELECT is(suite.part(pg_temp.patched('CUST-00003', patch), '{"firstName": 1, "lastName": 1, "fullName": 1}'), names, 'K-10: names are kept without the space around them: ' || patch::text)
FROM (VALUES ('{"firstName": " Ann\t", "lastName": " Lee "}'::jsonb, '{"firstName": "Ann", "lastName": "Lee", "fullName": "Ann Lee"}'::jsonb), ('{"firstName": "", "lastName": " X "}', '{"lastName": "X", "fullName": "X"}'),
	('{"firstName": "Ann", "lastName": " "}', '{"firstName": "Ann", "fullName": "Ann"}'), ('{"fullName": "\t Ann  Mary\tLee \n"}', '{"firstName": "Ann  Mary", "lastName": "Lee", "fullName": "Ann  Mary Lee"}'),
	('{"fullName": " \n"}', '{}'), ('{"firstName": "", "lastName": ""}', '{}'), ('{"fullName": "Ann Mary Lee"}', '{"firstName": "Ann Mary", "lastName": "Lee", "fullName": "Ann Mary Lee"}')) AS t (patch, names);
SELECT suite.refused(suite.tried(:'platform', 'create_customer', :'a', document), state, field, words, 'E-13: a customer is refused: ' || coalesce(document, 'NULL'))
FROM (VALUES ('{}', '23502', 'phone', 'is required'), (NULL, '23502', '', 'the customer document is missing'), ('{"phone": "123"}', '22023', 'phone', 'must be a valid phone number'),
	('{"phone": "anonymous"}', '22023', 'phone', 'must be a valid phone number'), ('{"phone": "+13055550100"}', '22023', 'phone', 'is a number of the company itself'),
	('{"phone": "+13052139999"}', '23505', 'phone', 'CUST-00001'), ('{"phone": "305 213 9997"}', '23505', 'phone', 'CUST-00001'),
	('{"phone": "3052130001", "phoneWork": "3052139999"}', '23505', 'phoneWork', 'CUST-00001'), ('{"phone": "3052130001", "phoneWork": "(305) 213-0001"}', '22023', 'phoneWork', 'is another number of this customer already'), ('{"phone": "3052130001", "customerId": "CUST-00009"}', '22023', 'customerId', 'is set by the server'),
	('{"phone": "3052130001", "stats": {"totalCalls": 1}}', '22023', 'stats.totalCalls', 'is set by the server'), ('{"phone": "3052130001", "status": "gone"}', '22023', 'status', 'lead, active, inactive, churned, do_not_contact'),
	('{"phone": "3052130001", "customerType": "x"}', '22023', 'customerType', 'residential, commercial, property_manager'), ('{"phone": "3052130001", "source": "x"}', '22023', 'source', 'phone_call, website, referral, google, yelp, other'),
	('{"phone": "3052130001", "preferences": {"preferredDays": ["Someday"]}}', '22023', 'preferences.preferredDays', 'Monday'),
	('{"phone": "3052130001", "preferences": {"preferredTimeOfDay": "noon"}}', '22023', 'preferences.preferredTimeOfDay', 'early_morning'),
	('{"phone": "3052130001", "addresses": [{"type": "boat"}]}', '22023', 'addresses[0].type', 'home, work, rental, other'), ('{"phone": "3052130001", "addresses": [{"bogus": 1}]}', '22023', 'addresses[0].bogus', 'is not a field'),
	('{"phone": "3052130001", "equipment": [{"addressIndex": 0}]}', '22023', 'equipment[0].addressIndex', 'which is 0'), ('{"phone": "3052130001", "equipment": [{"installedDate": "soon"}]}', '22007', 'equipment[0].installedDate', ''),
	('{"phone": "3052130001", "notes": []}', '22023', 'notes', 'is set by the server'), ('{"phone": "3052130001", "callHistory": []}', '22023', 'callHistory', 'is not a field'),
	('{"phone": "3052130001", "tags": ["x", "' || repeat('t', 61) || '"]}', '22023', 'tags[1]', 'at most 60 characters'),
	('{"phone": "3052130001", "tags": "VIP"}', '22023', 'tags', '')) AS t (document, state, field, words);
SELECT is((SELECT count(*) FROM callcenter.customers), 3::bigint, 'and none of them was made');

/*
 * S-09 E-10: patches.
 */
SELECT is(pg_temp.given(pg_temp.patched('CUST-00001', '{}')), pg_temp.given(customer), 'an empty patch changes nothing') FROM made;
CREATE TEMPORARY TABLE fields (path text, value jsonb, cleared jsonb);
INSERT INTO fields VALUES ('phoneSecondary', '"+13052130011"', NULL), ('phoneMobile', '"+13052130012"', NULL), ('phoneWork', '"+13052130013"', NULL), ('email', '"b@example.org"', NULL), ('firstName', '"Rob"', NULL),
	('lastName', '"Smith"', NULL), ('customerType', '"property_manager"', '"residential"'), ('status', '"do_not_contact"', '"lead"'), ('source', '"google"', NULL), ('preferences.preferredTimeOfDay', '"evening"', NULL),
	('preferences.preferredDays', '["Sunday"]', NULL), ('preferences.communicationMethod', '"email"', '"call"'), ('preferences.language', '"fr"', '"en"'), ('preferences.paymentMethod', '"cash"', NULL),
	('preferences.specialInstructions', '"knock"', NULL), ('tags', '["Referral"]', NULL);
CREATE TEMPORARY TABLE patches AS SELECT f.*, pg_temp.patched('CUST-00001', suite.put('{}', path, value)) AS changed, pg_temp.patched('CUST-00001', '{"phone": "3052139999"}') AS kept,
	pg_temp.patched('CUST-00001', suite.put('{}', path, 'null')) AS after_null FROM fields f;
SELECT is(suite.at(changed, path), value, 'S-09: a patch sets ' || path) FROM patches;
SELECT is(suite.at(kept, path), value, 'S-09: a patch that does not name it keeps ' || path) FROM patches;
SELECT is(suite.at(after_null, path), cleared, 'S-09: null clears ' || path) FROM patches;
SELECT is(jsonb_array_length(c -> 'addresses') || ' ' || jsonb_array_length(c -> 'equipment'), '2 2', 'and the lists stay') FROM pg_temp.customer('CUST-00001') c;
SELECT is((pg_temp.customer('CUST-00001') ->> 'version')::int, 2 + 3 * 16, 'K-60: every change raises the version by one');
SELECT is(pg_temp.patched('CUST-00001', '{"firstName": "Bob"}') ->> 'fullName', 'Bob', 'K-10: one name alone is the full name');
SELECT is(pg_temp.patched('CUST-00001', '{"fullName": "Bob Jones"}') ->> 'lastName', 'Jones', 'K-10: a full name sets both');
SELECT is(suite.part(pg_temp.patched('CUST-00001', '{"fullName": "Cher"}'), '{"firstName": 1, "lastName": 1, "fullName": 1}'), '{"firstName": "Cher", "fullName": "Cher"}', 'K-10: one of one word leaves no last name');
SELECT is(suite.part(pg_temp.patched('CUST-00001', '{"fullName": null}'), '{"firstName": 1, "lastName": 1, "fullName": 1}'), '{}', 'K-10: null clears both');
SELECT suite.done('update_customer', :'a', 'CUST-00001', '{"fullName": "Bob Jones"}') \g /dev/null
SELECT is(pg_temp.patched('CUST-00001', '{"status": "do_not_contact"}') -> 'doNotContact', 'true', 'K-25: do_not_contact is shown');
SELECT is(suite.body(suite.lookup('tap_platform', :'a', '+13052139999')) #>> '{customer,status}', 'do_not_contact', 'K-25: also while the phone rings');
-- wherever else the customer is: a value of each, which must be true while he may not be contacted, and absent otherwise
CREATE FUNCTION pg_temp.barred() RETURNS TABLE (place text, said text) LANGUAGE sql AS $$
	SELECT 'a lookup', suite.done('lookup_by_phone', '65f0000000000000000000a1', '+13052139999') #>> '{customer,doNotContact}'
	UNION ALL SELECT 'the context of a turn', suite.done('enrich_context', '65f0000000000000000000a1', '+13052139999') #>> '{customerContext,customer,doNotContact}'
	UNION ALL SELECT 'the list of customers', c ->> 'doNotContact' FROM jsonb_array_elements(suite.done('list_customers', '65f0000000000000000000a1', '{"q": "2139999"}') -> 'customers') c
	UNION ALL SELECT 'a new call', suite.logged('65f0000000000000000000a1', suite.call('call_m' || count(*), '+13052139999')) #>> '{caller,doNotContact}' FROM callcenter.calls
	UNION ALL SELECT 'a new call with a note', suite.logged('65f0000000000000000000a1', suite.call('call_n' || count(*), '+13052139999', more => '{"agentNotes": {"text": "x"}}')) #>> '{caller,doNotContact}' FROM callcenter.calls
	UNION ALL SELECT 'a call', suite.body(suite.get_call('tap_platform', '65f0000000000000000000a1', 'call_b0')) #>> '{call,caller,doNotContact}'
	UNION ALL SELECT 'the list of calls', c #>> '{caller,doNotContact}' FROM jsonb_array_elements(suite.body(suite.list_calls('tap_platform', '65f0000000000000000000a1', '{"phone": "+13052139999", "limit": 1}')) -> 'calls') c
	UNION ALL SELECT 'a call that goes on', suite.done('open_call', '65f0000000000000000000a1', '{"twilioCallSid": "CAb", "caller": {"phone": "+13052139999"}}') #>> '{call,caller,doNotContact}'
	UNION ALL SELECT 'an export', CASE WHEN split_part(split_part(csv, E'\r\n', 1), ',', 10) = 'Do not contact' THEN CASE split_part(split_part(csv, E'\r\n', 2), ',', 10) WHEN 'yes' THEN 'true' WHEN '' THEN NULL ELSE csv END ELSE csv END
		FROM (SELECT suite.done('export_calls', '65f0000000000000000000a1', '{"phone": "+13052139999"}') ->> 'csv' AS csv) e
	UNION ALL SELECT 'a follow-up', f #>> '{caller,doNotContact}' FROM jsonb_array_elements(suite.done('list_follow_ups', '65f0000000000000000000a1', '{}') -> 'followUps') f
	UNION ALL SELECT 'the list of visits', v ->> 'doNotContact' FROM jsonb_array_elements(suite.done('list_appointments', '65f0000000000000000000a1', '{"customerId": "CUST-00001", "limit": 1}') -> 'appointments') v
	UNION ALL SELECT 'a visit of a profile', suite.done('get_customer', '65f0000000000000000000a1', 'CUST-00001') #>> '{customer,appointments,0,doNotContact}'
	UNION ALL SELECT 'a visit of a timeline', e #>> '{appointment,doNotContact}' FROM jsonb_array_elements(suite.done('customer_timeline', '65f0000000000000000000a1', 'CUST-00001', '{}') -> 'entries') e WHERE e ->> 'type' = 'appointment'
	UNION ALL SELECT 'a visit that changes', suite.done('update_appointment', '65f0000000000000000000a1', (SELECT id FROM callcenter.appointments WHERE service = 'Barred'), '{"notes": "x"}') #>> '{appointment,doNotContact}'
	UNION ALL SELECT 'the view of follow-ups', nullif(do_not_contact, false)::text FROM callcenter.open_follow_ups WHERE company_id = '65f0000000000000000000a1'
$$;
SELECT suite.logged(:'a', suite.call('call_b0', '+13052139999', status => 'voicemail')) \g /dev/null
SELECT suite.done('create_appointment', :'a', '{"customerId": "CUST-00001", "service": "Barred", "status": "no_show"}') AS visit \gset
SELECT is(said, 'true', 'K-25: and in ' || place) FROM pg_temp.barred();
SELECT is(pg_temp.patched('CUST-00001', '{"status": "inactive"}') -> 'doNotContact', NULL, 'K-25: and no longer after');
SELECT is(said, NULL, 'K-25: nor in ' || place) FROM pg_temp.barred();
SELECT is(suite.part(:'visit'::jsonb -> 'appointment', '{"customerNumber": 1, "customerName": 1}'), '{"customerNumber": "CUST-00001", "customerName": "Bob Jones"}', 'K-59: a visit says whose it is');
DELETE FROM callcenter.appointments WHERE service = 'Barred';
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"phone": "+13052139999"}')) \g /dev/null
SELECT suite.refused(pg_temp.patch('CUST-00001', p::jsonb), state, field, words, 'E-13: a patch is refused: ' || p)
FROM (VALUES ('{"phone": null}', '23502', 'phone', 'is required'), ('{"_id": "65f0000000000000000000c1"}', '22023', '_id', 'is set by the server'), ('{"bogus": 1}', '22023', 'bogus', 'is not a field'),
	('{"phoneWork": "3052139990"}', '23505', 'phoneWork', 'CUST-00002'), ('{"phoneWork": "911"}', '22023', 'phoneWork', 'valid'), ('{"phoneWork": "3052139999"}', '22023', 'phoneWork', 'is another number of this customer already')) AS t (p, state, field, words);
SELECT suite.refused(pg_temp.patch('CUST-00001', '{"email": "x"}', version => 3), '40001', '', 'version 3 is expected, version ' || (pg_temp.customer('CUST-00001') ->> 'version') || ' is stored', 'a stale patch tells both versions');
SELECT suite.refused(suite.api(:'platform', 'update_customer', :'a', id, '{}'), 'P0002', '', 'Customer not found', format('"%s" is not to be found', id)) FROM unnest(ARRAY['CUST-00099', 'CUST-1x', '65f0000000000000000000ee', '']) id;

/*
 * Numbers.
 */
SELECT is(suite.part(pg_temp.patched('CUST-00001', '{"phone": "3052130021", "phoneMobile": "3052130022"}'), '{"phone": 1, "phoneMobile": 1}'), '{"phone": "+13052130021", "phoneMobile": "+13052130022"}', 'K-03 K-05: numbers change');
SELECT is(suite.part(pg_temp.patched('CUST-00001', '{"phone": "3052130022", "phoneMobile": "3052130021"}'), '{"phone": 1, "phoneMobile": 1}'), '{"phone": "+13052130022", "phoneMobile": "+13052130021"}', 'K-03 K-05: numbers change places');
SELECT is(suite.body(suite.lookup('tap_platform', :'a', '+13052130021')) #>> '{customer,customerId}', 'CUST-00001', 'D-07: any of them is recognised');
SELECT is(suite.body(suite.lookup('tap_platform', :'a', '+13052139999')) -> 'found', 'false', 'D-07: a number that was given up is not');
SELECT is(suite.done('create_customer', :'b', '{"phone": "3052130022"}') #>> '{customer,customerId}', 'CUST-00001', 'K-61: another company may have the same number');
SELECT is(suite.part(suite.done('create_customer', :'b', '{"phone": "305 213 9992", "firstName": " Al ", "lastName": ""}') -> 'customer', '{"firstName": 1, "lastName": 1, "fullName": 1}'),
	'{"firstName": "Al", "fullName": "Al"}', 'K-10: of a new customer too');
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, shared) SELECT :'a', '+13052130033', id, 'work', true FROM callcenter.customers WHERE company_id = :'a' AND customer_number IN (1, 2);
SELECT suite.refused(suite.api(:'platform', 'get_or_create_customer', :'a', '3052130033'), '23505', 'phone', 'Several customers share this number', 'a shared number is nobody''s in particular');
SELECT is(suite.done('get_or_create_customer', :'a', '(305) 213-0021') -> 'created', 'false', 'S-15: get_or_create finds any number');
SELECT is(suite.part(suite.done('get_or_create_customer', :'a', '(305) 213-0044'), '{"created": 1, "customer": {"phone": 1, "customerId": 1}}'), '{"created": true, "customer": {"phone": "+13052130044", "customerId": "CUST-00004"}}', 'S-15: or makes one');
SELECT suite.refused(suite.api(:'platform', 'get_or_create_customer', :'a', n), state, 'phone', words, format('S-15: "%s" makes nobody', n)) FROM (VALUES ('911', '22023', 'valid'), ('anonymous', '22023', 'valid'), (NULL, '23502', 'is required')) AS t (n, state, words);
SELECT is(suite.audited(:'a', 'customer', 'CUST-00004'), '[{"action": "create", "actor": "tap_platform", "after": {"phone": "+13052130044"}}]', 'B-06: and tells the audit log');

/*
 * D-09: lists of addresses and equipment.
 */
SELECT a[1] AS first, a[2] AS second, e[1] AS ac, e[2] AS pump FROM (SELECT ARRAY(SELECT x ->> '_id' FROM jsonb_array_elements(customer -> 'addresses') x) AS a, ARRAY(SELECT x ->> '_id' FROM jsonb_array_elements(customer -> 'equipment') x) AS e FROM made) m \gset
CREATE FUNCTION pg_temp.shape(customer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s | %s', (SELECT string_agg(x ->> 'street', ',' ORDER BY n) FROM jsonb_array_elements(customer -> 'addresses') WITH ORDINALITY AS t (x, n)),
		(SELECT string_agg(format('%s@%s', x ->> 'type', x ->> 'addressIndex'), ',' ORDER BY n) FROM jsonb_array_elements(customer -> 'equipment') WITH ORDINALITY AS t (x, n)))
$$;
SELECT is(pg_temp.shape(pg_temp.patched('CUST-00001', jsonb_build_object('addresses', jsonb_build_array(jsonb_build_object('_id', :'second', 'street', '2 Main St'), jsonb_build_object('street', '3 Main St'),
	jsonb_build_object('_id', :'first', 'street', '1 Main St', 'lockboxCode', '••••', 'keyLocation', 'pot'))))), '2 Main St,3 Main St,1 Main St | AC@0,Pump@', 'D-09: addresses change places, equipment stays at its own');
SELECT is(jsonb_path_query_first(suite.opened(:'a', 'customer', 'CUST-00001'), '$.addresses[*] ? (@.street == "1 Main St")') - '{_id,type,street,isPrimary}'::text[], '{"lockboxCode": "99", "keyLocation": "pot"}', 'a masked code keeps, another replaces, an absent one clears');
SELECT is(pg_temp.shape(pg_temp.patched('CUST-00001', jsonb_build_object('equipment', jsonb_build_array(jsonb_build_object('_id', :'pump', 'type', 'Pump', 'addressIndex', 2), jsonb_build_object('_id', :'ac', 'type', 'AC', 'addressId', :'second', 'addressIndex', 1))))),
	'2 Main St,3 Main St,1 Main St | Pump@2,AC@0', 'K-46: equipment names its address by place, or by id, which is stronger');
SELECT is(pg_temp.shape(pg_temp.patched('CUST-00001', jsonb_build_object('addresses', jsonb_build_array(jsonb_build_object('_id', :'first', 'street', '1 Main St', 'lockboxCode', '••••'))))), '1 Main St | Pump@0,AC@', 'D-09: equipment of an address that goes is nowhere');
SELECT is(pg_temp.patched('CUST-00001', (SELECT jsonb_build_object('addresses', c -> 'addresses', 'equipment', c -> 'equipment') FROM pg_temp.customer('CUST-00001') c)) - '{version,updatedAt}'::text[], before - '{version,updatedAt}'::text[], 'lists that go back as they came change nothing')
FROM (SELECT pg_temp.customer('CUST-00001') AS before) b;
SELECT is(suite.opened(:'a', 'customer', 'CUST-00001') #>> '{addresses,0,lockboxCode}', '99', 'not even masked codes');
SELECT is(suite.done('create_customer', :'a', '{"phone": "3052130055", "addresses": [{"street": "9 Oak", "lockboxCode": "••••"}]}') #>> '{customer,addresses,0,lockboxCode}', NULL, 'a mask is no code of a new address');
SELECT suite.refused(pg_temp.patch('CUST-00002', p), '22023', field, words, 'a list is refused: ' || why)
FROM (VALUES (jsonb_build_object('addresses', jsonb_build_array(jsonb_build_object('_id', :'first', 'street', 'stolen'))), 'addresses[0]._id', 'is not of this customer', 'another customer''s address'),
	(jsonb_build_object('equipment', jsonb_build_array(jsonb_build_object('_id', :'ac'))), 'equipment[0]._id', 'is not of this customer', 'another customer''s equipment'),
	(jsonb_build_object('equipment', jsonb_build_array(jsonb_build_object('type', 'AC', 'addressId', :'first'))), 'equipment[0].addressId', 'is not an address of this customer', 'equipment at another customer''s address'),
	('{"equipment": [{"addressIndex": 3}]}', 'equipment[0].addressIndex', 'which is 0', 'equipment at no address'),
	('{"addresses": [{"isPrimary": true}, {"isPrimary": false}, {"isPrimary": true}]}', 'addresses[2].isPrimary', 'of one address only', 'two primary addresses')) AS t (p, field, words, why);
SELECT suite.refused(pg_temp.patch('CUST-00001', p), '22023', field, words, 'an element that is named twice is refused, not lost: ' || field)
FROM (VALUES (jsonb_build_object('addresses', jsonb_build_array(jsonb_build_object('_id', :'first', 'street', 'one'), '{}'::jsonb, jsonb_build_object('_id', :'first', 'street', 'two'))), 'addresses[2]._id', 'is that of addresses[0] already'),
	(jsonb_build_object('equipment', jsonb_build_array(jsonb_build_object('_id', :'ac'), jsonb_build_object('_id', upper(:'ac')))), 'equipment[1]._id', 'is that of equipment[0] already')) AS t (p, field, words);
SELECT is(pg_temp.shape(pg_temp.patched('CUST-00001', '{"addresses": null, "equipment": []}')), ' | ', 'null or an empty list removes all');

/*
 * Notes, rights.
 */
SELECT is((suite.body(suite.api('agent', 'add_customer_note', :'a', 'CUST-00001', '{"text": "late payer", "category": "billing"}')) -> 'note') - '{_id,addedAt}'::text[], '{"text": "late payer", "category": "billing", "addedBy": "agent@example.com"}', 'K-53 to K-56 S-11 E-11: a note');
SELECT suite.done('add_customer_note', :'a', 'CUST-00001', '{"text": "second"}') \g /dev/null
SELECT is(jsonb_path_query_array(pg_temp.customer('CUST-00001'), '$.notes[*].category'), '["general", "billing"]', 'K-56: newest first, general unless said');
SELECT suite.refused(suite.api(:'platform', 'add_customer_note', :'a', 'CUST-00001', n), state, field, '', 'a note is refused: ' || n) FROM (VALUES ('{"text": "x", "category": "gossip"}', '22023', 'category'), ('{}', '23502', 'text'), ('{"text": ""}', '22023', 'text')) AS t (n, state, field);

/*
 * Appointments, and what they mean for the customer.
 */
SELECT suite.logged(:'a', suite.call('ring', '+13052139990', to_char(now() - interval '30 days', 'YYYY-MM-DD"T"HH24:MI:SSOF:00'))) \g /dev/null
CREATE FUNCTION pg_temp.book(appointment jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT suite.done('create_appointment', '65f0000000000000000000a1', appointment::text) -> 'appointment' $$;
CREATE FUNCTION pg_temp.move(id text, patch jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT suite.done('update_appointment', '65f0000000000000000000a1', id, patch::text) -> 'appointment' $$;
CREATE FUNCTION pg_temp.stats(id text) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s %s %s %s %s %s', c ->> 'status', s ->> 'totalAppointments', s ->> 'completedAppointments', s ->> 'cancelledAppointments', s ->> 'noShows', s ->> 'lifetimeValue')
	FROM pg_temp.customer(id) c, LATERAL (SELECT c -> 'stats' AS s) s
$$;
SELECT pg_temp.book('{"customerId": "CUST-00002", "service": "Tune-up", "date": "2024-05-01", "timeWindow": "8-10", "value": 120.50, "externalRef": "cal-1", "notes": "bring filter", "callId": "ring"}') AS visit \gset
SELECT :'visit'::jsonb ->> '_id' AS visit_id, :'visit'::jsonb ->> 'customerId' AS second_id \gset
SELECT is(:'visit'::jsonb - '{_id,customerId,customerNumber,createdAt,updatedAt}'::text[], '{"service": "Tune-up", "date": "2024-05-01", "timeWindow": "8-10", "status": "scheduled", "value": 120.50, "externalRef": "cal-1", "notes": "bring filter", "callId": "ring", "version": 1}', 'D-10: a visit keeps what it is given');
SELECT is(suite.body(suite.get_call('tap_platform', :'a', 'ring')) #>> '{call,outcome,appointmentCreated}', :'visit_id', 'C-34: the call that made it names it');
SELECT suite.logged(:'a', suite.call(c, 'anonymous', t, more => jsonb_build_object('captured', jsonb_build_object('appointment', jsonb_build_object('existingId', :'visit_id'))))) FROM (VALUES ('moves', '2025-11-02T00:00:00Z'), ('moved', '2025-11-01T00:00:00Z')) v (c, t) \g /dev/null
SELECT is(jsonb_path_query_array(suite.done('list_appointments', :'a', '{"customerId": "CUST-00002"}'), '$.appointments[*].changedByCalls[*]'), '["moved", "moves"]', 'S-12: a visit names the calls that changed it');
SELECT suite.body(suite.api('admin', 'delete_calls', :'a', '{"callId": "moves,moved"}')) \g /dev/null
SELECT is(suite.body(suite.get_call('tap_platform', :'a', 'ring')) #>> '{call,booked}', 'true', 'D-15: and is booked');
SELECT is(pg_temp.stats('CUST-00002'), 'lead 1 0 0 0 0', 'K-31: it counts; nothing is earned yet');
SELECT is(pg_temp.move(:'visit_id', '{"status": "no_show"}') ->> 'version', '2', 'a visit has versions');
SELECT is(pg_temp.stats('CUST-00002'), 'lead 1 0 0 1 0', 'K-34: a no-show leaves a lead a lead');
SELECT is(pg_temp.move(:'visit_id', '{"status": "completed"}') ->> 'status', 'completed', 'a visit is completed');
SELECT is(pg_temp.stats('CUST-00002'), 'active 1 1 0 0 120.5', 'K-25 K-32 K-35: the first completed visit makes a lead active, and its value counts');
SELECT is(pg_temp.customer('CUST-00002') ->> 'becameCustomerDate', '2024-05-01', 'K-27: and is when it became a customer');
SELECT is(suite.audited(:'a', 'customer', 'CUST-00002') -> 1, '{"action": "update", "actor": "tap_platform", "before": {"status": "lead"}, "after": {"status": "active"}}', 'B-06: the audit log tells of it');
-- rows that no function wrote change no profile: triggers write derived tables only
SELECT suite.done('update_customer', :'a', 'CUST-00002', '{"status": "lead"}') \g /dev/null
UPDATE callcenter.appointments SET status = 'scheduled' WHERE id = :'visit_id';
UPDATE callcenter.appointments SET status = 'completed' WHERE id = :'visit_id';
SELECT is(pg_temp.stats('CUST-00002'), 'lead 1 1 0 0 120.5', 'K-25: by hand, a completed visit counts, and makes nobody active');
SELECT suite.done('update_customer', :'a', 'CUST-00002', '{"status": "churned"}') \g /dev/null
SELECT pg_temp.move(:'visit_id', '{"value": 130}') \g /dev/null
SELECT is(pg_temp.stats('CUST-00002'), 'churned 1 1 0 0 130', 'K-25: who is no lead stays what they are; a value changes');
SELECT pg_temp.move(:'visit_id', '{"status": "cancelled"}') \g /dev/null
SELECT is(pg_temp.stats('CUST-00002'), 'churned 1 0 1 0 0', 'K-33 K-35: a visit that is called off earns nothing');
SELECT pg_temp.move(:'visit_id', '{"status": "completed", "value": null}') \g /dev/null
SELECT is(pg_temp.stats('CUST-00002'), 'churned 1 1 0 0 0', 'a completed visit may have no value');
SELECT pg_temp.move(:'visit_id', '{"value": 99.99, "customerId": "CUST-00004"}') \g /dev/null
SELECT is(pg_temp.stats('CUST-00002') || ', ' || pg_temp.stats('CUST-00004'), 'churned 0 0 0 0 0, active 1 1 0 0 99.99', 'a visit moves to another customer, with all that it counts');
SELECT pg_temp.move(:'visit_id', '{"customerId": null}') \g /dev/null
SELECT is(pg_temp.stats('CUST-00004'), 'active 0 0 0 0 0', 'nobody''s visit counts nowhere');
SELECT pg_temp.move(:'visit_id', '{"customerId": "CUST-00002"}') \g /dev/null
SELECT suite.refused(suite.tried(:'platform', 'create_appointment', :'a', d), state, field, words, 'a visit is refused: ' || coalesce(d, 'NULL'))
FROM (VALUES ('{"customerId": "CUST-00099"}', '22023', 'customerId', 'is not a customer'), ('{"status": "maybe"}', '22023', 'status', 'scheduled, completed, cancelled, no_show'), ('{"date": "2024-02-30"}', '22007', 'date', ''),
	('{"value": -1}', '22003', 'value', ''), ('{"externalRef": "cal-1"}', '23505', 'externalRef', 'An appointment with this externalRef exists'), ('{"callId": "nobody"}', '22023', 'callId', 'is not a call'), ('{"bogus": 1}', '22023', 'bogus', 'is not a field'), (NULL, '23502', '', 'missing')) AS t (d, state, field, words);
SELECT pg_temp.book('{"customerId": "CUST-00002", "externalRef": "cal-2"}') ->> '_id' AS other_visit \gset
SELECT suite.refused(suite.api(:'platform', 'update_appointment', :'a', :'other_visit', '{"externalRef": "cal-1"}'), '23505', 'externalRef', 'exists', 'two visits cannot have one externalRef');
SELECT suite.refused(suite.tried(:'platform', 'create_appointment', :'a', jsonb_build_object('_id', :'other_visit')::text), '23505', '_id', 'An appointment with this _id exists', 'nor one _id');
SELECT is(pg_temp.move(:'visit_id', '{"callId": "ring"}') ->> 'callId', 'ring', 'S-12: the call that made a visit may be named again');
SELECT suite.logged(:'a', suite.call('chime', 'anonymous')) \g /dev/null
SELECT suite.refused(suite.tried(:'platform', 'update_appointment', :'a', :'visit_id', '{"callId": "chime"}'), '23505', 'callId', 'was made by call ring already', 'S-12: another call did not make it');
SELECT is(suite.body(suite.get_call('tap_platform', :'a', 'chime')) #> '{call,outcome,appointmentCreated}', NULL, 'S-12: nor does that call say so');
SELECT suite.refused(suite.api(:'platform', 'update_appointment', :'a', :'other_visit', '{"notes": "x"}', '7'), '40001', '', 'version 7 is expected, version 1 is stored', 'a stale patch of a visit tells both versions');
SELECT suite.refused(suite.api(:'platform', 'update_appointment', :'a', id, '{}'), 'P0002', '', 'Appointment not found', format('there is no visit "%s"', id)) FROM unnest('{x,65f0000000000000000000ee}'::text[]) id;
-- E-08: recentHistory of lookups
SELECT pg_temp.book(jsonb_build_object('customerId', 'CUST-00002', 'service', 'Heater repair', 'status', 'completed', 'value', 10, 'date', ((now() AT TIME ZONE 'America/New_York')::date - 3)::text)) \g /dev/null
SELECT pg_temp.book(jsonb_build_object('customerId', 'CUST-00002', 'service', 'Filter', 'date', ((now() AT TIME ZONE 'America/New_York')::date + n)::text)) FROM unnest('{9,5}'::int[]) n \g /dev/null
SELECT is(format('%s, %s, %s', h ->> 'lastService', h ->> 'lastServiceDate' = ((now() AT TIME ZONE 'America/New_York')::date - 3)::text, (h -> 'upcomingAppointment')::text LIKE '%' || ((now() AT TIME ZONE 'America/New_York')::date + 5)::text || '%'), 'Heater repair, t, t', 'E-08: last service and next visit, while the phone rings')
FROM (SELECT suite.body(suite.lookup('tap_platform', :'a', '+13052139990')) -> 'recentHistory' AS h) l;

/*
 * Timeline.
 */
CREATE FUNCTION pg_temp.timeline(size integer) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	after text;
	page jsonb;
	entries jsonb := '[]';
BEGIN
	LOOP
		page := suite.done('customer_timeline', '65f0000000000000000000a1', 'CUST-00002', jsonb_strip_nulls(jsonb_build_object('limit', size, 'after', after))::text);
		entries := entries || (page -> 'entries');
		after := page ->> 'nextCursor';
		EXIT WHEN after IS NULL;
	END LOOP;
	RETURN entries;
END
$$;
SELECT suite.done('add_customer_note', :'a', 'CUST-00002', jsonb_build_object('text', n::text)::text) FROM generate_series(1, 4) n \g /dev/null
SELECT is(jsonb_array_length(pg_temp.timeline(100)), 10, 'B-18 B-19: a timeline has calls, visits and notes');
SELECT is(pg_temp.timeline(n), pg_temp.timeline(100), format('in pages of %s it is the same', n)) FROM generate_series(1, 4) n;
SELECT is(t, (SELECT jsonb_agg(e ORDER BY (e ->> 'at')::timestamptz DESC, e #>> ARRAY[e ->> 'type', '_id'] DESC) FROM jsonb_array_elements(t) e), 'newest first') FROM pg_temp.timeline(100) t;
SELECT suite.refused(suite.api(:'platform', 'customer_timeline', :'a', 'CUST-00002', p), '22023', f, '', 'a timeline is refused: ' || p) FROM (VALUES ('{"after": "x"}', 'after'), ('{"after": "1.x"}', 'after'), ('{"page": 1}', 'page')) AS t (p, f);

/*
 * Deletion and erasure.
 */
SELECT suite.logged(:'a', suite.call('w' || n, '+13052139990', '2025-0' || n || '-01T00:00:00Z', more => '{"captured": {"name": "X", "accessInstructions": {"gateCode": "1"}}, "transcript": [{"speaker": "caller", "text": "hello"}], "agentNotes": {"text": "n"}}')) FROM generate_series(1, 3) n \g /dev/null
SELECT suite.logged(:'a', suite.call('hidden', 'anonymous', '2025-02-15T00:00:00Z')) \g /dev/null
SELECT suite.done('link_call', :'a', 'hidden', 'CUST-00002') \g /dev/null
SELECT suite.refused(suite.api('admin', 'delete_customer', :'a', 'CUST-00002', mode), '22023', 'mode', 'delete, erase', format('mode "%s" is none', mode)) FROM unnest(ARRAY['', 'drop', NULL]) mode;
SELECT suite.done('create_customer', :'a', '{"phone": "3052130066", "firstName": "Eve", "email": "eve@example.com", "tags": ["VIP"], "addresses": [{"street": "6 Elm", "lockboxCode": "1"}], "equipment": [{"type": "AC"}]}') #>> '{customer,_id}' AS eve \gset
SELECT suite.logged(:'a', suite.call('e' || n, '+13052130066', '2025-0' || n || '-02T00:00:00Z', more => ('{"endedAt": "2025-09-01T00:00:00Z", "twilioCallSid": "CAE' || n || '", "caller": {"phone": "+13052130066", "name": "Eve"}, "captured": {"name": "Eve Adams", "problemDescription": "Eve is cold", "accessInstructions": {"gateCode": "1"}}, "transcript": [{"speaker": "caller", "text": "I am Eve"}], "agentNotes": {"text": "Eve called"}}')::jsonb)) FROM generate_series(1, 3) n \g /dev/null
SELECT pg_temp.book('{"customerId": "CUST-00006", "status": "completed", "value": 50, "date": "2025-03-01", "service": "for Eve", "notes": "Eve"}') \g /dev/null
SELECT suite.done('add_customer_note', :'a', :'eve', '{"text": "Eve"}') \g /dev/null
SELECT suite.done('get_customer_stats', :'a', :'eve') AS before, suite.done('list_calls', :'a') #> '{pagination,total}' AS calls \gset
SELECT is(suite.body(suite.api('admin', 'delete_customer', :'a', :'eve', 'erase')), '{"success": true, "mode": "erase", "customerId": "CUST-00006"}', 'Q2: a person is erased');
SELECT is(suite.done('get_customer_stats', :'a', :'eve'), :'before'::jsonb, 'counts stay');
SELECT is(suite.done('list_calls', :'a') #> '{pagination,total}', :'calls'::jsonb, 'calls stay');
SELECT is(n, 0::bigint, format('nothing of the person is left in %s', t)) FROM (
	SELECT 'calls' AS t, count(*) AS n FROM callcenter.calls c WHERE c.company_id = :'a' AND (c::text ~* 'eve|2130066' OR c::text ~ 'CAE') UNION ALL SELECT 'customers', count(*) FROM callcenter.customers c WHERE c::text ~* 'eve' UNION ALL
	SELECT 'customer_phones', count(*) FROM callcenter.customer_phones c WHERE c::text ~ '2130066' UNION ALL SELECT 'addresses', count(*) FROM callcenter.customer_addresses c WHERE c::text ~ '6 Elm' UNION ALL
	SELECT 'notes', count(*) FROM callcenter.customer_notes c WHERE c::text ~ 'Eve' UNION ALL SELECT 'call notes', count(*) FROM callcenter.call_notes c WHERE c::text ~ 'Eve' UNION ALL
	SELECT 'transcripts', count(*) FROM callcenter.transcripts c WHERE c::text ~ 'Eve' UNION ALL SELECT 'appointments', count(*) FROM callcenter.appointments c WHERE c::text ~ 'Eve' UNION ALL SELECT 'tags', count(*) FROM callcenter.customer_tags c WHERE c.customer_id = :'eve' UNION ALL
	SELECT 'statistics', count(*) FROM callcenter.customer_stats c WHERE c::text ~ 'Eve|2130066') x;
SELECT is(suite.body(suite.lookup('tap_platform', :'a', '+13052130066')) -> 'found', 'false', 'the number is nobody''s');
SELECT is(suite.done('get_or_create_customer', :'a', '3052130066') #>> '{customer,customerId}', 'CUST-00007', 'who calls again is somebody new');
SELECT is(suite.body(suite.api('admin', 'delete_customer', :'a', 'CUST-00002', 'delete')), '{"success": true, "mode": "delete", "customerId": "CUST-00002"}', 'a customer is deleted');
SELECT suite.refused(suite.get_customer('tap_platform', :'a', 'CUST-00002'), 'P0002', '', 'Customer not found', 'and gone');
SELECT is((SELECT string_agg(format('%s %s', call_id, previous_call_count), ', ' ORDER BY started_at) FROM callcenter.calls WHERE company_id = :'a' AND (caller_phone = '+13052139990' OR call_id = 'hidden')), 'w1 0, w2 1, hidden 0, w3 2, ring 3', 'D-14: its calls stay, by their number; a withheld one is alone');
SELECT is((SELECT count(*) FROM callcenter.customers WHERE company_id = :'a' AND customer_number = 2), 0::bigint, 'K-02: the number is not given out again')
UNION ALL
SELECT is(suite.done('get_or_create_customer', :'a', '3052139990') #>> '{customer,customerId}', 'CUST-00008', 'K-02: the next is a new one');
SELECT is(callcenter.rebuild_stats(), 0::bigint, 'derived tables are right');

SELECT * FROM finish();
ROLLBACK;
