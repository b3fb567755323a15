\echo Use "ALTER EXTENSION callcenter UPDATE TO '0.2.0'" to load this file. \quit

-- 0.1.0 to 0.2.0: profiles, appointments in full, the audit log, derived tables, and the API over them.
--
-- Each change of a table that was there is one statement in an EXECUTE of its own and can be repeated, because a
-- distributed engine runs this script on nodes that have the change already.
--
-- Longer than a file should be because an update is one script, and repeats what sql/parts says of new objects because a
-- released script never changes; the suite "upgrade" holds what both make equal.

SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
DECLARE
	wanted record;
	existing pg_catalog.pg_roles;
BEGIN
	FOR wanted IN
		SELECT *
		FROM (VALUES
			('callcenter_api', false, 'owns the API functions of callcenter; subject to row-level security'),
			('callcenter_auth', true, 'owns sign-in of callcenter: users and memberships, nothing else'),
			('callcenter_stats', true, 'owns the triggers of callcenter: reads base tables, writes derived ones'),
			('callcenter_rest', false, 'what the REST server may do: call API functions with a token'),
			('callcenter_service', false, 'services such as LLM-0: call API functions for companies granted to them'),
			('callcenter_analyst', false, 'BI tools: read what is safe to show of companies granted to them'),
			('callcenter_all_companies', false, 'a service or analyst that may act for every company'),
			('callcenter_admin', false, 'administration of callcenter: companies, users, grants')
		) AS r (name, bypass, description)
	LOOP
		SELECT * INTO existing FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) wanted.name;
		IF NOT FOUND THEN
			EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN %s', wanted.name,
				CASE WHEN wanted.bypass THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END);
			EXECUTE pg_catalog.format('COMMENT ON ROLE %I IS %L', wanted.name, wanted.description);
		ELSIF existing.rolcanlogin OR existing.rolsuper OR existing.rolbypassrls OPERATOR(pg_catalog.<>) wanted.bypass THEN
			RAISE EXCEPTION 'role "%" exists with other attributes than callcenter needs', wanted.name
				USING ERRCODE = 'duplicate_object',
				HINT = pg_catalog.format('It must be NOLOGIN, NOSUPERUSER and %s.',
					CASE WHEN wanted.bypass THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END);
		END IF;
	END LOOP;
END
$$;

CREATE TYPE callcenter.address_type AS ENUM ('home', 'work', 'rental', 'other');
COMMENT ON TYPE callcenter.address_type IS 'what a customer''s address is';

CREATE TYPE callcenter.time_of_day AS ENUM ('early_morning', 'morning', 'afternoon', 'evening', 'any');
COMMENT ON TYPE callcenter.time_of_day IS 'when a customer likes a visit';

CREATE TYPE callcenter.weekday AS ENUM ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday');
COMMENT ON TYPE callcenter.weekday IS 'a day of the week';

CREATE TYPE callcenter.communication_method AS ENUM ('call', 'text', 'email');
COMMENT ON TYPE callcenter.communication_method IS 'how a customer likes to be reached';

CREATE TYPE callcenter.note_category AS ENUM ('general', 'service', 'billing', 'complaint', 'preference');
COMMENT ON TYPE callcenter.note_category IS 'what a note on a customer is about';

CREATE TYPE callcenter.follow_up_status AS ENUM ('open', 'claimed', 'done', 'dismissed');
COMMENT ON TYPE callcenter.follow_up_status IS 'how far a follow-up is';

CREATE TYPE callcenter.follow_up_reason AS ENUM ('emergency', 'requested', 'message', 'voicemail', 'missed', 'lead');
COMMENT ON TYPE callcenter.follow_up_reason IS 'why somebody must see to a call, strongest first';

CREATE TYPE callcenter.follow_up_resolution AS ENUM ('person', 'call', 'booking', 'withdrawn');
COMMENT ON TYPE callcenter.follow_up_resolution IS 'what ended a follow-up: a person, a later call, a booking, or that no call needs it any more';

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

COMMENT ON COLUMN callcenter.memberships.can_reveal IS 'may reveal access codes, also without being admin';
COMMENT ON COLUMN callcenter.memberships.can_delete IS 'may delete calls and customers, also without being admin';
COMMENT ON COLUMN callcenter.role_grants.can_reveal IS 'may reveal access codes';
COMMENT ON COLUMN callcenter.role_grants.can_delete IS 'may delete calls and customers';

DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS non_lead_intents text[] COLLATE "C" NOT NULL DEFAULT ''{billing,vendor,reschedule,wrong_number}''';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_non_lead_intents_folded';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_non_lead_intents_folded CHECK (non_lead_intents::text = lower(non_lead_intents::text) AND array_position(non_lead_intents, NULL) IS NULL)';
	EXECUTE 'ALTER TABLE callcenter.companies ADD COLUMN IF NOT EXISTS week_start smallint NOT NULL DEFAULT 1';
	EXECUTE 'ALTER TABLE callcenter.companies DROP CONSTRAINT IF EXISTS companies_week_start_range';
	EXECUTE 'ALTER TABLE callcenter.companies ADD CONSTRAINT companies_week_start_range CHECK (week_start BETWEEN 1 AND 7)';
END
$$;

COMMENT ON COLUMN callcenter.companies.non_lead_intents IS
	'intents, folded to lower case, with which a caller is not a lead: those calls are not in the denominator of the lead booking rate';
COMMENT ON COLUMN callcenter.companies.week_start IS 'the day that weeks begin with: 1 Monday to 7 Sunday (ISO 8601)';

COMMENT ON COLUMN callcenter.customers.language IS 'language the customer speaks (BCP 47), as "en" or "es-US"';
COMMENT ON COLUMN callcenter.customers.erased_at IS 'when the person was erased; the row stays, without the person, so that counts stay right';

DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.appointments ADD COLUMN IF NOT EXISTS address_id callcenter.object_id';
	EXECUTE 'ALTER TABLE callcenter.appointments ADD COLUMN IF NOT EXISTS notes text';
	EXECUTE 'ALTER TABLE callcenter.appointments DROP CONSTRAINT IF EXISTS appointments_external_ref_key';
	EXECUTE 'ALTER TABLE callcenter.appointments ADD CONSTRAINT appointments_external_ref_key UNIQUE (company_id, external_ref)';
	EXECUTE 'CREATE INDEX IF NOT EXISTS appointments_date ON callcenter.appointments (company_id, scheduled_date, id)';
END
$$;

COMMENT ON COLUMN callcenter.appointments.address_id IS 'where the visit is; an address of the customer, which may be gone by now';

COMMENT ON FUNCTION callcenter.phone_caller(text, text, text) IS
	'what kind of caller a text announces (e164, short, emergency, withheld, sip, client, other) and its number. '
	'source is trunk (a telephone line sent it) or agent (somebody typed it), another gives null; '
	'is_key says whether the number may become a customer''s: from a line with a plus sign when its length is possible, '
	'else when it is valid in its region';

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

COMMENT ON COLUMN callcenter.calls.caller_phone IS 'the caller''s number as a key (E.164); NULL when the caller has none (withheld, short code, SIP address without a number)';
COMMENT ON COLUMN callcenter.calls.captured_phone IS 'the number that the caller said, as it was heard';
COMMENT ON COLUMN callcenter.calls.captured_phone_e164 IS 'the same as a key (E.164), when it is valid';
COMMENT ON COLUMN callcenter.calls.captured_phone_region IS 'the region that it was read in';
COMMENT ON COLUMN callcenter.calls.captured_phone_metadata_version IS 'the phone metadata that read it';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone IS 'the number of the alternate contact, as it was heard';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone_e164 IS 'the same as a key (E.164), when it is valid';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone_region IS 'the region that it was read in';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone_metadata_version IS 'the phone metadata that read it';

-- Access codes, which 0.1.0 kept in clear, are sealed, and so is the hash of a document that has one: four digits would
-- be guessed from it.  Where there are codes, this needs an encryption key in the key ring, and ends with an error without.
CREATE FUNCTION callcenter.seal_access_code(company_id text, relation text, record_id text, column_name text, value bytea)
RETURNS bytea
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'cc_seal_access_code';
COMMENT ON FUNCTION callcenter.seal_access_code(text, text, text, text, bytea) IS
	'an access code as it is stored: encrypted for its place with the first encryption key of the key ring; for updates from versions that stored codes in clear.  Errors: F0000 without such a key.';

CREATE FUNCTION callcenter.reencrypt_access_codes()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_reencrypt_access_codes';
COMMENT ON FUNCTION callcenter.reencrypt_access_codes() IS
	'encrypts with the first encryption key of the key ring every access code that another key has encrypted; returns how many there were.  A key that is not needed any more may be removed after it.  Errors: F0000 when a key is missing.';

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

COMMENT ON COLUMN callcenter.calls.key_location IS 'where the key is; an access code, sealed with a key of the key ring';
COMMENT ON COLUMN callcenter.calls.gate_code IS 'code of the gate; an access code, sealed';
COMMENT ON COLUMN callcenter.calls.lockbox_code IS 'code of the lockbox; an access code, sealed';
COMMENT ON COLUMN callcenter.calls.content_hash IS 'SHA-256 of the document that made the call, sealed when that has an access code; tells a repeated log from a conflicting one';

-- What else is known of a customer: addresses, equipment, notes, tags.

CREATE TABLE callcenter.customer_addresses (
	company_id callcenter.object_id NOT NULL,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	position integer NOT NULL,
	type callcenter.address_type NOT NULL DEFAULT 'home',
	label text,
	street text,
	unit text,
	city text,
	state text,
	zip text,
	is_primary boolean NOT NULL DEFAULT false,
	access_notes bytea,
	key_location bytea,
	lockbox_code bytea,
	pet_info text,
	alternate_contact_name text,
	alternate_contact_phone text,
	alternate_contact_phone_e164 callcenter.e164,
	alternate_contact_phone_region text,
	alternate_contact_phone_metadata_version text,
	alternate_contact_relationship text,
	CONSTRAINT customer_addresses_access_codes_sealed CHECK (
		substr(access_notes, 1, 1) = '\x01' AND substr(key_location, 1, 1) = '\x01' AND substr(lockbox_code, 1, 1) = '\x01'),
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_addresses', '');
CREATE INDEX customer_addresses_customer ON callcenter.customer_addresses (company_id, customer_id, position);
COMMENT ON TABLE callcenter.customer_addresses IS 'where a customer''s visits are';
COMMENT ON COLUMN callcenter.customer_addresses.position IS 'place in the customer''s list, from 0';
COMMENT ON COLUMN callcenter.customer_addresses.access_notes IS 'how to get in; an access code, sealed with a key of the key ring';
COMMENT ON COLUMN callcenter.customer_addresses.key_location IS 'where the key is; an access code, sealed';
COMMENT ON COLUMN callcenter.customer_addresses.lockbox_code IS 'code of the lockbox; an access code, sealed';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone IS 'the number of the alternate contact, as it came';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone_e164 IS 'the same as a key (E.164), when it is valid';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone_region IS 'the region that it was read in';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone_metadata_version IS 'the phone metadata that read it';

CREATE TABLE callcenter.customer_equipment (
	company_id callcenter.object_id NOT NULL,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	position integer NOT NULL,
	address_id callcenter.object_id,
	type text,
	brand text,
	model text,
	serial_number text,
	installed_date date,
	warranty_expires date,
	last_service_date date,
	notes text,
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE,
	FOREIGN KEY (company_id, address_id) REFERENCES callcenter.customer_addresses ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_equipment', '');
CREATE INDEX customer_equipment_customer ON callcenter.customer_equipment (company_id, customer_id, position);
CREATE INDEX customer_equipment_address ON callcenter.customer_equipment (company_id, address_id);
COMMENT ON TABLE callcenter.customer_equipment IS 'what a customer has installed, and at which address';

CREATE TABLE callcenter.customer_notes (
	company_id callcenter.object_id NOT NULL,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	text text NOT NULL,
	category callcenter.note_category NOT NULL DEFAULT 'general',
	added_by text NOT NULL,
	added_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_notes', '');
CREATE INDEX customer_notes_customer ON callcenter.customer_notes (company_id, customer_id, added_at, id);
COMMENT ON TABLE callcenter.customer_notes IS 'notes of people on a customer, append-only';

CREATE TABLE callcenter.customer_tags (
	company_id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	tag text COLLATE "C" NOT NULL CONSTRAINT customer_tags_tag_length CHECK (length(tag) BETWEEN 1 AND 60),
	PRIMARY KEY (company_id, customer_id, tag),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_tags', '');
CREATE INDEX customer_tags_tag ON callcenter.customer_tags (company_id, tag, customer_id);
COMMENT ON TABLE callcenter.customer_tags IS
	'tags of customers; rows, because array operators are not LEAKPROOF and would use no index under row-level security';

ALTER TABLE callcenter.customer_addresses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_addresses USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_equipment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_equipment USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_notes USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_tags ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_tags USING (company_id = callcenter.current_company());

DO $$
BEGIN
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

COMMENT ON COLUMN callcenter.companies.follow_up_minutes_normal IS 'minutes of business time after which a follow-up is due';
COMMENT ON COLUMN callcenter.companies.follow_up_minutes_urgent IS 'minutes after which an urgent follow-up is due';
COMMENT ON COLUMN callcenter.companies.follow_up_minutes_emergency IS 'minutes after which the follow-up of an emergency is due';
COMMENT ON COLUMN callcenter.companies.business_opens IS 'when the company opens on its business days, local time';

-- Calls that go on: what a telephony webhook knows of a call before it has ended.  They are no calls yet: statistics, totals
-- and follow-ups know nothing of them, and the first full record with the same twilioCallSid takes their place and id.

CREATE TABLE callcenter.open_calls (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	twilio_call_sid text COLLATE "C" NOT NULL,
	caller_phone callcenter.e164,
	caller_kind callcenter.caller_kind NOT NULL,
	caller_raw text NOT NULL,
	caller_region text NOT NULL,
	metadata_version text NOT NULL,
	caller_name text,
	direction callcenter.call_direction NOT NULL DEFAULT 'inbound',
	started_at timestamptz NOT NULL DEFAULT now(),
	opened_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	CONSTRAINT open_calls_twilio_call_sid_key UNIQUE (company_id, twilio_call_sid)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.open_calls', '');
CREATE INDEX open_calls_started_at ON callcenter.open_calls (company_id, started_at, id);
COMMENT ON TABLE callcenter.open_calls IS 'one row a call that a telephony webhook opened and of which there is no full record yet';
COMMENT ON COLUMN callcenter.open_calls.id IS 'the id that the call will have';

ALTER TABLE callcenter.open_calls ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.open_calls USING (company_id = callcenter.current_company());

-- Follow-ups: what somebody must still do for a caller, by when, and who has taken it.  One open item a customer, or a
-- number without customer; further calls add to it.

CREATE TABLE callcenter.follow_ups (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id,
	phone callcenter.e164,
	status text COLLATE "C" NOT NULL DEFAULT 'open'
		CONSTRAINT follow_ups_status_vocabulary CHECK (status::callcenter.follow_up_status IS NOT NULL),
	reason text COLLATE "C" NOT NULL
		CONSTRAINT follow_ups_reason_vocabulary CHECK (reason::callcenter.follow_up_reason IS NOT NULL),
	priority text COLLATE "C" NOT NULL
		CONSTRAINT follow_ups_priority_vocabulary CHECK (priority::callcenter.urgency IS NOT NULL),
	due_at timestamptz NOT NULL,
	attempts integer NOT NULL,
	first_call_id callcenter.object_id NOT NULL,
	first_call_at timestamptz NOT NULL,
	last_call_id callcenter.object_id NOT NULL,
	last_call_at timestamptz NOT NULL,
	opened_at timestamptz NOT NULL DEFAULT now(),
	claimed_by text,
	claimed_at timestamptz,
	resolved_by text,
	resolved_at timestamptz,
	resolution text COLLATE "C"
		CONSTRAINT follow_ups_resolution_vocabulary CHECK (resolution IS NULL OR resolution::callcenter.follow_up_resolution IS NOT NULL),
	resolution_note text,
	recovered boolean NOT NULL DEFAULT false,
	version integer NOT NULL DEFAULT 1,
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers,
	CONSTRAINT follow_ups_one_caller CHECK (customer_id IS NULL OR phone IS NULL),
	CONSTRAINT follow_ups_claimed CHECK (status <> 'claimed' OR (claimed_by IS NOT NULL AND claimed_at IS NOT NULL)),
	CONSTRAINT follow_ups_resolved CHECK ((status IN ('done', 'dismissed')) = (resolved_at IS NOT NULL)
		AND (resolved_at IS NOT NULL) = (resolution IS NOT NULL)),
	CONSTRAINT follow_ups_resolved_after_opened CHECK (resolved_at >= opened_at)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.follow_ups', '');
CREATE UNIQUE INDEX follow_ups_open_customer ON callcenter.follow_ups (company_id, customer_id) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX follow_ups_open_phone ON callcenter.follow_ups (company_id, phone) WHERE resolved_at IS NULL;
CREATE INDEX follow_ups_due ON callcenter.follow_ups (company_id, due_at, id) WHERE resolved_at IS NULL;
CREATE INDEX follow_ups_opened ON callcenter.follow_ups (company_id, opened_at, id);
-- for the hour that an instant lies in, whose follow-ups are counted one by one (counters.c)
CREATE INDEX follow_ups_deadline ON callcenter.follow_ups (company_id, due_at);
CREATE INDEX follow_ups_resolved ON callcenter.follow_ups (company_id, resolved_at);
CREATE INDEX follow_ups_customer ON callcenter.follow_ups (company_id, customer_id);
COMMENT ON TABLE callcenter.follow_ups IS 'one row a caller who must be called back or seen to, with a deadline and who has taken it';
COMMENT ON COLUMN callcenter.follow_ups.phone IS 'the caller''s number when there is no customer';
COMMENT ON COLUMN callcenter.follow_ups.status IS 'open, claimed by somebody, done, or dismissed';
COMMENT ON COLUMN callcenter.follow_ups.reason IS 'the strongest reason among its calls';
COMMENT ON COLUMN callcenter.follow_ups.priority IS 'the highest among its calls; a second attempt is at least urgent';
COMMENT ON COLUMN callcenter.follow_ups.due_at IS 'the earliest deadline among its calls';
COMMENT ON COLUMN callcenter.follow_ups.attempts IS 'how many calls are waiting for an answer in it';
COMMENT ON COLUMN callcenter.follow_ups.claimed_by IS 'e-mail address or subject of a person, name of a database role';
COMMENT ON COLUMN callcenter.follow_ups.resolved_at IS 'when it was done or dismissed; NULL while it is open or claimed';
COMMENT ON COLUMN callcenter.follow_ups.resolution IS
	'what ended it: a person, a later call that was completed, a booking, or that no call needs it any more';
COMMENT ON COLUMN callcenter.follow_ups.recovered IS 'a visit was booked while it was open';

CREATE TABLE callcenter.follow_up_calls (
	company_id callcenter.object_id NOT NULL,
	follow_up_id callcenter.object_id NOT NULL,
	call_id callcenter.object_id NOT NULL,
	reason text COLLATE "C" NOT NULL
		CONSTRAINT follow_up_calls_reason_vocabulary CHECK (reason::callcenter.follow_up_reason IS NOT NULL),
	priority text COLLATE "C" NOT NULL
		CONSTRAINT follow_up_calls_priority_vocabulary CHECK (priority::callcenter.urgency IS NOT NULL),
	due_at timestamptz NOT NULL,
	PRIMARY KEY (company_id, follow_up_id, call_id),
	FOREIGN KEY (company_id, follow_up_id) REFERENCES callcenter.follow_ups ON DELETE CASCADE,
	FOREIGN KEY (company_id, call_id) REFERENCES callcenter.calls ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.follow_up_calls', '');
CREATE INDEX follow_up_calls_call ON callcenter.follow_up_calls (company_id, call_id);
COMMENT ON TABLE callcenter.follow_up_calls IS 'the calls that wait for an answer in a follow-up, and what each asks of it';

ALTER TABLE callcenter.follow_ups ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.follow_ups USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.follow_up_calls ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.follow_up_calls USING (company_id = callcenter.current_company());

-- Who changed what: one row a change, written by the API functions in the same commit.  Nobody can change it.

CREATE TABLE callcenter.audit_log (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies,
	id callcenter.object_id NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	actor text NOT NULL,
	action text COLLATE "C" NOT NULL,
	record_type text COLLATE "C" NOT NULL,
	record_id text COLLATE "C" NOT NULL,
	before jsonb,
	after jsonb,
	PRIMARY KEY (company_id, id)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.audit_log', '');
CREATE INDEX audit_log_at ON callcenter.audit_log (company_id, at, id);
CREATE INDEX audit_log_record ON callcenter.audit_log (company_id, record_type, record_id, at, id);
COMMENT ON TABLE callcenter.audit_log IS 'who changed or revealed what, or was refused access, and when; append-only, but that the values of an erased person are taken out';
COMMENT ON COLUMN callcenter.audit_log.actor IS 'e-mail address or subject of a person, name of a database role';
COMMENT ON COLUMN callcenter.audit_log.action IS 'create, update, delete, erase, link, note, reveal, refused, grant, revoke; of follow-ups also open, claim, release, resolve';
COMMENT ON COLUMN callcenter.audit_log.before IS 'the fields that were changed, as they were; access codes masked';
COMMENT ON COLUMN callcenter.audit_log.after IS 'the same fields, as they became; access codes masked';

CREATE FUNCTION callcenter.audit_log_is_append_only()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'cc_audit_log_is_append_only';
COMMENT ON FUNCTION callcenter.audit_log_is_append_only() IS 'refuses to change or remove rows of the audit log, whoever asks, but the redaction of an erased person';

CREATE TRIGGER audit_log_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON callcenter.audit_log
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.audit_log_is_append_only();

ALTER TABLE callcenter.audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.audit_log USING (company_id = callcenter.current_company());

CREATE FUNCTION callcenter.flush_refused()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_flush_refused';
COMMENT ON FUNCTION callcenter.flush_refused() IS
	'writes the refused accesses that wait in shared memory into the audit logs of the companies that were wanted; returns how many rows that made.  The background worker calls it.';

CREATE FUNCTION callcenter.refused_counts()
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_refused_counts';
COMMENT ON FUNCTION callcenter.refused_counts() IS
	'how many accesses the server has refused since it started: refused by reason (token, company, role, signIn), dropped because the queue was full, waiting to be written; shared is false without shared_preload_libraries, and nothing is counted';

-- Derived tables: a pure function of the tables above, kept by statement-level triggers in the same commit.  They are not
-- dumped: the triggers fill them again while a restore loads the rest.  They have no foreign keys: a restore may load in
-- any order, and when a company goes its rows are taken away by the triggers, after the company.

CREATE TABLE callcenter.customer_stats (
	company_id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	calls bigint NOT NULL DEFAULT 0,
	counting_calls bigint NOT NULL DEFAULT 0,
	calls_with_duration bigint NOT NULL DEFAULT 0,
	duration_seconds bigint NOT NULL DEFAULT 0,
	calls_with_rating bigint NOT NULL DEFAULT 0,
	rating bigint NOT NULL DEFAULT 0,
	first_contact timestamptz,
	last_contact timestamptz,
	appointments bigint NOT NULL DEFAULT 0,
	completed_appointments bigint NOT NULL DEFAULT 0,
	cancelled_appointments bigint NOT NULL DEFAULT 0,
	no_shows bigint NOT NULL DEFAULT 0,
	lifetime_value numeric NOT NULL DEFAULT 0,
	average_duration bigint,
	average_rating numeric,
	last_call_id callcenter.object_id,
	last_call text COLLATE "C",
	last_intent text COLLATE "C",
	last_status text COLLATE "C",
	last_result text,
	last_summary text,
	became_customer date,
	last_service text,
	last_service_date date,
	next_visit_id callcenter.object_id,
	next_visit_service text,
	next_visit_date date,
	next_visit_window text,
	last_visit_date date,
	status text COLLATE "C" NOT NULL DEFAULT 'lead',
	lifetime_hundredths bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
-- The orders of lists.  CASE: under row-level security coalesce() is held for leaky, and used with no index.  The key comes
-- last: of indexes that cost the same, as all do in a small table, the planner takes the newest.
CREATE INDEX customer_stats_contact ON callcenter.customer_stats
	(company_id, status, (CASE WHEN last_contact IS NULL THEN '-infinity' ELSE last_contact END), customer_id);
CREATE INDEX customer_stats_calls ON callcenter.customer_stats (company_id, calls, customer_id);
CREATE INDEX customer_stats_value ON callcenter.customer_stats (company_id, lifetime_hundredths, customer_id);
ALTER TABLE callcenter.customer_stats ADD PRIMARY KEY (company_id, customer_id);
COMMENT ON TABLE callcenter.customer_stats IS 'derived: one row a customer, what its calls and appointments add up to';
COMMENT ON COLUMN callcenter.customer_stats.counting_calls IS 'calls that later ones count as earlier: all but spam and error';
COMMENT ON COLUMN callcenter.customer_stats.duration_seconds IS 'sum over the calls that have a duration';
COMMENT ON COLUMN callcenter.customer_stats.rating IS 'sum over the calls that were rated';
COMMENT ON COLUMN callcenter.customer_stats.lifetime_value IS 'sum of the values of completed appointments';
COMMENT ON COLUMN callcenter.customer_stats.average_duration IS 'seconds, over the calls that have a duration';
COMMENT ON COLUMN callcenter.customer_stats.last_call IS 'call_id of the last call by its start; what follows is of the same call';
COMMENT ON COLUMN callcenter.customer_stats.became_customer IS 'day of the first completed visit';
COMMENT ON COLUMN callcenter.customer_stats.last_service IS 'what the last completed visit was for';
COMMENT ON COLUMN callcenter.customer_stats.next_visit_date IS
	'day of the earliest visit that is still scheduled, which may have passed; what is upcoming depends on the day of asking';
COMMENT ON COLUMN callcenter.customer_stats.last_visit_date IS 'day of the latest visit that is still scheduled';
COMMENT ON COLUMN callcenter.customer_stats.status IS
	'that of the customer: the rows of each status are in the order of their last contact, and all of them in that of five statuses merged';
COMMENT ON COLUMN callcenter.customer_stats.lifetime_hundredths IS
	'lifetime_value as a whole number, by which lists are sorted: under row-level security numbers of type numeric are compared without an index';

CREATE TABLE callcenter.customer_cards (
	company_id callcenter.object_id NOT NULL,
	phone callcenter.e164 NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	format bigint NOT NULL,
	card text NOT NULL,
	PRIMARY KEY (company_id, phone)
) WITH (fillfactor = 80);
COMMENT ON TABLE callcenter.customer_cards IS
	'derived: the ready profile of a customer under each number that is its alone, so that a lookup finds all of it with one probe; access codes are masked';
COMMENT ON COLUMN callcenter.customer_cards.format IS 'how the card was written: a hash of its fields, the phone metadata and the company''s region; another one than that of the library is not shown';
COMMENT ON COLUMN callcenter.customer_cards.card IS 'the members of the customer document that are not derived, as JSON text without the braces';

CREATE TABLE callcenter.company_counters (
	company_id callcenter.object_id NOT NULL,
	kind text COLLATE "C" NOT NULL,
	grain text COLLATE "C" NOT NULL,
	bucket timestamptz NOT NULL,
	status text COLLATE "C" NOT NULL,
	intent text COLLATE "C" NOT NULL,
	records bigint NOT NULL,
	PRIMARY KEY (company_id, kind, grain, bucket, status, intent)
) WITH (fillfactor = 80);
COMMENT ON TABLE callcenter.company_counters IS
	'derived: how many calls, customers and follow-ups a company has, so that lists and analytics show exact totals without counting; not yet folded changes are in company_counter_deltas';
COMMENT ON COLUMN callcenter.company_counters.kind IS 'call, customer or follow_up';
COMMENT ON COLUMN callcenter.company_counters.status IS
	'of a call or customer; of a follow-up the event: opened, due (not before it is opened), resolved, recovered (resolved by a booking), late (both due and resolved)';
COMMENT ON COLUMN callcenter.company_counters.intent IS 'of a call; of a customer the type; empty when there is none';
COMMENT ON COLUMN callcenter.company_counters.grain IS
	'all: one row for each status and intent, bucket is -infinity; day and hour: one row for each UTC day and hour that calls start in, status and intent are empty; month, day and hour: one row for each event of follow-ups and UTC month, day and hour that it falls in';

CREATE TABLE callcenter.company_counter_deltas (
	company_id callcenter.object_id NOT NULL,
	kind text COLLATE "C" NOT NULL,
	bucket timestamptz NOT NULL,
	status text COLLATE "C" NOT NULL,
	intent text COLLATE "C" NOT NULL,
	records bigint NOT NULL
);
CREATE INDEX company_counter_deltas_company ON callcenter.company_counter_deltas (company_id, kind);
COMMENT ON TABLE callcenter.company_counter_deltas IS
	'derived: changes of company_counters that are not folded yet; appended, so that calls of one company do not wait for each other';
COMMENT ON COLUMN callcenter.company_counter_deltas.bucket IS 'the UTC hour that a call starts in, or an event of a follow-up falls in; -infinity for customers';

CREATE FUNCTION callcenter.calls_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_calls_changed';
COMMENT ON FUNCTION callcenter.calls_changed() IS 'keeps customer_stats and the counters of calls';

DO $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER calls_inserted AFTER INSERT ON callcenter.calls
		REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.calls_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER calls_updated AFTER UPDATE ON callcenter.calls
		REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.calls_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER calls_deleted AFTER DELETE ON callcenter.calls
		REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.calls_changed()';
END
$$;

CREATE FUNCTION callcenter.appointments_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_appointments_changed';
COMMENT ON FUNCTION callcenter.appointments_changed() IS 'keeps the appointments, the value and the visits in customer_stats';

DO $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER appointments_inserted AFTER INSERT ON callcenter.appointments
		REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.appointments_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER appointments_updated AFTER UPDATE ON callcenter.appointments
		REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.appointments_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER appointments_deleted AFTER DELETE ON callcenter.appointments
		REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.appointments_changed()';
END
$$;

CREATE FUNCTION callcenter.customers_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_customers_changed';
COMMENT ON FUNCTION callcenter.customers_changed() IS 'keeps the counters of customers, and a row of customer_stats for each';

DO $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER customers_inserted AFTER INSERT ON callcenter.customers
		REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.customers_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER customers_updated AFTER UPDATE ON callcenter.customers
		REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.customers_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER customers_deleted AFTER DELETE ON callcenter.customers
		REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.customers_changed()';
END
$$;

CREATE FUNCTION callcenter.follow_ups_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_follow_ups_changed';
COMMENT ON FUNCTION callcenter.follow_ups_changed() IS 'keeps the counters of follow-ups';

CREATE TRIGGER follow_ups_inserted AFTER INSERT ON callcenter.follow_ups
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.follow_ups_changed();
CREATE TRIGGER follow_ups_updated AFTER UPDATE ON callcenter.follow_ups
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.follow_ups_changed();
CREATE TRIGGER follow_ups_deleted AFTER DELETE ON callcenter.follow_ups
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.follow_ups_changed();

CREATE FUNCTION callcenter.profiles_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_profiles_changed';
COMMENT ON FUNCTION callcenter.profiles_changed() IS 'keeps customer_cards';

-- a new customer has no number yet, and so no card
DO $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER customers_profile_updated AFTER UPDATE ON callcenter.customers
		REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER customer_phones_inserted AFTER INSERT ON callcenter.customer_phones
		REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER customer_phones_updated AFTER UPDATE ON callcenter.customer_phones
		REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER customer_phones_deleted AFTER DELETE ON callcenter.customer_phones
		REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed()';
END
$$;
CREATE TRIGGER customer_addresses_inserted AFTER INSERT ON callcenter.customer_addresses
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_addresses_updated AFTER UPDATE ON callcenter.customer_addresses
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_addresses_deleted AFTER DELETE ON callcenter.customer_addresses
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_equipment_inserted AFTER INSERT ON callcenter.customer_equipment
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_equipment_updated AFTER UPDATE ON callcenter.customer_equipment
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_equipment_deleted AFTER DELETE ON callcenter.customer_equipment
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_notes_inserted AFTER INSERT ON callcenter.customer_notes
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_notes_updated AFTER UPDATE ON callcenter.customer_notes
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_notes_deleted AFTER DELETE ON callcenter.customer_notes
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_tags_inserted AFTER INSERT ON callcenter.customer_tags
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_tags_updated AFTER UPDATE ON callcenter.customer_tags
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_tags_deleted AFTER DELETE ON callcenter.customer_tags
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
DO $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER companies_profile_updated AFTER UPDATE ON callcenter.companies
		REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed()';
END
$$;

CREATE FUNCTION callcenter.fold_counters()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_fold_counters';
COMMENT ON FUNCTION callcenter.fold_counters() IS
	'moves the appended changes of all companies into company_counters; returns how many there were.  Readers see the same totals before and after.';

CREATE FUNCTION callcenter.rebuild_stats()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_rebuild_stats';
COMMENT ON FUNCTION callcenter.rebuild_stats() IS
	'computes the derived tables anew from the tables they come from; returns how many rows were wrong, which is 0 unless triggers were disabled';

ALTER TABLE callcenter.customer_stats ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_stats USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_cards ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_cards USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.company_counters ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.company_counters USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.company_counter_deltas ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.company_counter_deltas USING (company_id = callcenter.current_company());

-- a missing argument is an error, not nothing
ALTER FUNCTION callcenter.create_company(jsonb) CALLED ON NULL INPUT;
COMMENT ON FUNCTION callcenter.create_company(jsonb) IS
	'makes a company: name, timeZone (IANA), defaultRegion (ISO 3166, default US), ownNumbers (phone numbers), nonLeadIntents (default billing, vendor, reschedule, wrong_number), weekStart (1 Monday, the default, to 7 Sunday), _id (of the platform; made when absent).  Errors: 22023, 23502 with the path of the field, 23505.';
ALTER FUNCTION callcenter.create_user(jsonb) CALLED ON NULL INPUT;
ALTER FUNCTION callcenter.grant_company(callcenter.object_id, text, text) CALLED ON NULL INPUT;
ALTER FUNCTION callcenter.grant_role(callcenter.object_id, name) CALLED ON NULL INPUT;

CREATE FUNCTION callcenter.update_company(company_id callcenter.object_id, patch jsonb)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_company';
COMMENT ON FUNCTION callcenter.update_company(callcenter.object_id, jsonb) IS
	'changes the settings of a company that a patch names, those of create_company: absent keeps, null sets the default.  Errors: P0002, 22023 with the path of the field.';

CREATE FUNCTION callcenter.update_call(company_id callcenter.object_id, call_id text, patch jsonb, version integer DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_call';
COMMENT ON FUNCTION callcenter.update_call(callcenter.object_id, text, jsonb, integer, text) IS
	'changes the fields of a call that a patch names: absent keeps, null clears; agents may change review, agentNotes and follow-up, admins and services everything but what identifies the call.  version is the one that the change was made from.  Errors: 28000, 42501, P0002, 40001 when the version is another one, 22023, 22003, 22007 with the path of the field.';

CREATE FUNCTION callcenter.add_call_note(company_id callcenter.object_id, call_id text, note jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_add_call_note';
COMMENT ON FUNCTION callcenter.add_call_note(callcenter.object_id, text, jsonb, text) IS
	'adds a note {text} to a call; notes are never changed, agentNotes of the call is the latest.  Errors: 28000, 42501, P0002, 22023, 23502.';

CREATE FUNCTION callcenter.add_transcript(company_id callcenter.object_id, call_id text, transcript jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_add_transcript';
COMMENT ON FUNCTION callcenter.add_transcript(callcenter.object_id, text, jsonb, text) IS
	'stores a transcript that came after its call: an array of {speaker, text, timestamp, turnNumber}; the last one wins.  Errors: 28000, 42501, P0002, 22023 with the path of the turn.';

CREATE FUNCTION callcenter.link_call(company_id callcenter.object_id, call_id text, customer_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_link_call';
COMMENT ON FUNCTION callcenter.link_call(callcenter.object_id, text, text, text) IS
	'links a call to a customer (_id or CUST number), or to none (NULL); who called before is counted anew for both.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.delete_calls(company_id callcenter.object_id, params jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_delete_calls';
COMMENT ON FUNCTION callcenter.delete_calls(callcenter.object_id, jsonb, text) IS
	'deletes the calls that the filters of list_calls leave, or those of a list callId; refuses without any filter; dryRun only counts.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.create_customer(company_id callcenter.object_id, customer jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_customer';
COMMENT ON FUNCTION callcenter.create_customer(callcenter.object_id, jsonb, text) IS
	'makes a customer: phone (a valid number), phoneSecondary, phoneMobile, phoneWork, email, names, customerType, status, source, addresses, equipment, preferences, tags.  Errors: 28000, 42501, P0002, 22023, 23502 with the path of the field, 23505 when a number is another customer''s.';

CREATE FUNCTION callcenter.get_or_create_customer(company_id callcenter.object_id, phone text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_or_create_customer';
COMMENT ON FUNCTION callcenter.get_or_create_customer(callcenter.object_id, text, text) IS
	'the customer of a number (created false), or a new one (created true); two at once make one.  Errors: 28000, 42501, P0002, 22023, 23505.';

CREATE FUNCTION callcenter.update_customer(company_id callcenter.object_id, customer_id text, patch jsonb, version integer DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_customer';
COMMENT ON FUNCTION callcenter.update_customer(callcenter.object_id, text, jsonb, integer, text) IS
	'changes the fields of a customer that a patch names: absent keeps, null clears; addresses, equipment and tags are given as whole lists, elements with an _id are the stored ones.  Errors: 28000, 42501, P0002, 40001 when the version is another one, 22023 with the path of the field, 23505.';

CREATE FUNCTION callcenter.add_customer_note(company_id callcenter.object_id, customer_id text, note jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_add_customer_note';
COMMENT ON FUNCTION callcenter.add_customer_note(callcenter.object_id, text, jsonb, text) IS
	'adds a note {text, category} to a customer.  Errors: 28000, 42501, P0002, 22023, 23502.';

CREATE FUNCTION callcenter.delete_customer(company_id callcenter.object_id, customer_id text, mode text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_delete_customer';
COMMENT ON FUNCTION callcenter.delete_customer(callcenter.object_id, text, text, text) IS
	'mode delete removes the profile and leaves its calls and visits without a customer; erase removes the person from profile, calls and visits and keeps a tombstone, so that counts stay.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.create_appointment(company_id callcenter.object_id, appointment jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_appointment';
COMMENT ON FUNCTION callcenter.create_appointment(callcenter.object_id, jsonb, text) IS
	'books a visit: customerId, service, date, timeWindow, status, value, externalRef, addressId, notes, callId of the call that made it.  Errors: 28000, 42501, P0002, 22023 with the path of the field, 23505.';

CREATE FUNCTION callcenter.update_appointment(company_id callcenter.object_id, appointment_id text, patch jsonb, version integer DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_update_appointment';
COMMENT ON FUNCTION callcenter.update_appointment(callcenter.object_id, text, jsonb, integer, text) IS
	'changes a visit; the first completed one makes a lead an active customer.  Errors: 28000, 42501, P0002, 40001, 22023 with the path of the field.';

CREATE FUNCTION callcenter.list_customers(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_customers';
COMMENT ON FUNCTION callcenter.list_customers(callcenter.object_id, jsonb, text) IS
	'a page of customers: page and limit or after (cursor), status, type, tag (lists), q (name, e-mail address, street, end of a number), sort (lastContact, newest, oldest, calls, value).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.get_customer_stats(company_id callcenter.object_id, customer_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_customer_stats';
COMMENT ON FUNCTION callcenter.get_customer_stats(callcenter.object_id, text, text) IS
	'what the calls and visits of a customer add up to: counts, average duration (seconds), average rating, lifetime value, first and last contact.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.customer_timeline(company_id callcenter.object_id, customer_id text, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_customer_timeline';
COMMENT ON FUNCTION callcenter.customer_timeline(callcenter.object_id, text, jsonb, text) IS
	'calls, visits and notes of a customer, newest first: limit, after (cursor).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.list_appointments(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_appointments';
COMMENT ON FUNCTION callcenter.list_appointments(callcenter.object_id, jsonb, text) IS
	'a page of visits: page and limit or after, status (list), customerId, startDate, endDate (days), sort (latest, earliest).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.list_audit(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_audit';
COMMENT ON FUNCTION callcenter.list_audit(callcenter.object_id, jsonb, text) IS
	'a page of the audit log, for admins: recordType, recordId, actor, action (list), startDate, endDate, sort (newest, oldest).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.export_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL, OUT csv text, OUT next_cursor text)
RETURNS record
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_export_calls';
COMMENT ON FUNCTION callcenter.export_calls(callcenter.object_id, jsonb, text) IS
	'the calls that list_calls shows for the same filters, as CSV (RFC 4180), 1,000 at a time: the first batch has the headings, next_cursor is the parameter after of the next batch, NULL at the end.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.reveal_access_codes(company_id callcenter.object_id, record_type text, record_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_reveal_access_codes';
COMMENT ON FUNCTION callcenter.reveal_access_codes(callcenter.object_id, text, text, text) IS
	'the access codes of a call or a customer (record_type) in clear, for admins and whom grant_right() lets; every other function masks them.  Writes the audit log.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.list_follow_ups(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_follow_ups';
COMMENT ON FUNCTION callcenter.list_follow_ups(callcenter.object_id, jsonb, text) IS
	'a page of follow-ups: page and limit or after, status (list; without it those that are open or claimed), reason, priority (lists), overdue, claimedBy, customerId, startDate, endDate (when it was opened), sort (due, newest).  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.claim_follow_up(company_id callcenter.object_id, follow_up_id text DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_claim_follow_up';
COMMENT ON FUNCTION callcenter.claim_follow_up(callcenter.object_id, text, text) IS
	'takes a follow-up, or the open one that is due first when none is named (claimed is false when there is none); of several who try, one gets it.  Errors: 28000, 42501, P0002, 23505 when somebody else has it.';

CREATE FUNCTION callcenter.release_follow_up(company_id callcenter.object_id, follow_up_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_release_follow_up';
COMMENT ON FUNCTION callcenter.release_follow_up(callcenter.object_id, text, text) IS
	'gives a claimed follow-up back.  Errors: 28000, 42501, P0002, 23505 when it is resolved.';

CREATE FUNCTION callcenter.resolve_follow_up(company_id callcenter.object_id, follow_up_id text, resolution jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_resolve_follow_up';
COMMENT ON FUNCTION callcenter.resolve_follow_up(callcenter.object_id, text, jsonb, text) IS
	'ends a follow-up: status done (the default) or dismissed, note.  Errors: 28000, 42501, P0002, 22023, 23505 when it is resolved already.';

-- Sessions of people and how often passwords were tried.  Both are of people, not of a company, and only callcenter_auth
-- sees them.  Neither is dumped: a restore must not bring back a session that was ended since.

CREATE TABLE callcenter.user_sessions (
	id callcenter.object_id PRIMARY KEY,
	user_id callcenter.object_id NOT NULL REFERENCES callcenter.users ON DELETE CASCADE,
	family_hash bytea NOT NULL,
	token_hash bytea NOT NULL,
	previous_hash bytea,
	rotated_at timestamptz,
	created_at timestamptz NOT NULL,
	used_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	address text,
	CONSTRAINT user_sessions_family_key UNIQUE (family_hash)
);
CREATE INDEX user_sessions_user ON callcenter.user_sessions (user_id, used_at);
COMMENT ON TABLE callcenter.user_sessions IS 'sessions that people have open: one row a sign-in, gone when it ends';
COMMENT ON COLUMN callcenter.user_sessions.family_hash IS 'SHA-256 of the part that all refresh tokens of the session share';
COMMENT ON COLUMN callcenter.user_sessions.token_hash IS 'SHA-256 of the rest of the refresh token that is good now';
COMMENT ON COLUMN callcenter.user_sessions.previous_hash IS 'the same of the one before, which is good for some seconds after rotated_at';
COMMENT ON COLUMN callcenter.user_sessions.used_at IS 'sign-in or last refresh; callcenter.session_idle later the session is over';
COMMENT ON COLUMN callcenter.user_sessions.expires_at IS 'when the session is over in any case';
COMMENT ON COLUMN callcenter.user_sessions.address IS 'where it was last refreshed from';

CREATE TABLE callcenter.sign_in_attempts (
	account bytea NOT NULL,
	address text COLLATE "C" NOT NULL,
	failures double precision NOT NULL DEFAULT 0,
	failed_at timestamptz,
	allowed_at timestamptz,
	succeeded_at timestamptz,
	forget_at timestamptz NOT NULL,
	PRIMARY KEY (account, address)
);
CREATE INDEX sign_in_attempts_forget ON callcenter.sign_in_attempts (forget_at);
COMMENT ON TABLE callcenter.sign_in_attempts IS 'passwords that were tried: of an account from an address, of an account (address empty), from an address (account empty)';
COMMENT ON COLUMN callcenter.sign_in_attempts.account IS 'SHA-256 of the e-mail address, of an account or not';
COMMENT ON COLUMN callcenter.sign_in_attempts.address IS 'IPv4 address or IPv6 network; "none" where a caller told none';
COMMENT ON COLUMN callcenter.sign_in_attempts.failures IS 'wrong passwords that are not forgotten yet';
COMMENT ON COLUMN callcenter.sign_in_attempts.allowed_at IS 'when the next may be tried';
COMMENT ON COLUMN callcenter.sign_in_attempts.succeeded_at IS 'last sign-in of the account from the address';
COMMENT ON COLUMN callcenter.sign_in_attempts.forget_at IS 'when the row says nothing any more';

-- no policy: nobody but callcenter_auth, who bypasses row-level security, sees a row
ALTER TABLE callcenter.user_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE callcenter.sign_in_attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

DROP FUNCTION callcenter.login(text, text);

-- Sessions of people, and the administration of those who may sign in.  All run as callcenter_auth: no company is known yet.

CREATE FUNCTION callcenter.login(email text, password text, address text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_login';
COMMENT ON FUNCTION callcenter.login(text, text, text) IS
	'opens a session: what current_user_info() gives, with token (valid for callcenter.token_lifetime) and refreshToken (for refresh_token()).  address is where the person is, for the limits.  A failure is an answer, so that it is counted: success false with sqlstate 28P01, the same for every reason, or 53400 with retryAfter (seconds) when too many were tried.  Errors: 23502 when one is missing, 22023 for an address that is none.';

CREATE FUNCTION callcenter.refresh_token(refresh_token text, address text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_refresh_token';
COMMENT ON FUNCTION callcenter.refresh_token(text, text) IS
	'exchanges a refresh token for a new token and a new refreshToken, once; roles and companies are read anew.  One that was exchanged before ends its session; within 10 seconds of that it still gives a token, but no refreshToken.  A failure is an answer, so that it is committed: success false with sqlstate 28000, the same for every reason.';

CREATE FUNCTION callcenter.sign_out(refresh_token text DEFAULT NULL, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_sign_out';
COMMENT ON FUNCTION callcenter.sign_out(text, text) IS
	'ends the session of a refresh token or, without one, of a token; none is no error.  Tokens that are out stay valid until they end.  Errors: 28000 for a token that does not verify.';

CREATE FUNCTION callcenter.list_sessions(token text)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_sessions';
COMMENT ON FUNCTION callcenter.list_sessions(text) IS
	'the open sessions of the token''s bearer, the last used first; current is the token''s own.  Errors: 28000.';

CREATE FUNCTION callcenter.revoke_session(session_id text, token text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_revoke_session';
COMMENT ON FUNCTION callcenter.revoke_session(text, text) IS
	'ends a session of the token''s bearer.  Errors: 28000, P0002.';

CREATE FUNCTION callcenter.change_password(old_password text, new_password text, token text, address text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_change_password';
COMMENT ON FUNCTION callcenter.change_password(text, text, text, text) IS
	'gives the token''s bearer another password and ends all their other sessions.  A wrong old password is an answer, so that it is counted as one of login(): success false with sqlstate 22023 and field oldPassword, or 53400 with retryAfter.  Errors: 28000, 23502, 22023 for a new password that is too short or too long.';

CREATE FUNCTION callcenter.set_password(email text, password text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_set_password';
COMMENT ON FUNCTION callcenter.set_password(text, text) IS
	'gives a user another password, ends all their sessions and lets them try again at once.  Errors: 22023, 23502, P0002.';

CREATE FUNCTION callcenter.disable_user(email text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_disable_user';
COMMENT ON FUNCTION callcenter.disable_user(text) IS
	'keeps a user from signing in and ends all their sessions; a token that is out stays valid until it ends.  Errors: 23502, P0002.';

CREATE FUNCTION callcenter.enable_user(email text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_enable_user';
COMMENT ON FUNCTION callcenter.enable_user(text) IS
	'lets a disabled user sign in again.  Errors: 23502, P0002.';

CREATE FUNCTION callcenter.revoke_company(company_id callcenter.object_id, email text)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_revoke_company';
COMMENT ON FUNCTION callcenter.revoke_company(callcenter.object_id, text) IS
	'takes a user''s membership of a company back; felt at the next refresh_token().  Errors: 23502, P0002.';

CREATE FUNCTION callcenter.revoke_role(company_id callcenter.object_id, role_name name)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_revoke_role';
COMMENT ON FUNCTION callcenter.revoke_role(callcenter.object_id, name) IS
	'lets a database role, which may be gone, no longer act for a company; to be called when a role is dropped, since one that is made anew with its name would find the grant again.  Errors: 23502, P0002.';

CREATE FUNCTION callcenter.grant_right(company_id callcenter.object_id, grantee text, right_name text, granted boolean DEFAULT true)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_right';
COMMENT ON FUNCTION callcenter.grant_right(callcenter.object_id, text, text, boolean) IS
	'gives one of the rights that admins have, reveal (access codes) or delete (calls and customers), to a member of a company (an e-mail address) or to a database role that is granted the company; granted false takes it back.  It holds from the next call on.  Errors: 22023, P0002.';

CREATE FUNCTION callcenter.open_call(company_id callcenter.object_id, call jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_open_call';
COMMENT ON FUNCTION callcenter.open_call(callcenter.object_id, jsonb, text) IS
	'a call has begun, as telephony knows it: twilioCallSid, caller {phone, name}, direction, startedAt (now).  It is shown as in progress and counted nowhere until create_call brings the full record with this twilioCallSid, which takes its id.  The same again gives back what is there (created false).  Errors: 28000, 42501, P0002, 22023, 23502 with the path of the field, 23505 for another caller.';

-- The type call_facts: what summaries count of one call, and the column of calls that has it.  Rows of 0.1.0 get theirs from
-- an expression, which the column loses again: a trigger keeps it from then on.

CREATE TYPE callcenter.call_facts;

CREATE FUNCTION callcenter.call_facts_in(cstring)
RETURNS callcenter.call_facts
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_facts_in';
COMMENT ON FUNCTION callcenter.call_facts_in(cstring) IS 'input of type call_facts';

CREATE FUNCTION callcenter.call_facts_out(callcenter.call_facts)
RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_facts_out';
COMMENT ON FUNCTION callcenter.call_facts_out(callcenter.call_facts) IS 'output of type call_facts';

CREATE FUNCTION callcenter.call_facts_recv(internal)
RETURNS callcenter.call_facts
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_facts_recv';
COMMENT ON FUNCTION callcenter.call_facts_recv(internal) IS 'binary input of type call_facts';

CREATE FUNCTION callcenter.call_facts_send(callcenter.call_facts)
RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_facts_send';
COMMENT ON FUNCTION callcenter.call_facts_send(callcenter.call_facts) IS 'binary output of type call_facts';

-- main: compressed or moved out of the row after everything else, so never while its intent is a word
CREATE TYPE callcenter.call_facts (
	INPUT = callcenter.call_facts_in,
	OUTPUT = callcenter.call_facts_out,
	RECEIVE = callcenter.call_facts_recv,
	SEND = callcenter.call_facts_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = main
);
COMMENT ON TYPE callcenter.call_facts IS 'what summarize() counts of one call, packed; the columns of calls say it in clear';

CREATE FUNCTION callcenter.call_facts(
	started_at timestamptz, duration_seconds integer, status text, direction callcenter.call_direction, primary_intent text,
	routing_tier smallint, is_booked boolean, is_returning boolean, caller_kind callcenter.caller_kind, llm_cost numeric,
	follow_up_required boolean, reviewed boolean, rating smallint, flagged boolean)
RETURNS callcenter.call_facts
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_facts';
COMMENT ON FUNCTION callcenter.call_facts(timestamptz, integer, text, callcenter.call_direction, text, smallint, boolean, boolean,
	callcenter.caller_kind, numeric, boolean, boolean, smallint, boolean) IS
	'the facts of a call of which these are the columns; what table calls has in its column facts.  Errors: 22004, 22P02 and 22008 for a start or status that no call can have, 22003 for a cost of 10^12 dollars and more.';

CREATE FUNCTION callcenter.call_facts_kept()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'cc_call_facts_kept';
COMMENT ON FUNCTION callcenter.call_facts_kept() IS 'keeps calls.facts';

DO $$
BEGIN
	EXECUTE 'ALTER TABLE callcenter.calls ADD COLUMN IF NOT EXISTS facts callcenter.call_facts NOT NULL GENERATED ALWAYS AS ('
		'callcenter.call_facts(started_at, duration_seconds, status, direction, primary_intent, routing_tier, is_booked, is_returning, '
		'caller_kind, llm_cost, follow_up_required, reviewed, rating, flagged)) STORED';
	EXECUTE 'ALTER TABLE callcenter.calls ALTER COLUMN facts DROP EXPRESSION IF EXISTS';
	EXECUTE 'CREATE OR REPLACE TRIGGER calls_facts BEFORE INSERT OR UPDATE ON callcenter.calls '
		'FOR EACH ROW EXECUTE FUNCTION callcenter.call_facts_kept()';
	EXECUTE 'ALTER TABLE callcenter.calls ENABLE ALWAYS TRIGGER calls_facts';
END
$$;

COMMENT ON COLUMN callcenter.calls.facts IS 'what analytics count of the call, from other columns; early in the row, where summarize(time zone, facts) finds it soon';

-- What a set of calls adds up to (the type call_summary), and that of every company by hour, day and month, kept in the
-- same commit as the calls.

CREATE TYPE callcenter.call_summary;

CREATE FUNCTION callcenter.call_summary_in(cstring)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_in';
COMMENT ON FUNCTION callcenter.call_summary_in(cstring) IS 'input of type call_summary';

CREATE FUNCTION callcenter.call_summary_out(callcenter.call_summary)
RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_out';
COMMENT ON FUNCTION callcenter.call_summary_out(callcenter.call_summary) IS 'output of type call_summary';

CREATE FUNCTION callcenter.call_summary_recv(internal)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_recv';
COMMENT ON FUNCTION callcenter.call_summary_recv(internal) IS 'binary input of type call_summary';

CREATE FUNCTION callcenter.call_summary_send(callcenter.call_summary)
RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_send';
COMMENT ON FUNCTION callcenter.call_summary_send(callcenter.call_summary) IS 'binary output of type call_summary';

CREATE TYPE callcenter.call_summary (
	INPUT = callcenter.call_summary_in,
	OUTPUT = callcenter.call_summary_out,
	RECEIVE = callcenter.call_summary_recv,
	SEND = callcenter.call_summary_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE callcenter.call_summary IS
	'what a set of calls adds up to; summaries can be added and subtracted, and are read with the accessors (total_calls, booking_rate, by_intent, duration_percentile ...)';

CREATE FUNCTION callcenter.call_summary_of_stored(bytea)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_of_stored';
COMMENT ON FUNCTION callcenter.call_summary_of_stored(bytea) IS
	'the summary whose stored form this is, which is what call_summary_send() gives without the four bytes of its checksum; for the triggers.  Errors: 22P03.';

CREATE FUNCTION callcenter.call_summary_is_empty(callcenter.call_summary)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_is_empty';
COMMENT ON FUNCTION callcenter.call_summary_is_empty(callcenter.call_summary) IS 'whether it is the summary of no calls';

CREATE FUNCTION callcenter.call_summary_add(callcenter.call_summary, callcenter.call_summary)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_add';
COMMENT ON FUNCTION callcenter.call_summary_add(callcenter.call_summary, callcenter.call_summary) IS 'the calls of both together';
CREATE OPERATOR callcenter.+ (
	FUNCTION = callcenter.call_summary_add,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary,
	COMMUTATOR = OPERATOR(callcenter.+)
);
COMMENT ON OPERATOR callcenter.+ (callcenter.call_summary, callcenter.call_summary) IS 'the calls of both together';

CREATE FUNCTION callcenter.call_summary_subtract(callcenter.call_summary, callcenter.call_summary)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_subtract';
COMMENT ON FUNCTION callcenter.call_summary_subtract(callcenter.call_summary, callcenter.call_summary) IS
	'the difference: what must be added to the second to get the first; its figures may be negative';
CREATE OPERATOR callcenter.- (
	FUNCTION = callcenter.call_summary_subtract,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary
);
COMMENT ON OPERATOR callcenter.- (callcenter.call_summary, callcenter.call_summary) IS 'the difference; its figures may be negative';

CREATE FUNCTION callcenter.call_summary_eq(callcenter.call_summary, callcenter.call_summary)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_eq';
COMMENT ON FUNCTION callcenter.call_summary_eq(callcenter.call_summary, callcenter.call_summary) IS 'whether both say the same';
CREATE FUNCTION callcenter.call_summary_ne(callcenter.call_summary, callcenter.call_summary)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_summary_ne';
COMMENT ON FUNCTION callcenter.call_summary_ne(callcenter.call_summary, callcenter.call_summary) IS 'whether they differ';
CREATE OPERATOR callcenter.= (
	FUNCTION = callcenter.call_summary_eq,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary,
	COMMUTATOR = OPERATOR(callcenter.=),
	NEGATOR = OPERATOR(callcenter.<>)
);
COMMENT ON OPERATOR callcenter.= (callcenter.call_summary, callcenter.call_summary) IS 'both say the same';
CREATE OPERATOR callcenter.<> (
	FUNCTION = callcenter.call_summary_ne,
	LEFTARG = callcenter.call_summary,
	RIGHTARG = callcenter.call_summary,
	COMMUTATOR = OPERATOR(callcenter.<>),
	NEGATOR = OPERATOR(callcenter.=)
);
COMMENT ON OPERATOR callcenter.<> (callcenter.call_summary, callcenter.call_summary) IS 'they differ';

-- The aggregates.  Their state is the type itself, so that it can be sent between nodes of a distributed engine.

CREATE FUNCTION callcenter.summarize_transition(state callcenter.call_summary, time_zone text, facts callcenter.call_facts)
RETURNS callcenter.call_summary
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_summarize_transition';
COMMENT ON FUNCTION callcenter.summarize_transition(callcenter.call_summary, text, callcenter.call_facts) IS 'part of aggregate summarize';

CREATE FUNCTION callcenter.rollup_transition(state callcenter.call_summary, summary callcenter.call_summary)
RETURNS callcenter.call_summary
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_rollup_transition';
COMMENT ON FUNCTION callcenter.rollup_transition(callcenter.call_summary, callcenter.call_summary) IS 'part of aggregates summarize and rollup';

CREATE AGGREGATE callcenter.summarize(time_zone text, facts callcenter.call_facts) (
	SFUNC = callcenter.summarize_transition,
	STYPE = callcenter.call_summary,
	COMBINEFUNC = callcenter.rollup_transition,
	INITCOND = '\x0100000000000000000000000000226c62b7',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE callcenter.summarize(text, callcenter.call_facts) IS
	'the summary of calls: the time zone that their hours are counted in, and calls.facts';

CREATE AGGREGATE callcenter.rollup(summary callcenter.call_summary) (
	SFUNC = callcenter.rollup_transition,
	STYPE = callcenter.call_summary,
	COMBINEFUNC = callcenter.rollup_transition,
	INITCOND = '\x0100000000000000000000000000226c62b7',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE callcenter.rollup(callcenter.call_summary) IS 'the sum of summaries: of the calls of all of them';

-- The accessors.

CREATE FUNCTION callcenter.total_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_total_calls';
COMMENT ON FUNCTION callcenter.total_calls(callcenter.call_summary) IS 'all calls';

CREATE FUNCTION callcenter.booked_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_booked_calls';
COMMENT ON FUNCTION callcenter.booked_calls(callcenter.call_summary) IS 'calls that an appointment came of (calls.is_booked)';

CREATE FUNCTION callcenter.returning_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_returning_calls';
COMMENT ON FUNCTION callcenter.returning_calls(callcenter.call_summary) IS 'calls of someone who had called before (calls.is_returning)';

CREATE FUNCTION callcenter.new_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_new_calls';
COMMENT ON FUNCTION callcenter.new_calls(callcenter.call_summary) IS 'all calls but the returning ones';

CREATE FUNCTION callcenter.missed_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_missed_calls';
COMMENT ON FUNCTION callcenter.missed_calls(callcenter.call_summary) IS 'voicemail, and abandoned after 15 seconds or more or after an unknown time';

CREATE FUNCTION callcenter.abandoned_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_abandoned_calls';
COMMENT ON FUNCTION callcenter.abandoned_calls(callcenter.call_summary) IS 'abandoned before 15 seconds';

CREATE FUNCTION callcenter.withheld_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_withheld_calls';
COMMENT ON FUNCTION callcenter.withheld_calls(callcenter.call_summary) IS 'calls of withheld numbers';

CREATE FUNCTION callcenter.follow_up_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_follow_up_calls';
COMMENT ON FUNCTION callcenter.follow_up_calls(callcenter.call_summary) IS 'calls that ask for a follow-up (calls.follow_up_required)';

CREATE FUNCTION callcenter.reviewed_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_reviewed_calls';
COMMENT ON FUNCTION callcenter.reviewed_calls(callcenter.call_summary) IS 'calls that were reviewed';

CREATE FUNCTION callcenter.flagged_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_flagged_calls';
COMMENT ON FUNCTION callcenter.flagged_calls(callcenter.call_summary) IS 'calls that were flagged';

CREATE FUNCTION callcenter.rated_calls(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_rated_calls';
COMMENT ON FUNCTION callcenter.rated_calls(callcenter.call_summary) IS 'calls that have a rating';

CREATE FUNCTION callcenter.avg_rating(summary callcenter.call_summary)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_avg_rating';
COMMENT ON FUNCTION callcenter.avg_rating(callcenter.call_summary) IS 'average rating of the calls that have one; NULL when none has';

CREATE FUNCTION callcenter.calls_with_duration(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_calls_with_duration';
COMMENT ON FUNCTION callcenter.calls_with_duration(callcenter.call_summary) IS 'calls whose duration is known';

CREATE FUNCTION callcenter.total_duration(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_total_duration';
COMMENT ON FUNCTION callcenter.total_duration(callcenter.call_summary) IS 'seconds, of the calls whose duration is known';

CREATE FUNCTION callcenter.avg_duration(summary callcenter.call_summary)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_avg_duration';
COMMENT ON FUNCTION callcenter.avg_duration(callcenter.call_summary) IS 'average seconds of the calls whose duration is known; NULL when none is';

CREATE FUNCTION callcenter.duration_percentile(summary callcenter.call_summary, p float8)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_duration_percentile';
COMMENT ON FUNCTION callcenter.duration_percentile(callcenter.call_summary, float8) IS 'the seconds that a share p (0 to 1) of the calls whose duration is known do not exceed: percentile_disc, exact below 128 seconds, else at most 1/128 of it off; NULL when none is known.  Error: 22003.';

CREATE FUNCTION callcenter.calls_with_cost(summary callcenter.call_summary)
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_calls_with_cost';
COMMENT ON FUNCTION callcenter.calls_with_cost(callcenter.call_summary) IS 'calls whose cost is known';

CREATE FUNCTION callcenter.total_cost(summary callcenter.call_summary)
RETURNS numeric
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_total_cost';
COMMENT ON FUNCTION callcenter.total_cost(callcenter.call_summary) IS 'dollars, of the calls whose cost is known; each counts to 24 decimal places';

CREATE FUNCTION callcenter.booking_rate(summary callcenter.call_summary)
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_booking_rate';
COMMENT ON FUNCTION callcenter.booking_rate(callcenter.call_summary) IS 'booked_calls / total_calls; NULL when there are none';

CREATE FUNCTION callcenter.leads(summary callcenter.call_summary, non_lead_intents text[])
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_leads';
COMMENT ON FUNCTION callcenter.leads(callcenter.call_summary, text[]) IS 'inbound calls that are not spam, error or abandoned before 15 seconds, and whose intent is not one of those (upper and lower case are the same)';

CREATE FUNCTION callcenter.booked_leads(summary callcenter.call_summary, non_lead_intents text[])
RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_booked_leads';
COMMENT ON FUNCTION callcenter.booked_leads(callcenter.call_summary, text[]) IS 'leads that an appointment came of';

CREATE FUNCTION callcenter.lead_booking_rate(summary callcenter.call_summary, non_lead_intents text[])
RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_lead_booking_rate';
COMMENT ON FUNCTION callcenter.lead_booking_rate(callcenter.call_summary, text[]) IS 'booked_leads / leads; NULL when there are none';

CREATE FUNCTION callcenter.by_status(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_status';
COMMENT ON FUNCTION callcenter.by_status(callcenter.call_summary) IS 'calls by status, an object; sums to total_calls';

CREATE FUNCTION callcenter.by_direction(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_direction';
COMMENT ON FUNCTION callcenter.by_direction(callcenter.call_summary) IS 'calls by direction, an object; sums to total_calls';

CREATE FUNCTION callcenter.by_tier(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_tier';
COMMENT ON FUNCTION callcenter.by_tier(callcenter.call_summary) IS 'calls by routing tier (1, 2, 3, none), an object; sums to total_calls';

CREATE FUNCTION callcenter.by_intent(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_intent';
COMMENT ON FUNCTION callcenter.by_intent(callcenter.call_summary) IS 'calls by intent, an object; calls without one have the empty key; sums to total_calls';

CREATE FUNCTION callcenter.by_hour(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_by_hour';
COMMENT ON FUNCTION callcenter.by_hour(callcenter.call_summary) IS 'calls by hour of the wall clock, an array of 24; sums to total_calls';

CREATE FUNCTION callcenter.tier_details(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_tier_details';
COMMENT ON FUNCTION callcenter.tier_details(callcenter.call_summary) IS 'calls and booked of each routing tier';

CREATE FUNCTION callcenter.hour_details(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_hour_details';
COMMENT ON FUNCTION callcenter.hour_details(callcenter.call_summary) IS 'calls and booked of each hour of the wall clock, an array of 24';

CREATE FUNCTION callcenter.intent_details(summary callcenter.call_summary)
RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_intent_details';
COMMENT ON FUNCTION callcenter.intent_details(callcenter.call_summary) IS 'calls, booked, leads and bookedLeads of each intent; whether an intent can be a lead at all is for the company to say';

-- Rollups.  Derived, as the tables of 70_stats are.

CREATE TABLE callcenter.call_rollups (
	company_id callcenter.object_id NOT NULL,
	grain text COLLATE "C" NOT NULL,
	start timestamptz NOT NULL,
	day date NOT NULL,
	summary callcenter.call_summary NOT NULL,
	PRIMARY KEY (company_id, grain, start)
) WITH (fillfactor = 80);
COMMENT ON TABLE callcenter.call_rollups IS
	'derived: what the calls of each hour, day and month of a company add up to; not yet folded changes are in call_rollup_deltas';
COMMENT ON COLUMN callcenter.call_rollups.grain IS 'hour, day or month';
COMMENT ON COLUMN callcenter.call_rollups.start IS 'first instant of the hour, day or month in the company''s time zone';
COMMENT ON COLUMN callcenter.call_rollups.day IS 'the day, that of the hour, or the first of the month';

CREATE TABLE callcenter.call_rollup_deltas (
	company_id callcenter.object_id NOT NULL,
	hour timestamptz NOT NULL,
	day date NOT NULL,
	day_start timestamptz NOT NULL,
	month date NOT NULL,
	month_start timestamptz NOT NULL,
	summary callcenter.call_summary NOT NULL
);
CREATE INDEX call_rollup_deltas_hour ON callcenter.call_rollup_deltas (company_id, hour);
COMMENT ON TABLE callcenter.call_rollup_deltas IS
	'derived: changes of call_rollups that are not folded yet; appended, so that calls of one company do not wait for each other';
COMMENT ON COLUMN callcenter.call_rollup_deltas.hour IS 'first instant of the hour that the calls start in';

ALTER TABLE callcenter.call_rollups ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.call_rollups USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.call_rollup_deltas ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.call_rollup_deltas USING (company_id = callcenter.current_company());

CREATE VIEW callcenter.call_day_summaries WITH (security_invoker = true) AS
SELECT x.company_id::text AS company_id, x.day, x.start, callcenter.rollup(x.summary) AS summary
FROM (
	SELECT r.company_id, r.day, r.start, r.summary FROM callcenter.call_rollups r WHERE r.grain = 'day'
	UNION ALL
	SELECT d.company_id, d.day, d.day_start, d.summary FROM callcenter.call_rollup_deltas d
) x
GROUP BY x.company_id, x.day, x.start;
COMMENT ON VIEW callcenter.call_day_summaries IS 'one row a day of a company with calls: its date, its first instant, what its calls add up to';
COMMENT ON COLUMN callcenter.call_day_summaries.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.call_day_summaries.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.call_day_summaries.start IS 'the day''s first instant; a range of it is found by an index';
COMMENT ON COLUMN callcenter.call_day_summaries.summary IS 'what the day''s calls add up to, for rollup() and the accessors; no type that a BI tool reads';

CREATE VIEW callcenter.call_hour_summaries WITH (security_invoker = true) AS
SELECT x.company_id::text AS company_id, x.day, x.start, callcenter.rollup(x.summary) AS summary
FROM (
	SELECT r.company_id, r.day, r.start, r.summary FROM callcenter.call_rollups r WHERE r.grain = 'hour'
	UNION ALL
	SELECT d.company_id, d.day, d.hour, d.summary FROM callcenter.call_rollup_deltas d
) x
GROUP BY x.company_id, x.day, x.start;
COMMENT ON VIEW callcenter.call_hour_summaries IS 'one row an hour of a company with calls: the date it is in, its first instant, what its calls add up to';
COMMENT ON COLUMN callcenter.call_hour_summaries.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.call_hour_summaries.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.call_hour_summaries.start IS 'the hour''s first instant; a range of it is found by an index';
COMMENT ON COLUMN callcenter.call_hour_summaries.summary IS 'what the hour''s calls add up to, for rollup() and the accessors; no type that a BI tool reads';

CREATE FUNCTION callcenter.company_summary(company_id callcenter.object_id, start timestamptz, finish timestamptz)
RETURNS callcenter.call_summary
LANGUAGE c STABLE STRICT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_company_summary';
COMMENT ON FUNCTION callcenter.company_summary(callcenter.object_id, timestamptz, timestamptz) IS
	'what the calls add up to that start from one instant on and before another, from the rollups: some milliseconds, however many calls; as the caller sees them under row-level security.  Errors: P0002.';

CREATE FUNCTION callcenter.fold_rollups()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_fold_rollups';
COMMENT ON FUNCTION callcenter.fold_rollups() IS
	'moves the appended changes of all companies into call_rollups; returns how many there were.  Readers see the same summaries before and after.';

CREATE FUNCTION callcenter.company_clock_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_company_clock_changed';
COMMENT ON FUNCTION callcenter.company_clock_changed() IS 'counts the rollups of a company anew when its time zone changes, and drops them with it';

DO $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER companies_clock_changed AFTER UPDATE ON callcenter.companies
		REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.company_clock_changed()';
	EXECUTE 'CREATE OR REPLACE TRIGGER companies_gone AFTER DELETE ON callcenter.companies
		REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.company_clock_changed()';
END
$$;

CREATE FUNCTION callcenter.records_truncated()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_records_truncated';
COMMENT ON FUNCTION callcenter.records_truncated() IS 'computes the derived tables anew after a TRUNCATE';

DO $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER calls_truncated AFTER TRUNCATE ON callcenter.calls
		FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated()';
	EXECUTE 'CREATE OR REPLACE TRIGGER appointments_truncated AFTER TRUNCATE ON callcenter.appointments
		FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated()';
	EXECUTE 'CREATE OR REPLACE TRIGGER customers_truncated AFTER TRUNCATE ON callcenter.customers
		FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated()';
	EXECUTE 'CREATE OR REPLACE TRIGGER customer_phones_truncated AFTER TRUNCATE ON callcenter.customer_phones
		FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated()';
END
$$;
CREATE TRIGGER customer_addresses_truncated AFTER TRUNCATE ON callcenter.customer_addresses
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_equipment_truncated AFTER TRUNCATE ON callcenter.customer_equipment
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_notes_truncated AFTER TRUNCATE ON callcenter.customer_notes
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_tags_truncated AFTER TRUNCATE ON callcenter.customer_tags
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER follow_ups_truncated AFTER TRUNCATE ON callcenter.follow_ups
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();

CREATE FUNCTION callcenter.enrich_context(company_id callcenter.object_id, phone text, context jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_enrich_context';
COMMENT ON FUNCTION callcenter.enrich_context(callcenter.object_id, text, jsonb, text) IS
	'the context of an agent''s turn (callId, text, whatever it has) with companyId and, as customerContext, what lookup_by_phone() knows of the caller.  Errors: 28000, 42501, P0002, 22023.';

CREATE FUNCTION callcenter.call_analytics(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_call_analytics';
COMMENT ON FUNCTION callcenter.call_analytics(callcenter.object_id, jsonb, text) IS
	'what the calls of a period add up to, with definitions and comparison: period (week, today, month, year) or from and to (dates, also startDate and endDate; whole days in the company''s zone), asOf (an instant; now), compare (previous, year, none), match (date, weekday).  Errors: 28000, 42501, P0002, 22023, 22007 with the name of the parameter.';

CREATE FUNCTION callcenter.call_series(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_call_series';
COMMENT ON FUNCTION callcenter.call_series(callcenter.object_id, jsonb, text) IS
	'a period and what it is compared with part by part, without gaps, up to asOf: the parameters of call_analytics and step (hour, day, week, month).  Errors: 28000, 42501, P0002, 22023, 22007.';

CREATE FUNCTION callcenter.call_heatmap(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_call_heatmap';
COMMENT ON FUNCTION callcenter.call_heatmap(callcenter.object_id, jsonb, text) IS
	'the calls of a period by weekday and hour of the company''s clock: period or from and to, asOf.  Errors: 28000, 42501, P0002, 22023, 22007.';

CREATE FUNCTION callcenter.export_analytics(company_id callcenter.object_id, what text, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS text
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_export_analytics';
COMMENT ON FUNCTION callcenter.export_analytics(callcenter.object_id, text, jsonb, text) IS
	'CSV (RFC 4180) of what call_analytics (what is summary), call_series (series) or call_heatmap (heatmap) says for the same parameters.  Errors: 28000, 42501, P0002, 22023, 22007.';

-- What BI tools read: views with plain columns, each named for what a row of it is.

CREATE VIEW callcenter.daily_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	callcenter.total_calls(s.summary) AS total_calls,
	callcenter.booked_calls(s.summary) AS booked_calls,
	callcenter.booking_rate(s.summary) AS booking_rate,
	callcenter.leads(s.summary, co.non_lead_intents) AS leads,
	callcenter.booked_leads(s.summary, co.non_lead_intents) AS booked_leads,
	callcenter.lead_booking_rate(s.summary, co.non_lead_intents) AS lead_booking_rate,
	callcenter.new_calls(s.summary) AS new_calls,
	callcenter.returning_calls(s.summary) AS returning_calls,
	callcenter.missed_calls(s.summary) AS missed_calls,
	callcenter.abandoned_calls(s.summary) AS abandoned_calls,
	callcenter.withheld_calls(s.summary) AS withheld_calls,
	coalesce((callcenter.by_direction(s.summary) ->> 'outbound')::bigint, 0) AS outbound_calls,
	callcenter.follow_up_calls(s.summary) AS follow_up_calls,
	callcenter.reviewed_calls(s.summary) AS reviewed_calls,
	callcenter.flagged_calls(s.summary) AS flagged_calls,
	callcenter.rated_calls(s.summary) AS rated_calls,
	callcenter.avg_rating(s.summary) AS avg_rating,
	callcenter.calls_with_duration(s.summary) AS calls_with_duration,
	callcenter.total_duration(s.summary) AS total_seconds,
	callcenter.avg_duration(s.summary) AS avg_seconds,
	callcenter.duration_percentile(s.summary, 0.5) AS median_seconds,
	callcenter.duration_percentile(s.summary, 0.9) AS p90_seconds,
	callcenter.calls_with_cost(s.summary) AS calls_with_cost,
	callcenter.total_cost(s.summary) AS total_cost
FROM callcenter.call_day_summaries s
JOIN callcenter.companies co ON co.id = s.company_id;
COMMENT ON VIEW callcenter.daily_calls IS 'one row a day that had calls: how many, and what came of them';
COMMENT ON COLUMN callcenter.daily_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.daily_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.daily_calls.total_calls IS 'calls that started on the day';
COMMENT ON COLUMN callcenter.daily_calls.booked_calls IS 'calls that an appointment came of';
COMMENT ON COLUMN callcenter.daily_calls.booking_rate IS 'booked_calls / total_calls; for several days divide the sums';
COMMENT ON COLUMN callcenter.daily_calls.leads IS 'inbound, not spam or error, intent not among the company''s non-lead intents, not abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.daily_calls.booked_leads IS 'leads that an appointment came of';
COMMENT ON COLUMN callcenter.daily_calls.lead_booking_rate IS 'booked_leads / leads; NULL without leads';
COMMENT ON COLUMN callcenter.daily_calls.new_calls IS 'calls without an earlier one of the same customer or number';
COMMENT ON COLUMN callcenter.daily_calls.returning_calls IS 'calls with an earlier one; the others are new_calls';
COMMENT ON COLUMN callcenter.daily_calls.missed_calls IS 'voicemail, and abandoned after 15 seconds or more';
COMMENT ON COLUMN callcenter.daily_calls.abandoned_calls IS 'abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.daily_calls.withheld_calls IS 'calls whose caller withheld the number';
COMMENT ON COLUMN callcenter.daily_calls.outbound_calls IS 'calls that the company made';
COMMENT ON COLUMN callcenter.daily_calls.follow_up_calls IS 'calls whose outcome asks for a follow-up';
COMMENT ON COLUMN callcenter.daily_calls.reviewed_calls IS 'calls that somebody has reviewed';
COMMENT ON COLUMN callcenter.daily_calls.flagged_calls IS 'calls that are flagged';
COMMENT ON COLUMN callcenter.daily_calls.rated_calls IS 'calls that have a rating';
COMMENT ON COLUMN callcenter.daily_calls.avg_rating IS 'average of the rated_calls, 1 to 5; NULL without any';
COMMENT ON COLUMN callcenter.daily_calls.calls_with_duration IS 'calls whose length is known';
COMMENT ON COLUMN callcenter.daily_calls.total_seconds IS 'length of the calls_with_duration together';
COMMENT ON COLUMN callcenter.daily_calls.avg_seconds IS 'total_seconds / calls_with_duration; NULL without any';
COMMENT ON COLUMN callcenter.daily_calls.median_seconds IS 'half of the calls were not longer, give or take 1/128; not for averaging over days';
COMMENT ON COLUMN callcenter.daily_calls.p90_seconds IS '9 of 10 calls were not longer, give or take 1/128; not for averaging over days';
COMMENT ON COLUMN callcenter.daily_calls.calls_with_cost IS 'calls whose cost is known';
COMMENT ON COLUMN callcenter.daily_calls.total_cost IS 'US dollars, of the calls_with_cost';

CREATE VIEW callcenter.hourly_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	extract(hour FROM s.start AT TIME ZONE co.time_zone)::integer AS hour,
	extract(isodow FROM s.day)::integer AS weekday,
	s.start,
	callcenter.total_calls(s.summary) AS total_calls,
	callcenter.booked_calls(s.summary) AS booked_calls,
	callcenter.leads(s.summary, co.non_lead_intents) AS leads,
	callcenter.booked_leads(s.summary, co.non_lead_intents) AS booked_leads,
	callcenter.returning_calls(s.summary) AS returning_calls,
	callcenter.missed_calls(s.summary) AS missed_calls,
	callcenter.abandoned_calls(s.summary) AS abandoned_calls,
	callcenter.avg_duration(s.summary) AS avg_seconds
FROM callcenter.call_hour_summaries s
JOIN callcenter.companies co ON co.id = s.company_id;
COMMENT ON VIEW callcenter.hourly_calls IS 'one row an hour that had calls; where clocks go back an hour is there twice, with two starts';
COMMENT ON COLUMN callcenter.hourly_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.hourly_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.hourly_calls.hour IS '0 to 23, of the company''s clock';
COMMENT ON COLUMN callcenter.hourly_calls.weekday IS '1 Monday to 7 Sunday';
COMMENT ON COLUMN callcenter.hourly_calls.start IS 'the hour''s first instant; a range of it is found by an index, however long the history';
COMMENT ON COLUMN callcenter.hourly_calls.total_calls IS 'calls that started in the hour';
COMMENT ON COLUMN callcenter.hourly_calls.booked_calls IS 'calls that an appointment came of';
COMMENT ON COLUMN callcenter.hourly_calls.leads IS 'as in daily_calls';
COMMENT ON COLUMN callcenter.hourly_calls.booked_leads IS 'leads that an appointment came of';
COMMENT ON COLUMN callcenter.hourly_calls.returning_calls IS 'calls with an earlier one of the same customer or number';
COMMENT ON COLUMN callcenter.hourly_calls.missed_calls IS 'voicemail, and abandoned after 15 seconds or more';
COMMENT ON COLUMN callcenter.hourly_calls.abandoned_calls IS 'abandoned before 15 seconds';
COMMENT ON COLUMN callcenter.hourly_calls.avg_seconds IS 'average length of the calls whose length is known; NULL without any';

CREATE VIEW callcenter.intent_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	nullif(i.intent, '') AS intent,
	(i.counts ->> 'calls')::bigint AS total_calls,
	(i.counts ->> 'booked')::bigint AS booked_calls,
	NOT lower(i.intent COLLATE "C") = ANY (co.non_lead_intents) AS is_lead,
	CASE WHEN lower(i.intent COLLATE "C") = ANY (co.non_lead_intents) THEN 0 ELSE (i.counts ->> 'leads')::bigint END AS leads,
	CASE WHEN lower(i.intent COLLATE "C") = ANY (co.non_lead_intents) THEN 0 ELSE (i.counts ->> 'bookedLeads')::bigint END AS booked_leads
FROM callcenter.call_day_summaries s
JOIN callcenter.companies co ON co.id = s.company_id
CROSS JOIN LATERAL jsonb_each(callcenter.intent_details(s.summary)) AS i (intent, counts)
WHERE (i.counts ->> 'calls')::bigint <> 0;
COMMENT ON VIEW callcenter.intent_calls IS 'one row a day and intent: why people called';
COMMENT ON COLUMN callcenter.intent_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.intent_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.intent_calls.intent IS 'NULL for calls without one';
COMMENT ON COLUMN callcenter.intent_calls.total_calls IS 'calls with the intent';
COMMENT ON COLUMN callcenter.intent_calls.booked_calls IS 'those that an appointment came of';
COMMENT ON COLUMN callcenter.intent_calls.is_lead IS 'whether callers with this intent are leads for the company';
COMMENT ON COLUMN callcenter.intent_calls.leads IS 'those that are leads, as in daily_calls; 0 where is_lead is false';
COMMENT ON COLUMN callcenter.intent_calls.booked_leads IS 'leads that an appointment came of';

CREATE VIEW callcenter.outcome_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	o.outcome,
	o.calls::bigint AS total_calls
FROM callcenter.call_day_summaries s
CROSS JOIN LATERAL jsonb_each_text(callcenter.by_status(s.summary)) AS o (outcome, calls)
WHERE o.calls::bigint <> 0;
COMMENT ON VIEW callcenter.outcome_calls IS 'one row a day and outcome: how calls ended';
COMMENT ON COLUMN callcenter.outcome_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.outcome_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.outcome_calls.outcome IS 'completed, transferred, voicemail, abandoned, spam or error';
COMMENT ON COLUMN callcenter.outcome_calls.total_calls IS 'calls that ended so';

CREATE VIEW callcenter.tier_calls WITH (security_invoker = true) AS
SELECT s.company_id, s.day,
	CASE WHEN t.tier BETWEEN '1' AND '3' THEN t.tier::smallint END AS tier,
	(t.counts ->> 'calls')::bigint AS total_calls,
	(t.counts ->> 'booked')::bigint AS booked_calls
FROM callcenter.call_day_summaries s
CROSS JOIN LATERAL jsonb_each(callcenter.tier_details(s.summary)) AS t (tier, counts)
WHERE (t.counts ->> 'calls')::bigint <> 0;
COMMENT ON VIEW callcenter.tier_calls IS 'one row a day and routing tier: which part of the agent answered';
COMMENT ON COLUMN callcenter.tier_calls.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.tier_calls.day IS 'date in the company''s time zone';
COMMENT ON COLUMN callcenter.tier_calls.tier IS '1, 2 or 3; NULL for calls without one';
COMMENT ON COLUMN callcenter.tier_calls.total_calls IS 'calls that the tier answered';
COMMENT ON COLUMN callcenter.tier_calls.booked_calls IS 'those that an appointment came of';

CREATE VIEW callcenter.customer_overview WITH (security_invoker = true) AS
SELECT cu.company_id::text AS company_id,
	cu.id::text AS customer_id,
	'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') AS customer_number,
	cu.full_name,
	p.phone::text AS phone,
	cu.email,
	cu.customer_type::text AS customer_type,
	cu.status,
	cu.source::text AS source,
	cu.language,
	(SELECT array_agg(t.tag ORDER BY t.tag) FROM callcenter.customer_tags t WHERE t.company_id = cu.company_id AND t.customer_id = cu.id) AS tags,
	coalesce(st.calls, 0) AS total_calls,
	st.duration_seconds::float8 / nullif(st.calls_with_duration, 0) AS avg_seconds,
	st.rating::float8 / nullif(st.calls_with_rating, 0) AS avg_rating,
	st.first_contact,
	st.last_contact,
	coalesce(st.appointments, 0) AS appointments,
	coalesce(st.completed_appointments, 0) AS completed_appointments,
	coalesce(st.cancelled_appointments, 0) AS cancelled_appointments,
	coalesce(st.no_shows, 0) AS no_shows,
	coalesce(st.lifetime_value, 0) AS lifetime_value,
	cu.created_at
FROM callcenter.customers cu
LEFT JOIN callcenter.customer_phones p ON p.company_id = cu.company_id AND p.customer_id = cu.id AND p.kind = 'primary'
LEFT JOIN callcenter.customer_stats st ON st.company_id = cu.company_id AND st.customer_id = cu.id;
COMMENT ON VIEW callcenter.customer_overview IS 'one row a customer: who it is, and what the calls and visits add up to';
COMMENT ON COLUMN callcenter.customer_overview.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.customer_overview.customer_id IS 'customers.id';
COMMENT ON COLUMN callcenter.customer_overview.customer_number IS 'as the page shows it: CUST-00842';
COMMENT ON COLUMN callcenter.customer_overview.full_name IS 'first and last name';
COMMENT ON COLUMN callcenter.customer_overview.phone IS 'the primary number, E.164';
COMMENT ON COLUMN callcenter.customer_overview.email IS 'e-mail address';
COMMENT ON COLUMN callcenter.customer_overview.customer_type IS 'residential, commercial or property_manager';
COMMENT ON COLUMN callcenter.customer_overview.status IS 'lead, active, inactive, churned or do_not_contact';
COMMENT ON COLUMN callcenter.customer_overview.source IS 'where the customer came from: phone_call, website, referral, google, yelp or other';
COMMENT ON COLUMN callcenter.customer_overview.language IS 'preferred language, en if nothing else is known';
COMMENT ON COLUMN callcenter.customer_overview.tags IS 'an array of text in alphabetical order; NULL without any';
COMMENT ON COLUMN callcenter.customer_overview.total_calls IS 'calls of the customer, from any number';
COMMENT ON COLUMN callcenter.customer_overview.avg_seconds IS 'average length of the calls whose length is known; NULL without any';
COMMENT ON COLUMN callcenter.customer_overview.avg_rating IS 'average of the calls that were rated, 1 to 5; NULL without any';
COMMENT ON COLUMN callcenter.customer_overview.first_contact IS 'start of the first call; NULL without calls';
COMMENT ON COLUMN callcenter.customer_overview.last_contact IS 'start of the last call; NULL without calls';
COMMENT ON COLUMN callcenter.customer_overview.appointments IS 'all visits, whatever their status';
COMMENT ON COLUMN callcenter.customer_overview.completed_appointments IS 'visits that took place';
COMMENT ON COLUMN callcenter.customer_overview.cancelled_appointments IS 'visits that were cancelled';
COMMENT ON COLUMN callcenter.customer_overview.no_shows IS 'visits at which the customer was not there';
COMMENT ON COLUMN callcenter.customer_overview.lifetime_value IS 'sum of the values of completed visits';
COMMENT ON COLUMN callcenter.customer_overview.created_at IS 'when the profile was made';

CREATE VIEW callcenter.open_follow_ups WITH (security_invoker = true) AS
SELECT f.company_id::text AS company_id,
	f.id::text AS follow_up_id,
	f.status,
	f.reason,
	f.priority,
	f.due_at,
	f.due_at < now() AS is_overdue,
	greatest(0, extract(epoch FROM now() - f.due_at) / 60)::integer AS minutes_overdue,
	f.opened_at,
	(extract(epoch FROM now() - f.opened_at) / 60)::integer AS minutes_open,
	f.attempts,
	f.claimed_by,
	f.claimed_at,
	f.customer_id::text AS customer_id,
	'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') AS customer_number,
	cu.full_name,
	coalesce(cu.status = 'do_not_contact', false) AS do_not_contact,
	coalesce(f.phone, p.phone)::text AS phone,
	f.first_call_id::text AS first_call_id,
	f.first_call_at,
	f.last_call_id::text AS last_call_id,
	f.last_call_at
FROM callcenter.follow_ups f
LEFT JOIN callcenter.customers cu ON cu.company_id = f.company_id AND cu.id = f.customer_id
LEFT JOIN callcenter.customer_phones p ON p.company_id = f.company_id AND p.customer_id = f.customer_id AND p.kind = 'primary'
WHERE f.resolved_at IS NULL;
COMMENT ON VIEW callcenter.open_follow_ups IS 'one row a caller who still waits for somebody, with the deadline';
COMMENT ON COLUMN callcenter.open_follow_ups.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.open_follow_ups.follow_up_id IS 'follow_ups.id';
COMMENT ON COLUMN callcenter.open_follow_ups.status IS 'open, or claimed by somebody';
COMMENT ON COLUMN callcenter.open_follow_ups.reason IS 'the strongest reason among its calls';
COMMENT ON COLUMN callcenter.open_follow_ups.priority IS 'normal, urgent or emergency: the highest among its calls; a second attempt is at least urgent';
COMMENT ON COLUMN callcenter.open_follow_ups.due_at IS 'the deadline';
COMMENT ON COLUMN callcenter.open_follow_ups.is_overdue IS 'the deadline has passed';
COMMENT ON COLUMN callcenter.open_follow_ups.minutes_overdue IS 'minutes since the deadline, 0 before it';
COMMENT ON COLUMN callcenter.open_follow_ups.opened_at IS 'when it was opened';
COMMENT ON COLUMN callcenter.open_follow_ups.minutes_open IS 'minutes since then';
COMMENT ON COLUMN callcenter.open_follow_ups.attempts IS 'how many calls wait for an answer in it';
COMMENT ON COLUMN callcenter.open_follow_ups.claimed_by IS 'who has taken it; NULL while it is open';
COMMENT ON COLUMN callcenter.open_follow_ups.claimed_at IS 'and when';
COMMENT ON COLUMN callcenter.open_follow_ups.customer_id IS 'customers.id; NULL when the caller is no customer';
COMMENT ON COLUMN callcenter.open_follow_ups.customer_number IS 'as the page shows it: CUST-00842';
COMMENT ON COLUMN callcenter.open_follow_ups.full_name IS 'the customer''s name';
COMMENT ON COLUMN callcenter.open_follow_ups.phone IS 'the number to call: the customer''s primary one, else the caller''s';
COMMENT ON COLUMN callcenter.open_follow_ups.first_call_id IS 'calls.id of the first call that waits';
COMMENT ON COLUMN callcenter.open_follow_ups.first_call_at IS 'and when it started';
COMMENT ON COLUMN callcenter.open_follow_ups.last_call_id IS 'calls.id of the last call that waits';
COMMENT ON COLUMN callcenter.open_follow_ups.last_call_at IS 'and when it started';
COMMENT ON COLUMN callcenter.open_follow_ups.do_not_contact IS 'the customer must not be contacted';

CREATE VIEW callcenter.transcript_turns WITH (security_invoker = true) AS
SELECT c.company_id::text AS company_id,
	c.id::text AS call_id,
	c.started_at,
	t.number::integer AS turn,
	t.turn ->> 'speaker' AS speaker,
	t.turn ->> 'text' AS text,
	(t.turn ->> 'timestamp')::timestamptz AS spoken_at,
	length(t.turn ->> 'text') AS characters
FROM callcenter.calls c
JOIN callcenter.transcripts tr ON tr.company_id = c.company_id AND tr.call_id = c.id
CROSS JOIN LATERAL jsonb_array_elements(tr.turns) WITH ORDINALITY AS t (turn, number);
COMMENT ON VIEW callcenter.transcript_turns IS 'one row a turn of a transcript: who said what';
COMMENT ON COLUMN callcenter.transcript_turns.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.transcript_turns.call_id IS 'calls.id';
COMMENT ON COLUMN callcenter.transcript_turns.started_at IS 'start of the call; a range of it is found by an index';
COMMENT ON COLUMN callcenter.transcript_turns.turn IS 'counts from 1 in a call';
COMMENT ON COLUMN callcenter.transcript_turns.speaker IS 'agent or caller';
COMMENT ON COLUMN callcenter.transcript_turns.text IS 'what was said';
COMMENT ON COLUMN callcenter.transcript_turns.spoken_at IS 'NULL when the transcript has no times';
COMMENT ON COLUMN callcenter.transcript_turns.characters IS 'length of the text';

CREATE VIEW callcenter.calls_flat WITH (security_invoker = true) AS
SELECT c.company_id::text AS company_id, c.id::text AS id, c.call_id, c.twilio_call_sid,
	c.started_at, c.ended_at, c.duration_seconds,
	c.started_at AT TIME ZONE co.time_zone AS local_time,
	(c.started_at AT TIME ZONE co.time_zone)::date AS day,
	extract(hour FROM c.started_at AT TIME ZONE co.time_zone)::integer AS hour,
	extract(isodow FROM c.started_at AT TIME ZONE co.time_zone)::integer AS weekday,
	c.direction::text AS direction,
	c.caller_kind::text AS caller_kind,
	c.caller_phone::text AS caller_phone,
	coalesce(c.caller_name, cu.full_name, c.captured_name) AS caller_name,
	c.customer_id::text AS customer_id,
	'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') AS customer_number,
	c.is_returning, c.previous_call_count,
	c.primary_intent AS intent, c.intent_confidence, c.emotion_primary AS emotion, c.emotion_intensity,
	c.triage_card, c.scenario_matched, c.routing_tier AS tier, c.llm_model, c.llm_cost,
	c.urgency, c.problem_description, c.captured_city AS city, c.captured_state AS state, c.captured_zip AS zip,
	c.requested_date, c.booked_date,
	c.status AS outcome, c.result, c.transferred_to, c.message_left, c.follow_up_required,
	c.is_booked,
	c.direction = 'inbound' AND c.status NOT IN ('spam', 'error') AND NOT (c.status = 'abandoned' AND coalesce(c.duration_seconds < 15, false))
		AND NOT coalesce(lower(c.primary_intent) = ANY (co.non_lead_intents), false) AS is_lead,
	c.status = 'voicemail' OR c.status = 'abandoned' AND coalesce(c.duration_seconds >= 15, true) AS is_missed,
	c.status = 'abandoned' AND coalesce(c.duration_seconds < 15, false) AS is_abandoned,
	c.reviewed, c.rating, c.flagged, c.flag_reason, c.summary, c.created_at
FROM callcenter.calls c
JOIN callcenter.companies co ON co.id = c.company_id
LEFT JOIN callcenter.customers cu ON cu.company_id = c.company_id AND cu.id = c.customer_id;
COMMENT ON VIEW callcenter.calls_flat IS 'one row a call, with the company''s local time and what the figures count; filter by started_at, which has an index';
COMMENT ON COLUMN callcenter.calls_flat.company_id IS 'the company, companies.id';
COMMENT ON COLUMN callcenter.calls_flat.id IS 'calls.id';
COMMENT ON COLUMN callcenter.calls_flat.call_id IS 'the platform''s id of the call';
COMMENT ON COLUMN callcenter.calls_flat.twilio_call_sid IS 'Twilio''s id of the call';
COMMENT ON COLUMN callcenter.calls_flat.started_at IS 'start; a range of it is found by an index';
COMMENT ON COLUMN callcenter.calls_flat.ended_at IS 'end; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.duration_seconds IS 'length in seconds; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.local_time IS 'what the company''s clock showed when the call started';
COMMENT ON COLUMN callcenter.calls_flat.day IS 'date in the company''s time zone; filter by started_at, not by this';
COMMENT ON COLUMN callcenter.calls_flat.hour IS '0 to 23, of the company''s clock';
COMMENT ON COLUMN callcenter.calls_flat.weekday IS '1 Monday to 7 Sunday';
COMMENT ON COLUMN callcenter.calls_flat.direction IS 'inbound or outbound';
COMMENT ON COLUMN callcenter.calls_flat.caller_kind IS 'what the caller turned out to be: e164, withheld, sip ...';
COMMENT ON COLUMN callcenter.calls_flat.caller_phone IS 'the caller''s number, E.164; NULL without one';
COMMENT ON COLUMN callcenter.calls_flat.caller_name IS 'name of the caller, else of the customer, else as it was said';
COMMENT ON COLUMN callcenter.calls_flat.customer_id IS 'customers.id; NULL when the caller is no customer';
COMMENT ON COLUMN callcenter.calls_flat.customer_number IS 'as the page shows it: CUST-00842';
COMMENT ON COLUMN callcenter.calls_flat.is_returning IS 'there is an earlier call of the same customer or number';
COMMENT ON COLUMN callcenter.calls_flat.previous_call_count IS 'how many such calls; spam, error and withheld ones do not count';
COMMENT ON COLUMN callcenter.calls_flat.intent IS 'why the caller called; NULL for calls without one';
COMMENT ON COLUMN callcenter.calls_flat.intent_confidence IS '0 to 1';
COMMENT ON COLUMN callcenter.calls_flat.emotion IS 'the caller''s mood';
COMMENT ON COLUMN callcenter.calls_flat.emotion_intensity IS '0 to 1';
COMMENT ON COLUMN callcenter.calls_flat.triage_card IS 'the routing rule that matched';
COMMENT ON COLUMN callcenter.calls_flat.scenario_matched IS 'the scenario that matched';
COMMENT ON COLUMN callcenter.calls_flat.tier IS 'routing tier, 1 to 3; NULL for calls without one';
COMMENT ON COLUMN callcenter.calls_flat.llm_model IS 'language model that answered';
COMMENT ON COLUMN callcenter.calls_flat.llm_cost IS 'its estimated cost in US dollars; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.urgency IS 'normal, urgent or emergency; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls_flat.problem_description IS 'what the caller said is wrong';
COMMENT ON COLUMN callcenter.calls_flat.city IS 'of the address that the caller said';
COMMENT ON COLUMN callcenter.calls_flat.state IS 'of that address';
COMMENT ON COLUMN callcenter.calls_flat.zip IS 'of that address';
COMMENT ON COLUMN callcenter.calls_flat.requested_date IS 'the date that the caller asked for';
COMMENT ON COLUMN callcenter.calls_flat.booked_date IS 'the date that was booked in the call';
COMMENT ON COLUMN callcenter.calls_flat.outcome IS 'completed, transferred, voicemail, abandoned, spam or error';
COMMENT ON COLUMN callcenter.calls_flat.result IS 'the outcome in words';
COMMENT ON COLUMN callcenter.calls_flat.transferred_to IS 'whom the call was given to';
COMMENT ON COLUMN callcenter.calls_flat.message_left IS 'the caller left a message';
COMMENT ON COLUMN callcenter.calls_flat.follow_up_required IS 'the outcome asks for a follow-up';
COMMENT ON COLUMN callcenter.calls_flat.is_booked IS 'an appointment came of the call';
COMMENT ON COLUMN callcenter.calls_flat.is_lead IS 'counted in leads of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.is_missed IS 'counted in missed_calls of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.is_abandoned IS 'counted in abandoned_calls of daily_calls';
COMMENT ON COLUMN callcenter.calls_flat.reviewed IS 'somebody has reviewed the call';
COMMENT ON COLUMN callcenter.calls_flat.rating IS '1 to 5; NULL without one';
COMMENT ON COLUMN callcenter.calls_flat.flagged IS 'the call is flagged';
COMMENT ON COLUMN callcenter.calls_flat.flag_reason IS 'why';
COMMENT ON COLUMN callcenter.calls_flat.summary IS 'one line: the captured problem, else the caller''s first sentence';
COMMENT ON COLUMN callcenter.calls_flat.created_at IS 'when the call was logged';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA callcenter FROM PUBLIC;
DO $$
BEGIN
	EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA callcenter FROM PUBLIC';
END
$$;
GRANT EXECUTE ON FUNCTION callcenter.object_id_check(text), callcenter.e164_check(text) TO PUBLIC;

ALTER FUNCTION callcenter.update_company(callcenter.object_id, jsonb) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.update_call(callcenter.object_id, text, jsonb, integer, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.add_call_note(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.add_transcript(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.link_call(callcenter.object_id, text, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.delete_calls(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_customer(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_or_create_customer(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.update_customer(callcenter.object_id, text, jsonb, integer, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.add_customer_note(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.delete_customer(callcenter.object_id, text, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_appointment(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.update_appointment(callcenter.object_id, text, jsonb, integer, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_customers(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_customer_stats(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.customer_timeline(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_appointments(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_audit(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.flush_refused() OWNER TO callcenter_api;
ALTER FUNCTION callcenter.reencrypt_access_codes() OWNER TO callcenter_api;
ALTER FUNCTION callcenter.refused_counts() OWNER TO callcenter_api;
ALTER FUNCTION callcenter.export_calls(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.call_analytics(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.call_series(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.call_heatmap(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.export_analytics(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.reveal_access_codes(callcenter.object_id, text, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.enrich_context(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.open_call(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_follow_ups(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.claim_follow_up(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.release_follow_up(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.resolve_follow_up(callcenter.object_id, text, jsonb, text) OWNER TO callcenter_api;

ALTER FUNCTION callcenter.login(text, text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.refresh_token(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.sign_out(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.list_sessions(text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.revoke_session(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.change_password(text, text, text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.set_password(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.disable_user(text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.enable_user(text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.revoke_company(callcenter.object_id, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.grant_right(callcenter.object_id, text, text, boolean) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.grant_role(callcenter.object_id, name) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.revoke_role(callcenter.object_id, name) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.calls_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.appointments_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.customers_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.follow_ups_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.profiles_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.fold_counters() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.rebuild_stats() OWNER TO callcenter_stats;

-- granting what is granted already changes nothing
DO $$
BEGIN
	EXECUTE 'REVOKE ALL ON callcenter.role_grants FROM callcenter_api';
	EXECUTE 'GRANT SELECT, INSERT ON callcenter.audit_log TO callcenter_api';
	EXECUTE 'GRANT SELECT, INSERT, UPDATE ON callcenter.companies TO callcenter_api';
	EXECUTE 'GRANT SELECT, INSERT, DELETE ON callcenter.open_calls, callcenter.call_notes, callcenter.call_appointments, callcenter.customer_phones,
		callcenter.customer_notes, callcenter.customer_tags TO callcenter_api';
	EXECUTE 'GRANT SELECT, INSERT, UPDATE ON callcenter.customer_numbers TO callcenter_api';
	EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.customers, callcenter.customer_addresses, callcenter.customer_equipment,
		callcenter.calls, callcenter.transcripts, callcenter.appointments, callcenter.follow_ups, callcenter.follow_up_calls TO callcenter_api';
END
$$;
-- to redact the entries of an erased person, which a trigger lets pass from audit_redact() alone
GRANT UPDATE (before, after) ON callcenter.audit_log TO callcenter_api;
GRANT SELECT ON callcenter.customer_stats, callcenter.customer_cards, callcenter.company_counters, callcenter.company_counter_deltas TO callcenter_api;
GRANT EXECUTE ON FUNCTION callcenter.current_company() TO callcenter_api, callcenter_analyst;

DO $$
BEGIN
	EXECUTE 'GRANT SELECT, INSERT, UPDATE (password, disabled, updated_at) ON callcenter.users TO callcenter_auth';
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.user_sessions, callcenter.sign_in_attempts TO callcenter_auth;
DO $$
BEGIN
	EXECUTE 'GRANT SELECT (id) ON callcenter.companies TO callcenter_auth';
	EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.memberships, callcenter.role_grants TO callcenter_auth';
	EXECUTE 'GRANT INSERT ON callcenter.audit_log TO callcenter_auth';
END
$$;
GRANT EXECUTE ON FUNCTION callcenter.current_user_info(text) TO callcenter_auth;

-- triggers: read base tables, write derived ones, nothing else
GRANT USAGE ON SCHEMA callcenter TO callcenter_stats;
DO $$
BEGIN
	EXECUTE 'GRANT SELECT ON callcenter.calls, callcenter.appointments, callcenter.customers, callcenter.companies, callcenter.customer_phones,
		callcenter.customer_addresses, callcenter.customer_equipment, callcenter.customer_notes, callcenter.customer_tags,
		callcenter.follow_ups TO callcenter_stats';
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.customer_stats, callcenter.customer_cards, callcenter.company_counters,
	callcenter.company_counter_deltas TO callcenter_stats;
GRANT EXECUTE ON FUNCTION callcenter.current_company() TO callcenter_stats;
GRANT EXECUTE ON FUNCTION callcenter.fold_counters(), callcenter.rebuild_stats() TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.flush_refused(), callcenter.refused_counts(), callcenter.reencrypt_access_codes() TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.grant_right(callcenter.object_id, text, text, boolean) TO callcenter_admin;

-- rollups: as the derived tables above; who appends to them locks the company's row, which takes the right to change a
-- column of it
ALTER FUNCTION callcenter.fold_rollups() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.company_clock_changed() OWNER TO callcenter_stats;
ALTER FUNCTION callcenter.records_truncated() OWNER TO callcenter_stats;
DO $$
BEGIN
	EXECUTE 'GRANT UPDATE (updated_at) ON callcenter.companies TO callcenter_stats';
	EXECUTE 'GRANT UPDATE (facts) ON callcenter.calls TO callcenter_stats';
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON callcenter.call_rollups, callcenter.call_rollup_deltas TO callcenter_stats;
GRANT SELECT ON callcenter.call_rollups, callcenter.call_rollup_deltas TO callcenter_api, callcenter_analyst;
GRANT SELECT ON callcenter.call_day_summaries, callcenter.call_hour_summaries TO callcenter_analyst;
GRANT EXECUTE ON FUNCTION callcenter.fold_rollups() TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.call_summary_of_stored(bytea) TO callcenter_stats;
GRANT EXECUTE ON FUNCTION callcenter.company_summary(callcenter.object_id, timestamptz, timestamptz) TO callcenter_analyst;

-- the types call_summary and call_facts
GRANT EXECUTE ON FUNCTION
	callcenter.call_summary_is_empty(callcenter.call_summary),
	callcenter.call_summary_add(callcenter.call_summary, callcenter.call_summary),
	callcenter.call_summary_subtract(callcenter.call_summary, callcenter.call_summary),
	callcenter.call_summary_eq(callcenter.call_summary, callcenter.call_summary),
	callcenter.call_summary_ne(callcenter.call_summary, callcenter.call_summary),
	callcenter.summarize(text, callcenter.call_facts),
	callcenter.call_facts(timestamptz, integer, text, callcenter.call_direction, text, smallint, boolean, boolean, callcenter.caller_kind, numeric, boolean, boolean, smallint, boolean),
	callcenter.rollup(callcenter.call_summary),
	callcenter.total_calls(callcenter.call_summary),
	callcenter.booked_calls(callcenter.call_summary),
	callcenter.returning_calls(callcenter.call_summary),
	callcenter.new_calls(callcenter.call_summary),
	callcenter.missed_calls(callcenter.call_summary),
	callcenter.abandoned_calls(callcenter.call_summary),
	callcenter.withheld_calls(callcenter.call_summary),
	callcenter.follow_up_calls(callcenter.call_summary),
	callcenter.reviewed_calls(callcenter.call_summary),
	callcenter.flagged_calls(callcenter.call_summary),
	callcenter.rated_calls(callcenter.call_summary),
	callcenter.avg_rating(callcenter.call_summary),
	callcenter.calls_with_duration(callcenter.call_summary),
	callcenter.total_duration(callcenter.call_summary),
	callcenter.avg_duration(callcenter.call_summary),
	callcenter.duration_percentile(callcenter.call_summary, float8),
	callcenter.calls_with_cost(callcenter.call_summary),
	callcenter.total_cost(callcenter.call_summary),
	callcenter.booking_rate(callcenter.call_summary),
	callcenter.leads(callcenter.call_summary, text[]),
	callcenter.booked_leads(callcenter.call_summary, text[]),
	callcenter.lead_booking_rate(callcenter.call_summary, text[]),
	callcenter.by_status(callcenter.call_summary),
	callcenter.by_direction(callcenter.call_summary),
	callcenter.by_tier(callcenter.call_summary),
	callcenter.by_intent(callcenter.call_summary),
	callcenter.by_hour(callcenter.call_summary),
	callcenter.tier_details(callcenter.call_summary),
	callcenter.hour_details(callcenter.call_summary),
	callcenter.intent_details(callcenter.call_summary)
TO callcenter_api, callcenter_stats, callcenter_analyst, callcenter_admin;

-- callers
GRANT EXECUTE ON FUNCTION
	callcenter.lookup_by_phone(callcenter.object_id, text, text),
	callcenter.create_call(callcenter.object_id, jsonb, text),
	callcenter.get_call(callcenter.object_id, text, text),
	callcenter.list_calls(callcenter.object_id, jsonb, text),
	callcenter.get_customer(callcenter.object_id, text, text),
	callcenter.update_call(callcenter.object_id, text, jsonb, integer, text),
	callcenter.add_call_note(callcenter.object_id, text, jsonb, text),
	callcenter.add_transcript(callcenter.object_id, text, jsonb, text),
	callcenter.link_call(callcenter.object_id, text, text, text),
	callcenter.delete_calls(callcenter.object_id, jsonb, text),
	callcenter.create_customer(callcenter.object_id, jsonb, text),
	callcenter.get_or_create_customer(callcenter.object_id, text, text),
	callcenter.update_customer(callcenter.object_id, text, jsonb, integer, text),
	callcenter.add_customer_note(callcenter.object_id, text, jsonb, text),
	callcenter.delete_customer(callcenter.object_id, text, text, text),
	callcenter.create_appointment(callcenter.object_id, jsonb, text),
	callcenter.update_appointment(callcenter.object_id, text, jsonb, integer, text),
	callcenter.list_customers(callcenter.object_id, jsonb, text),
	callcenter.get_customer_stats(callcenter.object_id, text, text),
	callcenter.customer_timeline(callcenter.object_id, text, jsonb, text),
	callcenter.list_appointments(callcenter.object_id, jsonb, text),
	callcenter.list_audit(callcenter.object_id, jsonb, text),
	callcenter.export_calls(callcenter.object_id, jsonb, text),
	callcenter.call_analytics(callcenter.object_id, jsonb, text),
	callcenter.call_series(callcenter.object_id, jsonb, text),
	callcenter.call_heatmap(callcenter.object_id, jsonb, text),
	callcenter.export_analytics(callcenter.object_id, text, jsonb, text),
	callcenter.reveal_access_codes(callcenter.object_id, text, text, text),
	callcenter.enrich_context(callcenter.object_id, text, jsonb, text),
	callcenter.open_call(callcenter.object_id, jsonb, text),
	callcenter.list_follow_ups(callcenter.object_id, jsonb, text),
	callcenter.claim_follow_up(callcenter.object_id, text, text),
	callcenter.release_follow_up(callcenter.object_id, text, text),
	callcenter.resolve_follow_up(callcenter.object_id, text, jsonb, text)
TO callcenter_rest, callcenter_service, callcenter_admin;
GRANT EXECUTE ON FUNCTION
	callcenter.login(text, text, text),
	callcenter.refresh_token(text, text),
	callcenter.sign_out(text, text),
	callcenter.list_sessions(text),
	callcenter.revoke_session(text, text),
	callcenter.change_password(text, text, text, text),
	callcenter.current_user_info(text)
TO callcenter_rest, callcenter_admin;
GRANT EXECUTE ON FUNCTION
	callcenter.create_company(jsonb),
	callcenter.update_company(callcenter.object_id, jsonb),
	callcenter.create_user(jsonb),
	callcenter.set_password(text, text),
	callcenter.disable_user(text),
	callcenter.enable_user(text),
	callcenter.grant_company(callcenter.object_id, text, text),
	callcenter.revoke_company(callcenter.object_id, text),
	callcenter.grant_role(callcenter.object_id, name),
	callcenter.revoke_role(callcenter.object_id, name)
TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.version(), callcenter.ping(), callcenter.object_id_new()
TO callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin, callcenter_api, callcenter_auth;
GRANT EXECUTE ON FUNCTION
	callcenter.phone_parse(text, text), callcenter.phone_e164(text, text), callcenter.phone_caller(text, text, text), callcenter.phone_is_valid(text),
	callcenter.phone_region_of(text), callcenter.phone_type(text), callcenter.phone_format(text, text),
	callcenter.phone_variants(text), callcenter.phone_metadata_version()
TO callcenter_api, callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin;

-- what an analyst may read: everything but access codes, raw recordings' addresses and what the server keeps for itself
DO $$
BEGIN
	EXECUTE 'GRANT SELECT (id, name, time_zone, default_region, non_lead_intents, week_start, follow_up_minutes_normal,
		follow_up_minutes_urgent, follow_up_minutes_emergency, business_days, business_opens, business_closes) ON callcenter.companies TO callcenter_analyst';
	EXECUTE 'GRANT SELECT ON callcenter.customers, callcenter.customer_phones, callcenter.appointments, callcenter.call_appointments,
		callcenter.call_notes, callcenter.transcripts, callcenter.customer_equipment, callcenter.customer_notes, callcenter.customer_tags,
		callcenter.follow_ups, callcenter.follow_up_calls, callcenter.customer_stats TO callcenter_analyst';
END
$$;
GRANT SELECT (company_id, id, customer_id, position, type, label, street, unit, city, state, zip, is_primary, pet_info)
ON callcenter.customer_addresses TO callcenter_analyst;
DO $$
BEGIN
	EXECUTE 'GRANT SELECT (
		company_id, id, facts, call_id, twilio_call_sid, caller_phone, caller_kind, caller_name, customer_id, is_returning,
		previous_call_count, direction, started_at, ended_at, duration_seconds, primary_intent, intent_confidence, emotion_primary,
		emotion_intensity, triage_card, scenario_matched, routing_tier, llm_model, llm_cost, captured_name, captured_phone, captured_phone_e164,
		captured_email, captured_street, captured_city, captured_state, captured_zip, captured_full_address, problem_description,
		urgency, requested_date, requested_time_window, booked_date, booked_time_window, customer_present, pet_info, status, result,
		transferred_to, message_left, follow_up_required, follow_up_notes, actions, recording_duration, reviewed, reviewed_by,
		reviewed_at, rating, feedback, flagged, flag_reason, summary, is_booked, version, created_at, updated_at)
		ON callcenter.calls TO callcenter_analyst';
END
$$;

GRANT SELECT ON callcenter.daily_calls, callcenter.hourly_calls, callcenter.intent_calls, callcenter.outcome_calls, callcenter.tier_calls,
	callcenter.customer_overview, callcenter.open_follow_ups, callcenter.transcript_turns, callcenter.calls_flat TO callcenter_analyst;

-- what the triggers would have kept of the calls, visits and customers that are there already
-- (on a distributed engine this would be a query inside the update, which its nodes refuse: see README)
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) 'citus') THEN
		PERFORM callcenter.rebuild_stats();
	END IF;
END
$$;

-- What the planner remembers of columns.  An analyst reads estimates off EXPLAIN, and they come from the rows of all
-- companies: whether a number or a name is known to somebody, how many calls a company has, and, asking again and again,
-- the values themselves.  So no statistics are kept of a column, unless it holds a word of our own vocabularies, a
-- time, or a small count: what those tell is a share over all companies together.  Plans do not need the rest: every
-- index begins with the company, and a list of several intents takes its page from the first rows of each.
--
-- Must come last: whatever column there is by then is judged by its type.

DO $$
DECLARE
	silent record;
BEGIN
	FOR silent IN
		SELECT c.oid, c.relname, a.attname, a.attnum
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
		JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
		WHERE c.relnamespace OPERATOR(pg_catalog.=) 'callcenter'::pg_catalog.regnamespace AND c.relkind IN ('r', 'p')
			AND t.typtype OPERATOR(pg_catalog.<>) 'e' AND t.typcategory NOT IN ('B', 'D')
			AND a.atttypid OPERATOR(pg_catalog.<>) 'pg_catalog.int2'::pg_catalog.regtype
			AND NOT EXISTS (
				SELECT FROM pg_catalog.pg_constraint k
				WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid AND k.contype OPERATOR(pg_catalog.=) 'c'
					AND k.conkey OPERATOR(pg_catalog.=) ARRAY[a.attnum] AND k.conname OPERATOR(pg_catalog.~) '_vocabulary$')
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE callcenter.%I ALTER COLUMN %I SET STATISTICS 0', silent.relname, silent.attname);
		-- those of before an update
		DELETE FROM pg_catalog.pg_statistic
		WHERE starelid OPERATOR(pg_catalog.=) silent.oid AND staattnum OPERATOR(pg_catalog.=) silent.attnum;
	END LOOP;
END
$$;
