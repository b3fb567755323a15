-- Records of two companies, by plain INSERT into the tables that every version has, so that they can be put into any of
-- them: what test/upgrade/data compares.  The same every time; nothing of it is derived by the extension.

SET TimeZone = 'UTC';
SET search_path = pg_catalog;

CREATE FUNCTION pg_temp.id(kind integer, n integer) RETURNS callcenter.object_id LANGUAGE sql AS $$
	SELECT ('65f' || to_char(kind, 'FM000') || lpad(to_hex(n), 18, '0'))::callcenter.object_id
$$;
CREATE FUNCTION pg_temp.at(n integer) RETURNS timestamptz LANGUAGE sql AS $$
	SELECT '2025-01-31T23:10:00Z'::timestamptz + n * interval '7 hours 13 minutes'
$$;

INSERT INTO callcenter.companies (id, name, time_zone, own_numbers, created_at, updated_at)
SELECT pg_temp.id(1, c), 'Company ' || c, CASE c WHEN 1 THEN 'America/New_York' ELSE 'Europe/Berlin' END, '{+13055550100}', pg_temp.at(0), pg_temp.at(0)
FROM generate_series(1, 2) c;
INSERT INTO callcenter.users (id, email, name, password, created_at, updated_at)
VALUES (pg_temp.id(2, 1), 'ann@example.com', 'Ann', '$scrypt$ln=15,r=8,p=1$x$y', pg_temp.at(0), pg_temp.at(0));
INSERT INTO callcenter.memberships SELECT pg_temp.id(1, c), pg_temp.id(2, 1), 'admin' FROM generate_series(1, 2) c;
INSERT INTO callcenter.role_grants SELECT pg_temp.id(1, c), 'callcenter_service', pg_temp.at(0) FROM generate_series(1, 2) c;
INSERT INTO callcenter.customer_numbers SELECT pg_temp.id(1, c), 60 FROM generate_series(1, 2) c;
INSERT INTO callcenter.customers (company_id, id, customer_number, first_name, last_name, email, customer_type, status, source, version, created_at, updated_at)
SELECT pg_temp.id(1, c), pg_temp.id(3, n), n, 'First' || n, nullif('Last' || n, 'Last7'), 'c' || n || '@example.com',
	(ARRAY['residential', 'commercial', 'property_manager'])[1 + n % 3]::callcenter.customer_type, (ARRAY['lead', 'active', 'inactive', 'churned', 'do_not_contact'])[1 + n % 5],
	(ARRAY['phone_call', 'website', NULL])[1 + n % 3]::callcenter.customer_source, 1 + n % 4, pg_temp.at(n), pg_temp.at(n + 1)
FROM generate_series(1, 2) c, generate_series(1, 60) n;
INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, raw, region, metadata_version)
SELECT pg_temp.id(1, c), '+1305213' || (1000 + n), pg_temp.id(3, n), 'primary', '305213' || (1000 + n), 'US', '8'
FROM generate_series(1, 2) c, generate_series(1, 60) n;
INSERT INTO callcenter.appointments (company_id, id, customer_id, service, scheduled_date, time_window, status, value, external_ref, version, created_at, updated_at)
SELECT pg_temp.id(1, c), pg_temp.id(4, n), CASE WHEN n % 11 > 0 THEN pg_temp.id(3, 1 + n % 30) END, 'Service ' || n, '2025-02-01'::date + n, '8-10',
	(ARRAY['scheduled', 'completed', 'cancelled', 'no_show'])[1 + n % 4]::callcenter.appointment_status, CASE WHEN n % 5 > 0 THEN n * 10.50 END,
	'ref-' || n, 1, pg_temp.at(n), pg_temp.at(n)
FROM generate_series(1, 2) c, generate_series(1, 90) n;
INSERT INTO callcenter.calls (company_id, id, call_id, twilio_call_sid, caller_phone, caller_kind, caller_raw, caller_region, metadata_version, caller_name, customer_id,
	is_returning, previous_call_count, started_at, ended_at, duration_seconds, primary_intent, intent_confidence, routing_tier, llm_cost, urgency, custom, status,
	actions, reviewed, rating, flagged, summary, is_booked, content_hash, version, created_at, updated_at)
SELECT pg_temp.id(1, c), pg_temp.id(5, n), 'call_' || n, nullif('CA' || n, 'CA13'), CASE WHEN n % 9 > 0 THEN '+1305213' || (1000 + n % 40) END,
	CASE WHEN n % 9 > 0 THEN 'e164' ELSE 'withheld' END::callcenter.caller_kind, CASE WHEN n % 9 > 0 THEN '305213' || (1000 + n % 40) ELSE 'anonymous' END, 'US', '8', 'Name ' || n,
	CASE WHEN n % 9 > 0 AND n % 40 > 0 THEN pg_temp.id(3, n % 40) END, n > 40, n / 40, pg_temp.at(n), pg_temp.at(n) + n * interval '1 second', nullif(n, 77),
	(ARRAY['BILLING', 'REPAIR', NULL])[1 + n % 3], n / 1000.0, 1 + n % 3, n / 8.0, (ARRAY['normal', 'urgent', 'emergency', NULL])[1 + n % 4], jsonb_build_object('n', n),
	(ARRAY['completed', 'transferred', 'voicemail', 'abandoned', 'spam', 'error'])[1 + n % 6], '[{"type": "sms_sent"}]', n % 2 = 0, nullif(n % 6, 0), n % 10 = 0, 'Summary ' || n, n % 4 = 0,
	sha256(n::text::bytea), 1 + n % 3, pg_temp.at(n), pg_temp.at(n)
FROM generate_series(1, 2) c, generate_series(1, 400) n;
-- numbers that were said: 0.1.0 kept the key or the text as heard in one column, which an update leaves as it is
UPDATE callcenter.calls SET captured_phone = CASE WHEN rating = 3 THEN '555 98' ELSE '+13052132000' END, alternate_contact_phone = '+442079460958' WHERE rating IN (3, 4);
INSERT INTO callcenter.transcripts (company_id, call_id, turns, talk)
SELECT pg_temp.id(1, c), pg_temp.id(5, n), jsonb_build_array(jsonb_build_object('speaker', 'caller', 'text', 'Words ' || n, 'turnNumber', 1)), ARRAY[0, 0, n]
FROM generate_series(1, 2) c, generate_series(1, 400, 3) n;
INSERT INTO callcenter.call_notes (company_id, id, call_id, text, added_by, added_at)
SELECT pg_temp.id(1, c), pg_temp.id(6, n), pg_temp.id(5, n), 'Note ' || n, 'ann', pg_temp.at(n) FROM generate_series(1, 2) c, generate_series(1, 50) n;
INSERT INTO callcenter.call_appointments (company_id, call_id, appointment_id, role)
SELECT pg_temp.id(1, c), pg_temp.id(5, n), pg_temp.id(4, n), 'created' FROM generate_series(1, 2) c, generate_series(1, 90) n;
