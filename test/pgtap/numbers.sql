-- Phone numbers in records: what is stored beside a number that came, that keys stay as they are, which numbers are
-- nobody's, and that every number of a document has its display form beside it.

\ir common.psql
\ir records.psql

SELECT plan(69);

-- What is stored of a number of a call or an address: key, raw, region, and whether today's metadata read it.
CREATE FUNCTION pg_temp.stored(relation text, id text, number text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format('SELECT concat_ws('' | '', coalesce(%2$I, ''-''), coalesce(%3$I, ''-''), coalesce(%4$I, ''-''),
		CASE %5$I WHEN callcenter.phone_metadata_version() THEN ''now'' ELSE coalesce(%5$I, ''-'') END) FROM callcenter.%1$I WHERE id = $1',
		relation, number || '_e164', number, number || '_region', number || '_metadata_version') INTO said USING id;
	RETURN said;
END
$$;
CREATE FUNCTION pg_temp.patched(call_id text, patch jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT suite.done('update_call', '65f0000000000000000000a1', call_id, patch::text) -> 'call'
$$;

/*
 * The caller.
 */
CREATE TEMPORARY TABLE callers (phone text, kept text);
INSERT INTO callers VALUES
	('(305) 213-0001', '+13052130001 | e164 | (305) 213-0001 | US | t'),
	('anonymous', '- | withheld | anonymous | US | t'),
	('611', '- | short | 611 | US | t'),
	('sip:bob@example.com', '- | sip | sip:bob@example.com | US | t'),
	('sip:+13052130001@trunk.example', '+13052130001 | sip | sip:+13052130001@trunk.example | US | t');
SELECT suite.logged(:'a', suite.call('caller ' || phone, phone)) IS NULL AS logged FROM callers \g /dev/null
SELECT is((SELECT concat_ws(' | ', coalesce(c.caller_phone, '-'), c.caller_kind, c.caller_raw, c.caller_region, c.metadata_version = callcenter.phone_metadata_version())
		FROM callcenter.calls c WHERE c.call_id = 'caller ' || phone), kept, format('the caller "%s" is kept as it came, with how it was read', phone))
FROM callers;

-- the same number, however the line sends it, is the same customer
SELECT is((SELECT count(DISTINCT customer_id) FROM callcenter.calls WHERE caller_phone = '+13052130001'), 1::bigint, 'a number in a SIP address is the same customer''s');
SELECT is(suite.done('lookup_by_phone', :'a', phone) #>> '{customer,phone}', '+13052130001', format('%s finds the customer', phone))
FROM unnest('{+13052130001,(305) 213-0001,sip:+13052130001@trunk.example,tel:+1-305-213-0001}'::text[]) phone;
SELECT is(suite.done('lookup_by_phone', :'a', 'sip:+13052139000@trunk.example') -> 'caller', '{"kind": "sip", "phone": "+13052139000", "phoneDisplay": "(305) 213-9000"}', 'an unknown number in a SIP address is told as a number');
SELECT is(suite.logged(:'a', suite.call('made ' || phone, phone)) #>> '{caller,customerId}' IS NOT NULL, makes, why)
FROM (VALUES
	('+12130000000', true, 'a possible number with a plus sign makes a customer, though its range is not known yet'),
	('2130000001', false, 'without the plus sign a number that is not valid makes none'),
	('(213) 373-4253', true, 'one that is valid in the company''s region does'),
	('+12130', false, 'one that is too short makes none'),
	('sip:+13052130002@trunk.example', true, 'a number in a SIP address makes a customer'),
	('sip:13052130003@trunk.example', false, 'without the plus sign it is a name')
) AS t (phone, makes, why);
SELECT suite.refused(suite.tried('admin', 'create_customer', :'a', format('{"phone": "%s"}', phone)), '22023', 'phone', 'must be a valid phone number', format('an agent''s %s makes none', phone))
FROM unnest('{+12130000002,2130000002,+12130}'::text[]) phone;

/*
 * Withheld numbers and the company's own, in any spelling.
 */
UPDATE callcenter.companies SET own_numbers = own_numbers || '{+525512345600,+5491123456700}' WHERE id = :'a';
CREATE TEMPORARY TABLE nobody (phone text);
INSERT INTO nobody VALUES ('+13055550100'), ('305 555 0100'), ('sip:+13055550100@trunk.example'), ('+525512345600'), ('+5215512345600'), ('+541123456700'), ('+17378742833'), ('sip:+266696687@trunk.example');
SELECT is(suite.logged(:'a', suite.call('nobody ' || phone, phone, more => '{"captured": {"name": "Nobody", "email": "nobody@example.com"}}')) #>> '{caller,customerId}', NULL, format('%s makes no customer', phone)) FROM nobody;
SELECT is((SELECT count(*) FROM callcenter.customers WHERE full_name = 'Nobody' OR email = 'nobody@example.com'), 0::bigint, 'not one of them');
INSERT INTO callcenter.customers (company_id, id, customer_number, first_name) VALUES (:'a', '65f0000000000000000000e1', 0, 'Trap'), (:'a', '65f0000000000000000000e2', 10000, 'Trap');
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind) VALUES (:'a', '+13055550100', '65f0000000000000000000e1', 'primary'), (:'a', '+525512345600', '65f0000000000000000000e1', 'mobile'),
	(:'a', '+17378742833', '65f0000000000000000000e1', 'work'), (:'a', '+541123456700', '65f0000000000000000000e2', 'primary'), (:'a', '+266696687', '65f0000000000000000000e2', 'mobile');
SELECT is(ARRAY(SELECT phone FROM nobody WHERE suite.done('lookup_by_phone', :'a', phone) -> 'found' <> 'false'), '{}', 'nor does one of them find the customer who has it');
SELECT is(ARRAY(SELECT phone FROM nobody WHERE suite.logged(:'a', suite.call('nobody again ' || phone, phone)) #>> '{caller,customerId}' IS NOT NULL), '{}', 'or is linked to that customer');
SELECT suite.refused(suite.tried('admin', 'create_customer', :'a', format('{"phone": "%s"}', phone)), '22023', 'phone', 'is a number of the company itself', format('nobody is given %s, which is the company''s own', phone))
FROM unnest('{+541123456700,(305) 555-0100}'::text[]) phone;

-- a call that goes on is nobody's either, and that of a customer is told in any spelling of the line
SELECT is(ARRAY(SELECT phone FROM nobody WHERE suite.done('open_call', :'a', jsonb_build_object('twilioCallSid', 'CA' || phone, 'caller', jsonb_build_object('phone', phone))::text) #>> '{call,caller,customerId}' IS NOT NULL),
	'{}', 'and while the call goes on, it is nobody''s');
SELECT suite.logged(:'a', suite.call('line', '+525512345678')) #>> '{caller,customerId}' AS line \gset
SELECT is(suite.done('open_call', :'a', '{"twilioCallSid": "CAline", "caller": {"phone": "+5215512345678"}}') #>> '{call,caller,customerId}', :'line', 'a line that is known by its other number is told while its call goes on');

/*
 * Numbers that somebody said in a call: captured.phone, and that of the alternate contact.
 */
SELECT suite.logged(:'a', suite.put(suite.put(suite.call('said', 'anonymous'), 'captured.phone', '"three oh five: (305) 213-0005"'),
	'captured.accessInstructions.alternateContact', '{"name": "Nat", "phone": "213-00"}')) ->> '_id' AS said \gset
SELECT is(pg_temp.stored('calls', :'said', 'captured_phone'), '+13052130005 | three oh five: (305) 213-0005 | US | now', 'what was heard is kept beside the number');
SELECT is(pg_temp.stored('calls', :'said', 'alternate_contact_phone'), '- | 213-00 | US | now', 'what is no number is kept as it was heard');
SELECT is(suite.done('get_call', :'a', 'said') #> '{call,captured}', '{"phone": "+13052130005", "phoneDisplay": "(305) 213-0005",
	"accessInstructions": {"customerPresent": true, "alternateContact": {"name": "Nat", "phone": "213-00", "phoneDisplay": "213-00"}}}', 'both are shown');
-- the number comes back as it is shown, or as it was heard: it is the one that is stored, read by older metadata
UPDATE callcenter.calls SET captured_phone_metadata_version = '1.0', alternate_contact_phone_metadata_version = '1.0' WHERE id = :'said';
SELECT is(pg_temp.patched('said', patch) IS NULL, false, format('a patch brings the stored number: %s', patch))
FROM (VALUES ('{"captured": {"phone": "+13052130005"}}'::jsonb), ('{"captured": {"phone": "three oh five: (305) 213-0005"}}'), ('{"captured": {"accessInstructions": {"alternateContact": {"phone": "213-00"}}}}')) AS t (patch);
SELECT is(pg_temp.stored('calls', :'said', 'captured_phone'), '+13052130005 | three oh five: (305) 213-0005 | US | 1.0', 'key, raw form and version stay as they are');
SELECT is(pg_temp.stored('calls', :'said', 'alternate_contact_phone'), '- | 213-00 | US | 1.0', 'also where there is no key');
SELECT is(pg_temp.patched('said', '{"captured": {"phone": "213 0006", "accessInstructions": {"alternateContact": {"phone": "+44 20 7946 0958"}}}}') #>> '{captured,phone}', '213 0006', 'another number takes its place');
SELECT is(pg_temp.stored('calls', :'said', 'captured_phone'), '- | 213 0006 | US | now', 'with its raw form, the key goes');
SELECT is(pg_temp.stored('calls', :'said', 'alternate_contact_phone'), '+442079460958 | +44 20 7946 0958 | US | now', 'and the other''s comes');
SELECT is(pg_temp.patched('said', '{"captured": {"phone": null}}') #> '{captured,phone}', NULL, 'null clears it');
SELECT is(pg_temp.stored('calls', :'said', 'captured_phone'), '- | - | - | -', 'all of it');

/*
 * The alternate contact of an address, and a customer's own numbers.
 */
SELECT suite.done('create_customer', :'a', '{"phone": "(305) 213-0010", "phoneWork": "305-213-0011", "addresses": [{"street": "1 Main St", "alternateContact": {"name": "Nat", "phone": "305.213.0012"}}]}') #> '{customer}' AS made \gset
SELECT :'made'::jsonb #>> '{addresses,0,_id}' AS address, :'made'::jsonb ->> 'customerId' AS customer \gset
SELECT is(:'made'::jsonb #> '{addresses,0,alternateContact}', '{"name": "Nat", "phone": "+13052130012", "phoneDisplay": "(305) 213-0012"}', 'an alternate contact''s number is read and shown');
SELECT is(pg_temp.stored('customer_addresses', :'address', 'alternate_contact_phone'), '+13052130012 | 305.213.0012 | US | now', 'and kept as it came');
UPDATE callcenter.customer_addresses SET alternate_contact_phone_metadata_version = '1.0' WHERE id = :'address';
UPDATE callcenter.customer_phones SET metadata_version = '1.0' WHERE raw LIKE '%213-001_';
-- a page that sends back the whole list, and the numbers, changes none of them
SELECT is(suite.done('update_customer', :'a', :'customer', jsonb_build_object('phone', '+13052130010', 'phoneWork', '305-213-0011', 'addresses', :'made'::jsonb -> 'addresses')::text) #>> '{customer,addresses,0,alternateContact,phone}',
	'+13052130012', 'what is sent back as it was shown is taken');
SELECT is(pg_temp.stored('customer_addresses', :'address', 'alternate_contact_phone'), '+13052130012 | 305.213.0012 | US | 1.0', 'and its key, raw form and version stay');
SELECT is(ARRAY(SELECT concat_ws(' | ', phone, raw, region, metadata_version) FROM callcenter.customer_phones WHERE phone LIKE '+1305213001_' ORDER BY phone),
	'{+13052130010 | (305) 213-0010 | US | 1.0,+13052130011 | 305-213-0011 | US | 1.0}', 'so do those of the customer''s numbers');
SELECT is(suite.done('update_customer', :'a', :'customer', '{"phoneWork": "(305) 213-0013"}') #>> '{customer,phoneWork}', '+13052130013', 'another number takes the place of one');

/*
 * Every number has its display form: in each document, what is called phone… has phone…Display beside it.
 */
CREATE FUNCTION pg_temp.bare(document jsonb) RETURNS text[] LANGUAGE sql AS $$
	WITH RECURSIVE walk (path, value) AS (
		SELECT '', document
		UNION ALL
		SELECT w.path || m.step, m.value
		FROM walk w
		CROSS JOIN LATERAL (
			SELECT '.' || key, o.value FROM jsonb_each(CASE jsonb_typeof(w.value) WHEN 'object' THEN w.value ELSE '{}' END) o
			UNION ALL
			SELECT '[]', a.value FROM jsonb_array_elements(CASE jsonb_typeof(w.value) WHEN 'array' THEN w.value ELSE '[]' END) a
		) m (step, value)
	)
	SELECT array_agg(DISTINCT w.path || '.' || key) FROM walk w, jsonb_object_keys(CASE jsonb_typeof(w.value) WHEN 'object' THEN w.value ELSE '{}' END) key
	WHERE key ~ '^phone' AND key !~ 'Display$' AND NOT w.value ? (key || 'Display')
$$;
SELECT suite.logged(:'a', suite.put(suite.put(suite.call('shown', '(305) 213-0010'), 'captured.phone', '"305-213-0014"'), 'captured.accessInstructions.alternateContact.phone', '"305-213-0015"')) IS NULL AS logged \gset
SELECT suite.done('update_customer', :'a', :'customer', '{"phoneMobile": "305 213 0016", "phoneSecondary": "305 213 0017"}') IS NULL AS patched \gset
CREATE TEMPORARY TABLE documents AS
	SELECT 'get_call' AS name, suite.done('get_call', :'a', 'shown') AS document
	UNION ALL SELECT 'list_calls', suite.done('list_calls', :'a', '{"phone": "(305) 213-0010"}')
	UNION ALL SELECT 'get_customer', suite.done('get_customer', :'a', :'customer')
	UNION ALL SELECT 'list_customers', suite.done('list_customers', :'a', '{"q": "2130010"}')
	UNION ALL SELECT 'customer_timeline', suite.done('customer_timeline', :'a', :'customer', '{}')
	UNION ALL SELECT 'lookup_by_phone', suite.done('lookup_by_phone', :'a', '305 213 0010')
	UNION ALL SELECT 'lookup_by_phone of nobody', suite.done('lookup_by_phone', :'a', '305 213 0099')
	UNION ALL SELECT 'reveal_access_codes', suite.body(suite.api('admin', 'reveal_access_codes', :'a', 'customer', :'customer'));
SELECT is(ARRAY[document::text ~ '"phone": "\+1305213', pg_temp.bare(document) IS NULL], '{t,t}', format('%s tells numbers, each with its display form', name)) FROM documents;
SELECT suite.logged(:'a', suite.call('abroad', '+442079460958')) IS NULL AS logged \gset
SELECT ok((SELECT csv FROM callcenter.export_calls(:'a', '{"phone": "+442079460958"}')) ~ 'inbound,\+442079460958,\+44 20 7946 0958,', 'an export has both forms');
SELECT is(pg_temp.bare('{"customer": {"phone": "+13052130010", "addresses": [{"alternateContact": {"phone": "x", "phoneDisplay": "x"}}]}}'), '{.customer.phone}', 'control: a number without one is found');

/*
 * Lists find a number as people write it, with its trunk prefix, too.
 */
SELECT callcenter.create_company('{"_id": "65f0000000000000000000c3", "name": "Boilers Ltd", "timeZone": "Europe/London", "defaultRegion": "GB"}') IS NULL AS made \gset
SELECT suite.logged('65f0000000000000000000c3', suite.call('london', '+442079460018')) IS NULL AS logged \gset
SELECT is(ARRAY[suite.done('list_calls', '65f0000000000000000000c3', format('{"phone": "%s"}', written)) #>> '{calls,0,callId}',
		suite.done('list_calls', '65f0000000000000000000c3', format('{"q": "%s"}', written)) #>> '{calls,0,callId}',
		suite.done('list_customers', '65f0000000000000000000c3', format('{"q": "%s"}', written)) #>> '{customers,0,phone}'],
	'{london,london,+442079460018}', format('%s finds the call by phone and by text, and the customer', written))
FROM unnest('{020 7946 0018,+44 20 7946 0018,(020) 79460018}'::text[]) written;
SELECT is(suite.done('list_calls', '65f0000000000000000000c3', '{"q": "0018"}') #>> '{calls,0,callId}', 'london', 'so does the end of it, as text');

/*
 * What is erased.
 */
SELECT suite.body(suite.api('admin', 'delete_customer', :'a', :'customer', 'erase')) IS NULL AS erased \gset
SELECT is((SELECT count(*) FROM callcenter.calls c WHERE c.call_id = 'shown' AND c::text ~ '213.?001'), 0::bigint, 'erasing a customer leaves no number in any spelling');

SELECT * FROM finish();
ROLLBACK;
