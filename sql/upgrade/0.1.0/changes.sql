-- What 0.1.0 has and the parts have otherwise: columns, constraints and indexes of its tables, and what went away.  Comments,
-- functions, triggers and privileges do not stand here: an update says those of the parts again (again.awk).
--
-- Each change of a table is one statement in an EXECUTE of its own and can be repeated, because a distributed engine runs
-- this script on nodes that have the change already.

-- Companies: what is no lead, how weeks begin, when follow-ups are due.
DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS non_lead_intents text[] COLLATE "C" NOT NULL DEFAULT ''{billing,vendor,reschedule,wrong_number}''';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_non_lead_intents_folded';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_non_lead_intents_folded CHECK (non_lead_intents::text = lower(non_lead_intents::text) AND array_position(non_lead_intents, NULL) IS NULL)';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS week_start smallint NOT NULL DEFAULT 1';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_week_start_range';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_week_start_range CHECK (week_start BETWEEN 1 AND 7)';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS follow_up_minutes_normal integer NOT NULL DEFAULT 60';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS follow_up_minutes_urgent integer NOT NULL DEFAULT 60';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS follow_up_minutes_emergency integer NOT NULL DEFAULT 15';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS business_days callcenter.weekday[] NOT NULL DEFAULT ''{Monday,Tuesday,Wednesday,Thursday,Friday}''';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS business_opens text COLLATE "C" NOT NULL DEFAULT ''08:00''';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS business_closes text COLLATE "C" NOT NULL DEFAULT ''18:00''';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_follow_up_minutes_normal_range';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_follow_up_minutes_normal_range CHECK (follow_up_minutes_normal BETWEEN 1 AND 10080)';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_follow_up_minutes_urgent_range';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_follow_up_minutes_urgent_range CHECK (follow_up_minutes_urgent BETWEEN 1 AND 10080)';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_follow_up_minutes_emergency_range';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_follow_up_minutes_emergency_range CHECK (follow_up_minutes_emergency BETWEEN 1 AND 10080)';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_business_opens_syntax';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_business_opens_syntax CHECK (business_opens ~ ''^([01][0-9]|2[0-3]):[0-5][0-9]$'')';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_business_closes_syntax';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_business_closes_syntax CHECK (business_closes ~ ''^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$'')';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_business_hours';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_business_hours CHECK (business_opens < business_closes)';
END
$$;

-- Single rights beside the roles.
DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.memberships ADD COLUMN IF NOT EXISTS can_reveal boolean NOT NULL DEFAULT false';
	EXECUTE 'ALTER TABLE callcenter.memberships ADD COLUMN IF NOT EXISTS can_delete boolean NOT NULL DEFAULT false';
	EXECUTE 'ALTER TABLE callcenter.role_grants ADD COLUMN IF NOT EXISTS can_reveal boolean NOT NULL DEFAULT false';
	EXECUTE 'ALTER TABLE callcenter.role_grants ADD COLUMN IF NOT EXISTS can_delete boolean NOT NULL DEFAULT false';
END
$$;

-- Customers: preferences, and when a person was erased.
DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.customers ADD COLUMN IF NOT EXISTS preferred_time_of_day callcenter.time_of_day';
	EXECUTE 'ALTER TABLE callcenter.customers ADD COLUMN IF NOT EXISTS preferred_days callcenter.weekday[]';
	EXECUTE 'ALTER TABLE callcenter.customers ADD COLUMN IF NOT EXISTS communication_method callcenter.communication_method NOT NULL DEFAULT ''call''';
	EXECUTE 'ALTER TABLE callcenter.customers ADD COLUMN IF NOT EXISTS language text NOT NULL DEFAULT ''en''';
	EXECUTE 'ALTER TABLE callcenter.customers ADD COLUMN IF NOT EXISTS payment_method text';
	EXECUTE 'ALTER TABLE callcenter.customers ADD COLUMN IF NOT EXISTS special_instructions text';
	EXECUTE 'ALTER TABLE callcenter.customers ADD COLUMN IF NOT EXISTS erased_at timestamptz';
	EXECUTE 'DROP INDEX IF EXISTS callcenter.customers_status';
	EXECUTE 'CREATE INDEX IF NOT EXISTS customers_status ON callcenter.customers (company_id, status, customer_number)';
	EXECUTE 'CREATE INDEX IF NOT EXISTS customers_residential ON callcenter.customers (company_id, customer_number) WHERE customer_type = ''residential''';
	EXECUTE 'CREATE INDEX IF NOT EXISTS customers_commercial ON callcenter.customers (company_id, customer_number) WHERE customer_type = ''commercial''';
	EXECUTE 'CREATE INDEX IF NOT EXISTS customers_property_manager ON callcenter.customers (company_id, customer_number) '
		'WHERE customer_type = ''property_manager''';
END
$$;

-- Appointments: where, with what notes, and one for each of the platform's.
DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.appointments ADD COLUMN IF NOT EXISTS address_id callcenter.object_id';
	EXECUTE 'ALTER TABLE callcenter.appointments ADD COLUMN IF NOT EXISTS notes text';
	EXECUTE 'ALTER TABLE callcenter.appointments DROP CONSTRAINT IF EXISTS appointments_external_ref_key';
	EXECUTE 'ALTER TABLE callcenter.appointments ADD CONSTRAINT appointments_external_ref_key UNIQUE (company_id, external_ref)';
	EXECUTE 'CREATE INDEX IF NOT EXISTS appointments_date ON callcenter.appointments (company_id, scheduled_date, id)';
END
$$;

-- Numbers that a call brought beside its caller's: a valid one has its key beside it, and how it was read.  0.1.0 kept one
-- text, the key or the number as heard; such a text stays as it is.
DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS captured_phone_e164 callcenter.e164';
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS captured_phone_region text';
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS captured_phone_metadata_version text';
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS alternate_contact_phone_e164 callcenter.e164';
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS alternate_contact_phone_region text';
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS alternate_contact_phone_metadata_version text';
	EXECUTE 'ALTER TABLE callcenter.calls DROP CONSTRAINT IF EXISTS calls_caller_phone_of_e164';
	EXECUTE 'ALTER TABLE callcenter.calls DROP CONSTRAINT IF EXISTS calls_caller_phone_of_kind';
	EXECUTE 'ALTER TABLE callcenter.calls ADD CONSTRAINT calls_caller_phone_of_kind '
		'CHECK (CASE caller_kind WHEN ''e164'' THEN caller_phone IS NOT NULL WHEN ''sip'' THEN true ELSE caller_phone IS NULL END)';
END
$$;

-- Access codes, which 0.1.0 kept in clear, are sealed, and so is the hash of a document that has one: four digits would
-- be guessed from it.  Where there are codes, this needs an encryption key in the key ring, and ends with an error without.
DO $$
BEGIN
	IF (SELECT a.atttypid FROM pg_catalog.pg_attribute a
		WHERE a.attrelid OPERATOR(pg_catalog.=) 'callcenter.calls'::pg_catalog.regclass AND a.attname OPERATOR(pg_catalog.=) 'gate_code')
		OPERATOR(pg_catalog.=) 'pg_catalog.text'::pg_catalog.regtype THEN
		EXECUTE 'ALTER TABLE callcenter.calls '
			'ALTER COLUMN content_hash TYPE bytea USING CASE WHEN coalesce(key_location, gate_code, lockbox_code) IS NOT NULL AND length(content_hash) = 32 '
			'THEN callcenter.seal_access_code(company_id, ''calls'', id, ''content_hash'', content_hash) ELSE content_hash END, '
			'ALTER COLUMN key_location TYPE bytea USING callcenter.seal_access_code(company_id, ''calls'', id, ''key_location'', convert_to(key_location, ''UTF8'')), '
			'ALTER COLUMN gate_code TYPE bytea USING callcenter.seal_access_code(company_id, ''calls'', id, ''gate_code'', convert_to(gate_code, ''UTF8'')), '
			'ALTER COLUMN lockbox_code TYPE bytea USING callcenter.seal_access_code(company_id, ''calls'', id, ''lockbox_code'', convert_to(lockbox_code, ''UTF8''))';
	END IF;
	EXECUTE 'ALTER TABLE callcenter.calls DROP CONSTRAINT IF EXISTS calls_access_codes_sealed';
	EXECUTE 'ALTER TABLE callcenter.calls ADD CONSTRAINT calls_access_codes_sealed CHECK ('
		'substr(key_location, 1, 1) = ''\x01'' AND substr(gate_code, 1, 1) = ''\x01'' AND substr(lockbox_code, 1, 1) = ''\x01'')';
END
$$;

-- What summaries count of a call: rows of 0.1.0 get it from an expression, which the column loses again, as the trigger of
-- 60_calls keeps it from then on.
DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS facts callcenter.call_facts NOT NULL GENERATED ALWAYS AS ('
		'callcenter.call_facts(started_at, duration_seconds, status, direction, primary_intent, routing_tier, is_booked, is_returning, '
		'caller_kind, llm_cost, follow_up_required, reviewed, rating, flagged)) STORED';
	EXECUTE 'ALTER TABLE callcenter.calls ALTER COLUMN facts DROP EXPRESSION IF EXISTS';
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS traits smallint NOT NULL GENERATED ALWAYS AS ('
		'callcenter.call_traits(status, direction, routing_tier, follow_up_required, reviewed, flagged, urgency)) STORED';
	EXECUTE 'ALTER TABLE callcenter.calls ALTER COLUMN traits DROP EXPRESSION IF EXISTS';
	EXECUTE 'DROP INDEX IF EXISTS callcenter.calls_intent';
	EXECUTE 'CREATE INDEX IF NOT EXISTS calls_intent ON callcenter.calls (company_id, primary_intent, started_at, id) INCLUDE (traits)';
	EXECUTE 'CREATE INDEX IF NOT EXISTS calls_traits ON callcenter.calls (company_id, traits, started_at, id)';
	EXECUTE 'CREATE INDEX IF NOT EXISTS calls_duration ON callcenter.calls '
		'(company_id, ((CASE WHEN duration_seconds IS NULL THEN -1 ELSE duration_seconds END)::bigint), id)';
	EXECUTE 'ALTER INDEX callcenter.calls_duration ALTER COLUMN 2 SET STATISTICS 0';
END
$$;

-- grant_role() is of callcenter_auth now.
DO $$
BEGIN
	EXECUTE 'REVOKE ALL ON callcenter.role_grants FROM callcenter_api';
END
$$;

-- login() has one argument more.
DROP FUNCTION callcenter.login(text, text);
