-- Every field of the customer document goes in and comes out, and what the other files do not name of ACCEPTANCE: one test an
-- id, so that test/acceptance finds it.

\ir common.psql
\ir records.psql

SELECT plan(72);

SELECT suite.done('create_customer', :'a', '{"phone": "3052131001", "phoneSecondary": "3052131002", "phoneMobile": "3052131003", "phoneWork": "3052131004", "email": "sarah@example.com",
	"firstName": "Sarah", "lastName": "Johnson", "customerType": "commercial", "source": "referral",
	"addresses": [{"type": "work", "label": "Office", "street": "123 Palm Ave", "unit": "4B", "city": "Miami", "state": "FL", "zip": "33101", "isPrimary": true, "accessNotes": "ring twice", "keyLocation": "mat", "lockboxCode": "77", "petInfo": "dog",
		"alternateContact": {"name": "Tom", "phone": "+13052131009", "relationship": "husband"}}, {"street": "9 Oak Rd"}],
	"equipment": [{"type": "AC", "brand": "Trane", "model": "XR15", "serialNumber": "SN-1", "installedDate": "2020-05-01", "warrantyExpires": "2030-05-01", "lastServiceDate": "2025-04-01", "notes": "loud", "addressIndex": 1}],
	"preferences": {"preferredTimeOfDay": "morning", "preferredDays": ["Monday", "Friday"], "communicationMethod": "text", "language": "es", "paymentMethod": "card", "specialInstructions": "use the back door"},
	"tags": ["VIP", "Referral"]}') -> 'customer' AS customer \gset
SELECT is(:'customer'::jsonb #> string_to_array(path, '.'), value::jsonb, id || ' ' || path || ' goes in and comes out')
FROM (VALUES
	('K-03', 'phone', '"+13052131001"'), ('K-04', 'phoneSecondary', '"+13052131002"'), ('K-05', 'phoneMobile', '"+13052131003"'), ('K-06', 'phoneWork', '"+13052131004"'), ('K-07', 'email', '"sarah@example.com"'),
	('K-08', 'firstName', '"Sarah"'), ('K-09', 'lastName', '"Johnson"'), ('K-10', 'fullName', '"Sarah Johnson"'), ('K-11', 'customerType', '"commercial"'), ('K-29', 'source', '"referral"'),
	('K-12', 'addresses.0.type', '"work"'), ('K-12', 'addresses.1.type', '"home"'), ('K-13', 'addresses.0.label', '"Office"'), ('K-14', 'addresses.0.street', '"123 Palm Ave"'), ('K-15', 'addresses.0.unit', '"4B"'), ('K-16', 'addresses.0.city', '"Miami"'), ('K-17', 'addresses.0.state', '"FL"'),
	('K-18', 'addresses.0.zip', '"33101"'), ('K-19', 'addresses.0.isPrimary', 'true'), ('K-20', 'addresses.0.accessNotes', '"••••"'), ('K-21', 'addresses.0.keyLocation', '"••••"'), ('K-22', 'addresses.0.lockboxCode', '"••••"'), ('K-23', 'addresses.0.petInfo', '"dog"'),
	('K-24', 'addresses.0.alternateContact.name', '"Tom"'), ('K-24', 'addresses.0.alternateContact.phone', '"+13052131009"'), ('K-24', 'addresses.0.alternateContact.relationship', '"husband"'),
	('K-38', 'equipment.0.type', '"AC"'), ('K-39', 'equipment.0.brand', '"Trane"'), ('K-40', 'equipment.0.model', '"XR15"'), ('K-41', 'equipment.0.serialNumber', '"SN-1"'), ('K-42', 'equipment.0.installedDate', '"2020-05-01"'), ('K-43', 'equipment.0.warrantyExpires', '"2030-05-01"'),
	('K-44', 'equipment.0.lastServiceDate', '"2025-04-01"'), ('K-45', 'equipment.0.notes', '"loud"'), ('K-46', 'equipment.0.addressIndex', '1'),
	('K-47', 'preferences.preferredTimeOfDay', '"morning"'), ('K-48', 'preferences.preferredDays', '["Monday", "Friday"]'), ('K-49', 'preferences.communicationMethod', '"text"'), ('K-50', 'preferences.language', '"es"'), ('K-51', 'preferences.paymentMethod', '"card"'), ('K-52', 'preferences.specialInstructions', '"use the back door"'),
	('K-57', 'tags', '["Referral", "VIP"]')
) AS t (id, path, value);
SELECT :'customer'::jsonb ->> '_id' AS sarah \gset
SELECT is(suite.part(suite.body(suite.api('admin', 'reveal_access_codes', :'a', 'customer', :'sarah')), '{"addresses": 1}') IS NOT NULL, true, 'K-22 and codes in clear for who may see them');

SELECT suite.done('add_customer_note', :'a', :'sarah', '{"text": "likes mornings", "category": "preference"}') -> 'note' AS note \gset
SELECT is(:'note'::jsonb - '_id' - 'addedAt', '{"text": "likes mornings", "addedBy": "tap_platform", "category": "preference"}', 'K-54 a note says who added it');
SELECT ok((:'note'::jsonb ->> 'addedAt')::timestamptz = now(), 'K-55 and when');
SELECT is(suite.done('get_customer', :'a', :'sarah') #>> '{customer,notes,0,text}', 'likes mornings', 'B-21 S-08 the profile has it');
SELECT suite.logged(:'a', suite.call('call_r1', '+13052131003', '2025-12-01T14:30:00Z', more => '{"durationSeconds": 120, "actions": [{"type": "sms_sent", "target": "+13052131003", "status": "success"}],
	"transcript": [{"speaker": "caller", "text": "My heater is broken", "timestamp": "2025-12-01T14:30:05Z", "turnNumber": 1}], "captured": {"problemDescription": "heater broken"}}')) AS call \gset
SELECT is(:'call'::jsonb #>> '{actions,0,target}', '+13052131003', 'C-39 an action says whom it went to');
SELECT is(:'call'::jsonb #>> '{transcript,0,timestamp}', '2025-12-01T14:30:05Z', 'C-45 a turn says when it was');
SELECT is(:'call'::jsonb #>> '{caller,customerId}', :'sarah', 'D-07 B-03 any number of hers is recognised');
SELECT is(suite.body(suite.list_calls(:'platform', :'a', jsonb_build_object('q', q))) #> '{pagination,total}', '1', 'C-65 D-16 B-24 text finds the call: ' || q) FROM unnest('{Johnson,heater,2131003}'::text[]) q;
SELECT is(suite.body(suite.list_calls(:'platform', :'a', p::jsonb)) #> '{pagination,total}', '1', 'B-22 B-23 and filters do: ' || p) FROM unnest(ARRAY['{"status": "completed"}', '{"startDate": "2025-12-01", "endDate": "2025-12-01"}']) p;
SELECT is(suite.done('list_customers', :'a', jsonb_build_object('q', q)::text) #> '{pagination,total}', '1', 'K-67 text finds the customer: ' || q) FROM unnest('{Sarah,Johnson,sarah@,123 Palm}'::text[]) q;
SELECT is(suite.done('list_customers', :'a', p) #> '{pagination,total}', '1', 'K-66 tags filter customers: ' || p) FROM unnest(ARRAY['{"tag": "VIP"}', '{"tag": "VIP,Referral"}']) p;
SELECT is(suite.done('list_customers', :'a', '{"sort": "lastContact"}') #>> '{customers,0,_id}', :'sarah', 'K-64 customers are listed by their last contact');
SELECT is(suite.done('get_customer_stats', :'a', :'sarah') #> '{stats,totalCalls}', '1', 'B-20 S-13 her calls are counted');
SELECT is(suite.done('get_customer', :'a', :'sarah') #>> '{customer,callHistory,0,callId}', 'call_r1', 'D-11 B-18 her history is a view of the calls');
SELECT is(suite.body(suite.get_call(:'platform', :'a', 'call_r1')) #>> '{call,callId}', 'call_r1', 'B-01 B-02 B-11 a call is one record, and whole');
SELECT is((SELECT array_agg(t ORDER BY t) FROM unnest('{calls,customers}'::text[]) t WHERE EXISTS (SELECT FROM pg_attribute WHERE attrelid = ('callcenter.' || t)::regclass AND attname = 'company_id' AND attnotnull)), '{calls,customers}', 'B-12 C-01 K-01 every record is a company''s');

SELECT is(suite.done('add_transcript', :'a', 'call_r1', '[{"speaker": "agent", "text": "Hello"}]') #>> '{call,transcript,0,text}', 'Hello', 'S-05 a transcript that comes later is stored');
SELECT ok(:'customer'::jsonb ->> 'customerId' = 'CUST-00001', 'S-07 a customer is made, with a number of its own');
SELECT is((SELECT array_agg(f) FROM unnest('{calls,transcripts,customers}'::text[]) t JOIN pg_trigger ON tgrelid = ('callcenter.' || t)::regclass JOIN pg_proc p ON p.oid = tgfoid CROSS JOIN LATERAL (SELECT proname::text AS f) x
	WHERE NOT tgisinternal AND proname ~ 'retention|expire|purge'), NULL, 'B-13 no record goes by itself');

-- recognition for the agent
SELECT suite.done('enrich_context', :'a', '(305) 213-1004', '{"callId": "call_r2", "text": "hi", "companyId": "forged"}') AS turn \gset
SELECT is(:'turn'::jsonb - 'customerContext', jsonb_build_object('success', true, 'callId', 'call_r2', 'text', 'hi', 'companyId', :'a'), 'S-16 the context of a turn keeps what it has, and names the company');
SELECT is(:'turn'::jsonb -> 'customerContext', suite.body(suite.lookup(:'platform', :'a', '+13052131004')), 'S-16 B-04 and has what is known of the caller');
SELECT is(suite.done('enrich_context', :'a', 'anonymous') #> '{customerContext,found}', 'false', 'S-16 of a withheld caller nothing');
SELECT suite.refused(suite.api('tap_platform', 'enrich_context', :'a', '+13052131004', '[]'), '22023', 'context', 'must be an object', 'S-16 a context is an object');

SELECT * FROM finish();
ROLLBACK;
