-- Which stored numbers today's metadata reads otherwise.
--
--	psql -f tools/phone/reread.sql		as a superuser, after an update of the metadata
--
-- Reads again, in the region it came in, what another version of the metadata read: callers, numbers that were said in
-- calls, alternate contacts of addresses, numbers of customers. Prints those of which another key comes today, and changes
-- nothing: keys are never rewritten, a person decides about each.

\pset footer off

WITH stored (company_id, what, record, raw, region, version, source, must_be_valid, key) AS (
	SELECT company_id, 'caller of call', call_id, caller_raw, caller_region, metadata_version, 'trunk', false, caller_phone::text
	FROM callcenter.calls
	UNION ALL
	SELECT company_id, 'number said in call', call_id, captured_phone, captured_phone_region, captured_phone_metadata_version,
		'agent', true, captured_phone_e164::text
	FROM callcenter.calls
	UNION ALL
	SELECT company_id, 'alternate contact of call', call_id, alternate_contact_phone, alternate_contact_phone_region,
		alternate_contact_phone_metadata_version, 'agent', true, alternate_contact_phone_e164::text
	FROM callcenter.calls
	UNION ALL
	SELECT company_id, 'alternate contact of address', id, alternate_contact_phone, alternate_contact_phone_region,
		alternate_contact_phone_metadata_version, 'agent', true, alternate_contact_phone_e164::text
	FROM callcenter.customer_addresses
	UNION ALL
	-- a customer keeps a number that is valid no more
	SELECT p.company_id, p.kind || ' number of customer', 'CUST-' || lpad(c.customer_number::text, 5, '0'), p.raw, p.region,
		p.metadata_version, 'agent', false, p.phone::text
	FROM callcenter.customer_phones p
	JOIN callcenter.customers c ON c.company_id = p.company_id AND c.id = p.customer_id
)
SELECT s.company_id, s.what, s.record, s.raw, s.region, s.version, s.key AS stored_key, today.key AS key_today
FROM stored s,
	LATERAL callcenter.phone_caller(s.raw, s.region, s.source) AS n,
	LATERAL (SELECT CASE WHEN n.is_key OR NOT s.must_be_valid THEN n.e164::text END AS key) AS today
WHERE s.version <> callcenter.phone_metadata_version() AND s.key IS DISTINCT FROM today.key
ORDER BY s.company_id, s.what, s.record;
