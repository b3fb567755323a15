\echo Use "CREATE EXTENSION callcenter" to load this file. \quit

-- Nothing below may be resolved through the installer's search_path.
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
BEGIN
	IF pg_catalog.getdatabaseencoding() <> 'UTF8' THEN
		RAISE EXCEPTION 'callcenter needs a database with encoding UTF8, not %', pg_catalog.getdatabaseencoding()
			USING ERRCODE = 'feature_not_supported';
	END IF;
END
$$;
-- The roles of DESIGN 4. They belong to the cluster, not to the database, so another database may have made them; then
-- they must be what they would be here: a role of that name that can log in or bypasses row-level security is refused.

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
-- The schema, object ids and the closed vocabularies.
--
-- A closed vocabulary is an enum.  Columns that lists filter by (calls.status, calls.urgency, customers.status) are text
-- that is checked against its enum: the operators of enums are not LEAKPROOF, so under row-level security no index would
-- serve them, for the API or for an analyst.

CREATE SCHEMA callcenter;
COMMENT ON SCHEMA callcenter IS 'customer memory and call records of many companies, isolated from each other';

CREATE FUNCTION callcenter.object_id_check(value text)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_object_id_check';
COMMENT ON FUNCTION callcenter.object_id_check(text) IS
	'true for 24 lower-case hex digits; anything else is error 22P02 (the check of domain object_id)';

CREATE DOMAIN callcenter.object_id AS text COLLATE "C"
	CONSTRAINT object_id_syntax CHECK (callcenter.object_id_check(VALUE));
COMMENT ON DOMAIN callcenter.object_id IS
	'id of a record: 24 lower-case hex digits, as the platform''s own ids (MongoDB ObjectId) are';

CREATE FUNCTION callcenter.object_id_new()
RETURNS callcenter.object_id
LANGUAGE c VOLATILE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_object_id_new';
COMMENT ON FUNCTION callcenter.object_id_new() IS
	'a new object id: 4 bytes of seconds, 5 random bytes of this backend, a 3-byte counter (the ObjectId specification)';

CREATE FUNCTION callcenter.version()
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_version';
COMMENT ON FUNCTION callcenter.version() IS 'version of the loaded library; the extension''s own is in pg_extension';

CREATE FUNCTION callcenter.ping()
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_ping';
COMMENT ON FUNCTION callcenter.ping() IS 'true; lets a server see that its connection and the library are alive';

CREATE TYPE callcenter.membership_role AS ENUM ('viewer', 'agent', 'admin');
COMMENT ON TYPE callcenter.membership_role IS 'what a person may do in a company: viewer reads, agent also annotates, admin everything';

CREATE TYPE callcenter.phone_kind AS ENUM ('primary', 'secondary', 'mobile', 'work');
COMMENT ON TYPE callcenter.phone_kind IS 'which of a customer''s numbers this is';

CREATE TYPE callcenter.customer_type AS ENUM ('residential', 'commercial', 'property_manager');
COMMENT ON TYPE callcenter.customer_type IS 'what kind of customer this is';

CREATE TYPE callcenter.customer_status AS ENUM ('lead', 'active', 'inactive', 'churned', 'do_not_contact');
COMMENT ON TYPE callcenter.customer_status IS 'where a customer is in the lifecycle';

CREATE TYPE callcenter.customer_source AS ENUM ('phone_call', 'website', 'referral', 'google', 'yelp', 'other');
COMMENT ON TYPE callcenter.customer_source IS 'how a customer came to the company';

CREATE TYPE callcenter.caller_kind AS ENUM ('e164', 'short', 'emergency', 'withheld', 'sip', 'client', 'other');
COMMENT ON TYPE callcenter.caller_kind IS 'what the caller''s number turned out to be (phone_caller)';

CREATE TYPE callcenter.call_direction AS ENUM ('inbound', 'outbound');
COMMENT ON TYPE callcenter.call_direction IS 'who called whom';

CREATE TYPE callcenter.call_status AS ENUM ('completed', 'transferred', 'voicemail', 'abandoned', 'spam', 'error');
COMMENT ON TYPE callcenter.call_status IS 'how a call ended';

CREATE TYPE callcenter.urgency AS ENUM ('normal', 'urgent', 'emergency');
COMMENT ON TYPE callcenter.urgency IS 'how soon the caller needs help';

CREATE TYPE callcenter.action_type AS ENUM (
	'sms_sent', 'email_sent', 'appointment_created', 'appointment_updated', 'appointment_cancelled', 'transfer_initiated',
	'voicemail_left', 'customer_created', 'customer_updated', 'note_added', 'technician_notified');
COMMENT ON TYPE callcenter.action_type IS 'what was done during or after a call';

CREATE TYPE callcenter.action_status AS ENUM ('success', 'failed', 'pending');
COMMENT ON TYPE callcenter.action_status IS 'how an action went';

CREATE TYPE callcenter.speaker AS ENUM ('agent', 'caller');
COMMENT ON TYPE callcenter.speaker IS 'who speaks in a turn of a transcript';

CREATE TYPE callcenter.appointment_status AS ENUM ('scheduled', 'completed', 'cancelled', 'no_show');
COMMENT ON TYPE callcenter.appointment_status IS 'state of a visit';

CREATE TYPE callcenter.appointment_role AS ENUM ('created', 'changed', 'cancelled', 'discussed');
COMMENT ON TYPE callcenter.appointment_role IS 'what a call did to an appointment';
-- Phone numbers: the domain of stored ones, and what can be asked about them.
--
-- Whatever reads metadata is STABLE: another release of the tables may answer differently, so PostgreSQL must not let
-- these functions into an index or a generated column. Only the syntax of a stored number is IMMUTABLE. No function
-- raises for bad input; a cast to the domain does.

CREATE FUNCTION callcenter.e164_check(value text)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_e164_check';
COMMENT ON FUNCTION callcenter.e164_check(text) IS
	'true for a plus sign and 6 to 19 digits, the first not 0; anything else is error 22P02 (the check of domain e164)';

CREATE DOMAIN callcenter.e164 AS text COLLATE "C"
	CONSTRAINT e164_syntax CHECK (callcenter.e164_check(VALUE));
COMMENT ON DOMAIN callcenter.e164 IS
	'phone number in E.164: a plus sign and 6 to 19 digits, the first not 0; syntax only, a number range may be unknown';

CREATE FUNCTION callcenter.phone_parse(
	raw text,
	region text DEFAULT NULL,
	OUT status text,
	OUT e164 text,
	OUT ext text,
	OUT region text,
	OUT number_type text,
	OUT possible text,
	OUT valid boolean)
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_parse';
COMMENT ON FUNCTION callcenter.phone_parse(text, text) IS
	'reads a number as Google''s libphonenumber does, with a default region (two letters; null: only numbers with a plus sign). '
	'status is OK, INVALID_COUNTRY_CODE, NOT_A_NUMBER, TOO_SHORT_AFTER_IDD, TOO_SHORT, TOO_LONG or BAD_UTF8; '
	'use phone_caller() for what callers or people sent';

CREATE FUNCTION callcenter.phone_e164(raw text, region text DEFAULT NULL)
RETURNS text
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_e164';
COMMENT ON FUNCTION callcenter.phone_e164(text, text) IS
	'the E.164 that phone_parse() reads, null if it reads none; the quick way to compare many numbers';

CREATE FUNCTION callcenter.phone_caller(
	raw text,
	region text DEFAULT NULL,
	source text DEFAULT 'trunk',
	OUT kind text,
	OUT status text,
	OUT e164 callcenter.e164,
	OUT ext text,
	OUT region text,
	OUT number_type text,
	OUT possible text,
	OUT valid boolean,
	OUT is_key boolean)
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_caller';
COMMENT ON FUNCTION callcenter.phone_caller(text, text, text) IS
	'what kind of caller a text announces (e164, short, emergency, withheld, sip, client, other) and its number. '
	'source is trunk (a telephone line sent it) or agent (somebody typed it), another gives null; '
	'is_key says whether the number may become, or find, a customer''s';

CREATE FUNCTION callcenter.phone_is_valid(e164 text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_is_valid';
COMMENT ON FUNCTION callcenter.phone_is_valid(text) IS
	'whether a stored number belongs to a range that is in use; false for what is no E.164';

CREATE FUNCTION callcenter.phone_region_of(e164 text)
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_region_of';
COMMENT ON FUNCTION callcenter.phone_region_of(text) IS
	'region of a stored number: two letters, 001 for one without a country, null if no region claims it';

CREATE FUNCTION callcenter.phone_type(e164 text)
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_type';
COMMENT ON FUNCTION callcenter.phone_type(text) IS
	'type of a stored number: FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE, TOLL_FREE, PREMIUM_RATE, SHARED_COST, VOIP, '
	'PERSONAL_NUMBER, PAGER, UAN, VOICEMAIL or UNKNOWN; null for what is no E.164';

CREATE FUNCTION callcenter.phone_format(e164 text, style text DEFAULT 'national')
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_format';
COMMENT ON FUNCTION callcenter.phone_format(text, text) IS
	'a stored number as people write it, in style national or international; null for what is no E.164 or no style';

CREATE FUNCTION callcenter.phone_variants(e164 text)
RETURNS callcenter.e164[]
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_variants';
COMMENT ON FUNCTION callcenter.phone_variants(text) IS
	'other numbers of the same line, for lookups only: Mexico with and without 1, Argentina with and without 9, '
	'Brazil with and without the ninth digit';

CREATE FUNCTION callcenter.phone_metadata_version()
RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_phone_metadata_version';
COMMENT ON FUNCTION callcenter.phone_metadata_version() IS
	'release of Google''s metadata that the answers come from, as numbered by the npm package google-libphonenumber';
-- Who is calling, for which company. Everything fails closed: without an identity current_company() is NULL.

CREATE FUNCTION callcenter.current_company()
RETURNS callcenter.object_id
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_current_company';
COMMENT ON FUNCTION callcenter.current_company() IS
	'the company of the identity that is active: inside an API function the one it was called for, else the one that an analyst names in callcenter.company_id (42501 when it is not granted); NULL without an identity';
-- Companies, the people who sign in, and the database roles that may act for a company.

CREATE TABLE callcenter.companies (
	id callcenter.object_id PRIMARY KEY,
	name text NOT NULL CONSTRAINT companies_name_length CHECK (length(name) BETWEEN 1 AND 200),
	time_zone text NOT NULL,
	default_region text NOT NULL DEFAULT 'US' CONSTRAINT companies_default_region_syntax CHECK (default_region ~ '^[A-Z]{2}$'),
	own_numbers callcenter.e164[] NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.companies', '');
COMMENT ON TABLE callcenter.companies IS 'one row a company (tenant)';
COMMENT ON COLUMN callcenter.companies.time_zone IS 'IANA time zone that days and hours of the company are counted in';
COMMENT ON COLUMN callcenter.companies.default_region IS 'ISO 3166 region that national phone numbers are read in';
COMMENT ON COLUMN callcenter.companies.own_numbers IS 'the company''s own phone numbers, which never make or match a customer';

CREATE FUNCTION callcenter.companies_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'cc_companies_changed';
COMMENT ON FUNCTION callcenter.companies_changed() IS 'tells every backend to read the settings of companies again';

CREATE TRIGGER companies_changed
AFTER INSERT OR UPDATE OR DELETE ON callcenter.companies
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.companies_changed();

CREATE TABLE callcenter.users (
	id callcenter.object_id PRIMARY KEY,
	email text COLLATE "C" NOT NULL,
	name text,
	password text NOT NULL,
	disabled boolean NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT users_email_key UNIQUE (email),
	CONSTRAINT users_email_folded CHECK (email = lower(email))
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.users', '');
COMMENT ON TABLE callcenter.users IS 'people who sign in; only callcenter_auth reads it';
COMMENT ON COLUMN callcenter.users.email IS 'sign-in name, folded to lower case';
COMMENT ON COLUMN callcenter.users.password IS 'scrypt: $scrypt$ln=…,r=…,p=…$salt$hash';

CREATE TABLE callcenter.memberships (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	user_id callcenter.object_id NOT NULL REFERENCES callcenter.users ON DELETE CASCADE,
	role callcenter.membership_role NOT NULL,
	PRIMARY KEY (company_id, user_id)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.memberships', '');
COMMENT ON TABLE callcenter.memberships IS 'which people may act for a company, and as what';

CREATE TABLE callcenter.role_grants (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	role_name text COLLATE "C" NOT NULL,
	granted_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, role_name)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.role_grants', '');
COMMENT ON TABLE callcenter.role_grants IS 'which database roles (services, BI tools) may act for a company; by name, so that a dump carries it';

ALTER TABLE callcenter.companies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.companies USING (id = callcenter.current_company());
-- no policy: nobody but callcenter_auth, who bypasses row-level security, sees a user
ALTER TABLE callcenter.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE callcenter.memberships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.memberships USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.role_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.role_grants USING (company_id = callcenter.current_company());
-- Customers and their numbers. A customer is found by any of its numbers; the primary one is a row of customer_phones too.

CREATE TABLE callcenter.customer_numbers (
	company_id callcenter.object_id PRIMARY KEY REFERENCES callcenter.companies ON DELETE CASCADE,
	last_number bigint NOT NULL DEFAULT 0
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_numbers', '');
COMMENT ON TABLE callcenter.customer_numbers IS
	'the last CUST number given out in a company; its row is also the lock under which a first call makes a customer, so that a number is never used twice, also after a deletion';

CREATE TABLE callcenter.customers (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	customer_number bigint NOT NULL,
	first_name text,
	last_name text,
	full_name text GENERATED ALWAYS AS (
		CASE
			WHEN first_name IS NULL THEN last_name
			WHEN last_name IS NULL THEN first_name
			ELSE first_name || ' ' || last_name
		END) STORED,
	email text,
	customer_type callcenter.customer_type NOT NULL DEFAULT 'residential',
	status text COLLATE "C" NOT NULL DEFAULT 'lead'
		CONSTRAINT customers_status_vocabulary CHECK (status::callcenter.customer_status IS NOT NULL),
	source callcenter.customer_source,
	version integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	CONSTRAINT customers_number_key UNIQUE (company_id, customer_number)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customers', '');
CREATE INDEX customers_email ON callcenter.customers (company_id, email);
CREATE INDEX customers_last_name ON callcenter.customers (company_id, last_name);
CREATE INDEX customers_status ON callcenter.customers (company_id, status);
COMMENT ON TABLE callcenter.customers IS 'one row a customer of a company';
COMMENT ON COLUMN callcenter.customers.customer_number IS 'counts up per company; shown as CUST-00842';
COMMENT ON COLUMN callcenter.customers.full_name IS 'first and last name, as far as they are known';
COMMENT ON COLUMN callcenter.customers.version IS 'goes up with every change; what If-Match compares';

CREATE TABLE callcenter.customer_phones (
	company_id callcenter.object_id NOT NULL,
	phone callcenter.e164 NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	kind callcenter.phone_kind NOT NULL,
	shared boolean NOT NULL DEFAULT false,
	raw text,
	region text,
	metadata_version text,
	PRIMARY KEY (company_id, phone, customer_id),
	CONSTRAINT customer_phones_kind_key UNIQUE (company_id, customer_id, kind),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_phones', '');
CREATE UNIQUE INDEX customer_phones_owner ON callcenter.customer_phones (company_id, phone) WHERE NOT shared;
COMMENT ON TABLE callcenter.customer_phones IS 'every number of every customer; what recognition looks up';
COMMENT ON COLUMN callcenter.customer_phones.shared IS 'a number of several customers (an office, a couple): recognised, but as nobody in particular';
COMMENT ON COLUMN callcenter.customer_phones.raw IS 'the number as it came';
COMMENT ON COLUMN callcenter.customer_phones.region IS 'the region that the number was read in';
COMMENT ON COLUMN callcenter.customer_phones.metadata_version IS 'the phone metadata that read it; keys are never rewritten by a newer one';

CREATE TABLE callcenter.appointments (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id,
	service text,
	scheduled_date date,
	time_window text,
	status callcenter.appointment_status NOT NULL DEFAULT 'scheduled',
	value numeric,
	external_ref text,
	version integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.appointments', '');
CREATE INDEX appointments_customer ON callcenter.appointments (company_id, customer_id, scheduled_date);
COMMENT ON TABLE callcenter.appointments IS 'visits: what was booked, for whom, and how it went';
COMMENT ON COLUMN callcenter.appointments.scheduled_date IS 'day of the visit in the company''s time zone; NULL while it is not known';
COMMENT ON COLUMN callcenter.appointments.value IS 'what the customer paid, in the company''s currency';
COMMENT ON COLUMN callcenter.appointments.external_ref IS 'id of the appointment in the platform''s own calendar, when it has another one';

ALTER TABLE callcenter.customer_numbers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_numbers USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customers USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_phones ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_phones USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.appointments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.appointments USING (company_id = callcenter.current_company());
-- Calls: one row a call with every scalar of the call document, the transcript beside it, notes and appointment links.

CREATE TABLE callcenter.calls (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	call_id text COLLATE "C" NOT NULL,
	twilio_call_sid text COLLATE "C",
	caller_phone callcenter.e164,
	caller_kind callcenter.caller_kind NOT NULL,
	caller_raw text NOT NULL,
	caller_region text NOT NULL,
	metadata_version text NOT NULL,
	caller_name text,
	customer_id callcenter.object_id,
	is_returning boolean NOT NULL DEFAULT false,
	previous_call_count integer NOT NULL DEFAULT 0,
	direction callcenter.call_direction NOT NULL DEFAULT 'inbound',
	started_at timestamptz NOT NULL,
	ended_at timestamptz,
	duration_seconds integer,
	primary_intent text COLLATE "C",
	intent_confidence float8,
	emotion_primary text,
	emotion_intensity float8,
	triage_card text,
	scenario_matched text,
	routing_tier smallint,
	llm_model text,
	llm_cost numeric,
	captured_name text,
	captured_phone text,
	captured_email text,
	captured_street text,
	captured_city text,
	captured_state text,
	captured_zip text,
	captured_full_address text,
	problem_description text,
	urgency text COLLATE "C"
		CONSTRAINT calls_urgency_vocabulary CHECK (urgency::callcenter.urgency IS NOT NULL OR urgency IS NULL),
	requested_date date,
	requested_time_window text,
	booked_date date,
	booked_time_window text,
	customer_present boolean,
	key_location text,
	gate_code text,
	lockbox_code text,
	alternate_contact_name text,
	alternate_contact_phone text,
	alternate_contact_relationship text,
	pet_info text,
	special_notes text,
	custom jsonb,
	status text COLLATE "C" NOT NULL
		CONSTRAINT calls_status_vocabulary CHECK (status::callcenter.call_status IS NOT NULL),
	result text,
	transferred_to text,
	message_left boolean,
	follow_up_required boolean NOT NULL DEFAULT false,
	follow_up_notes text,
	actions jsonb,
	recording_url text,
	recording_duration integer,
	recording_stored_until timestamptz,
	reviewed boolean NOT NULL DEFAULT false,
	reviewed_by text,
	reviewed_at timestamptz,
	rating smallint,
	feedback text,
	flagged boolean NOT NULL DEFAULT false,
	flag_reason text,
	summary text,
	is_booked boolean NOT NULL,
	content_hash bytea NOT NULL,
	version integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	CONSTRAINT calls_call_id_key UNIQUE (company_id, call_id),
	CONSTRAINT calls_twilio_call_sid_key UNIQUE (company_id, twilio_call_sid),
	CONSTRAINT calls_ended_after_start CHECK (ended_at >= started_at),
	CONSTRAINT calls_caller_phone_of_e164 CHECK ((caller_phone IS NOT NULL) = (caller_kind = 'e164')),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.calls', '');
CREATE INDEX calls_started_at ON callcenter.calls (company_id, started_at, id);
CREATE INDEX calls_caller_phone ON callcenter.calls (company_id, caller_phone, started_at);
CREATE INDEX calls_customer ON callcenter.calls (company_id, customer_id, started_at, id);
CREATE INDEX calls_status ON callcenter.calls (company_id, status, started_at, id);
CREATE INDEX calls_intent ON callcenter.calls (company_id, primary_intent, started_at, id);
CREATE INDEX calls_flagged ON callcenter.calls (company_id, started_at, id) WHERE flagged;
COMMENT ON TABLE callcenter.calls IS 'one row a call';
COMMENT ON COLUMN callcenter.calls.call_id IS 'the platform''s call id (call_{timestamp}_{random}), unique in a company';
COMMENT ON COLUMN callcenter.calls.caller_phone IS 'the caller''s number as a key (E.164); NULL when the caller is not a number (withheld, short code, SIP)';
COMMENT ON COLUMN callcenter.calls.caller_kind IS 'what the caller turned out to be';
COMMENT ON COLUMN callcenter.calls.caller_raw IS 'the caller as the trunk sent it';
COMMENT ON COLUMN callcenter.calls.caller_region IS 'the region that the number was read in';
COMMENT ON COLUMN callcenter.calls.metadata_version IS 'the phone metadata that read it';
COMMENT ON COLUMN callcenter.calls.is_returning IS 'an earlier call of the same customer, or of the same number when there is no customer, exists';
COMMENT ON COLUMN callcenter.calls.previous_call_count IS 'how many such earlier calls; spam, error and withheld ones do not count';
COMMENT ON COLUMN callcenter.calls.duration_seconds IS 'length in seconds; from the two times when it was not given';
COMMENT ON COLUMN callcenter.calls.intent_confidence IS '0 to 1';
COMMENT ON COLUMN callcenter.calls.llm_cost IS 'estimated cost of the language model in US dollars; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls.captured_phone IS 'E.164 when what was heard is a valid number, else as heard';
COMMENT ON COLUMN callcenter.calls.summary IS 'one line for lists: the captured problem, else the caller''s first sentence';
COMMENT ON COLUMN callcenter.calls.is_booked IS 'an appointment came of the call: outcome.appointmentCreated, a successful appointment_created action, or a booked date';
COMMENT ON COLUMN callcenter.calls.content_hash IS 'SHA-256 of the document that made the call; tells a repeated log from a conflicting one';
COMMENT ON COLUMN callcenter.calls.version IS 'goes up with every change; what If-Match compares';

CREATE TABLE callcenter.transcripts (
	company_id callcenter.object_id NOT NULL,
	call_id callcenter.object_id NOT NULL,
	turns jsonb NOT NULL,
	talk integer[],
	PRIMARY KEY (company_id, call_id),
	FOREIGN KEY (company_id, call_id) REFERENCES callcenter.calls ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.transcripts', '');
COMMENT ON TABLE callcenter.transcripts IS 'what was said in a call';
COMMENT ON COLUMN callcenter.transcripts.turns IS 'array of {speaker, text, timestamp, turnNumber} in the order of turns';
COMMENT ON COLUMN callcenter.transcripts.talk IS 'who spoke when: triples of speaker (0 caller, 1 agent), start and end in milliseconds from the start of the call; NULL without turn times';

CREATE TABLE callcenter.call_notes (
	company_id callcenter.object_id NOT NULL,
	id callcenter.object_id NOT NULL,
	call_id callcenter.object_id NOT NULL,
	text text NOT NULL,
	added_by text NOT NULL,
	added_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, call_id) REFERENCES callcenter.calls ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.call_notes', '');
CREATE INDEX call_notes_call ON callcenter.call_notes (company_id, call_id, added_at, id);
COMMENT ON TABLE callcenter.call_notes IS 'notes of people on a call, append-only; agentNotes of a call is the latest';

CREATE TABLE callcenter.call_appointments (
	company_id callcenter.object_id NOT NULL,
	call_id callcenter.object_id NOT NULL,
	appointment_id callcenter.object_id NOT NULL,
	role callcenter.appointment_role NOT NULL,
	PRIMARY KEY (company_id, call_id, appointment_id, role),
	FOREIGN KEY (company_id, call_id) REFERENCES callcenter.calls ON DELETE CASCADE,
	FOREIGN KEY (company_id, appointment_id) REFERENCES callcenter.appointments ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.call_appointments', '');
CREATE INDEX call_appointments_appointment ON callcenter.call_appointments (company_id, appointment_id);
COMMENT ON TABLE callcenter.call_appointments IS 'which call made or changed which appointment';

ALTER TABLE callcenter.calls ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.calls USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.transcripts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.transcripts USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.call_notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.call_notes USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.call_appointments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.call_appointments USING (company_id = callcenter.current_company());
-- The API.  Every function is SECURITY DEFINER: it finds out who is calling, works under row-level security as
-- callcenter_api (people: as callcenter_auth), and leaves nothing of the identity behind.  Who may call what is in 90_grants.

CREATE FUNCTION callcenter.lookup_by_phone(company_id callcenter.object_id, phone text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_lookup_by_phone';
COMMENT ON FUNCTION callcenter.lookup_by_phone(callcenter.object_id, text, text) IS
	'who is calling: the customer who has this number (E.164 or any spelling of the company''s region) with statistics, last service, upcoming appointment and last call; found is false for an unknown or withheld caller.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.create_call(company_id callcenter.object_id, call jsonb, token text DEFAULT NULL)
RETURNS json
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_call';
COMMENT ON FUNCTION callcenter.create_call(callcenter.object_id, jsonb, text) IS
	'logs a call, whole and once: links or makes its customer, derives duration (seconds), isReturning and previousCallCount; the same callId with the same document gives back the stored call (created false).  Errors: 28000, 42501, P0002, 22023, 22003, 22007, 23502 with the path of the field, 23505 for another document.';

CREATE FUNCTION callcenter.get_call(company_id callcenter.object_id, call_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_call';
COMMENT ON FUNCTION callcenter.get_call(callcenter.object_id, text, text) IS
	'a whole call, by callId or _id.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.list_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_calls';
COMMENT ON FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) IS
	'a page of calls: page and limit (50, at most 100) or after (cursor), startDate, endDate (dates are whole days in the company''s zone), status, intent, tier, urgency (lists), phone, customerId, direction, flagged, reviewed, followUp, q, sort (newest, oldest, longest).  Errors: 28000, 42501, P0002, 22023, 22007 with the name of the parameter.';

CREATE FUNCTION callcenter.get_customer(company_id callcenter.object_id, customer_id text, token text DEFAULT NULL)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_get_customer';
COMMENT ON FUNCTION callcenter.get_customer(callcenter.object_id, text, text) IS
	'a customer with statistics and the 50 newest calls, by _id or CUST number.  Errors: 28000, 42501, P0002.';

CREATE FUNCTION callcenter.current_user_info(token text)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_current_user_info';
COMMENT ON FUNCTION callcenter.current_user_info(text) IS
	'the bearer of a token, the companies it is for with names, roles and time zones, and when it ends.  Errors: 28000.';

CREATE FUNCTION callcenter.login(email text, password text)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_login';
COMMENT ON FUNCTION callcenter.login(text, text) IS
	'checks a password and gives what current_user_info() gives, with a token that is valid for callcenter.session_lifetime seconds.  Errors: 28P01, the same for every reason.';

CREATE FUNCTION callcenter.create_company(company jsonb)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_company';
COMMENT ON FUNCTION callcenter.create_company(jsonb) IS
	'makes a company: name, timeZone (IANA), defaultRegion (ISO 3166, default US), ownNumbers (phone numbers), _id (of the platform; made when absent).  Errors: 22023, 23502 with the path of the field, 23505.';

CREATE FUNCTION callcenter.create_user(usr jsonb)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_create_user';
COMMENT ON FUNCTION callcenter.create_user(jsonb) IS
	'makes a user who can sign in: email, password (8 to 256 characters), name, _id (made when absent).  Errors: 22023, 23502 with the path of the field, 23505.';

CREATE FUNCTION callcenter.grant_company(company_id callcenter.object_id, email text, role text)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_company';
COMMENT ON FUNCTION callcenter.grant_company(callcenter.object_id, text, text) IS
	'makes a user a member of a company as viewer, agent or admin, or changes the role.  Errors: 22023, P0002.';

CREATE FUNCTION callcenter.grant_role(company_id callcenter.object_id, role_name name)
RETURNS json
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_grant_role';
COMMENT ON FUNCTION callcenter.grant_role(callcenter.object_id, name) IS
	'lets a database role (a service or an analyst) act for a company.  Errors: 42704 for no such role, P0002.';
-- Who owns and may do what.  Nothing is left to PUBLIC but the support functions of the types.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA callcenter FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA callcenter FROM PUBLIC;

GRANT USAGE ON SCHEMA callcenter TO
	callcenter_api, callcenter_auth, callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin;

-- type support: the checks of the domains run as whoever gives a value
GRANT EXECUTE ON FUNCTION callcenter.object_id_check(text), callcenter.e164_check(text) TO PUBLIC;

-- the owners of the API functions, and the tables that they work on under row-level security
ALTER FUNCTION callcenter.lookup_by_phone(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_call(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_call(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.get_customer(callcenter.object_id, text, text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.current_user_info(text) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.create_company(jsonb) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.grant_role(callcenter.object_id, name) OWNER TO callcenter_api;
ALTER FUNCTION callcenter.login(text, text) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.create_user(jsonb) OWNER TO callcenter_auth;
ALTER FUNCTION callcenter.grant_company(callcenter.object_id, text, text) OWNER TO callcenter_auth;

GRANT SELECT, INSERT ON callcenter.companies, callcenter.role_grants, callcenter.customer_phones, callcenter.transcripts,
	callcenter.call_notes, callcenter.call_appointments, callcenter.appointments TO callcenter_api;
GRANT SELECT, INSERT, UPDATE ON callcenter.customer_numbers, callcenter.customers, callcenter.calls TO callcenter_api;
GRANT EXECUTE ON FUNCTION callcenter.current_company() TO callcenter_api, callcenter_analyst;

GRANT SELECT, INSERT ON callcenter.users TO callcenter_auth;
GRANT SELECT (id) ON callcenter.companies TO callcenter_auth;
GRANT SELECT, INSERT, UPDATE ON callcenter.memberships TO callcenter_auth;
GRANT EXECUTE ON FUNCTION callcenter.current_user_info(text) TO callcenter_auth;

-- callers
GRANT EXECUTE ON FUNCTION
	callcenter.lookup_by_phone(callcenter.object_id, text, text),
	callcenter.create_call(callcenter.object_id, jsonb, text),
	callcenter.get_call(callcenter.object_id, text, text),
	callcenter.list_calls(callcenter.object_id, jsonb, text),
	callcenter.get_customer(callcenter.object_id, text, text)
TO callcenter_rest, callcenter_service, callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.login(text, text), callcenter.current_user_info(text) TO callcenter_rest, callcenter_admin;
GRANT EXECUTE ON FUNCTION
	callcenter.create_company(jsonb),
	callcenter.create_user(jsonb),
	callcenter.grant_company(callcenter.object_id, text, text),
	callcenter.grant_role(callcenter.object_id, name)
TO callcenter_admin;
GRANT EXECUTE ON FUNCTION callcenter.version(), callcenter.ping(), callcenter.object_id_new()
TO callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin, callcenter_api, callcenter_auth;
GRANT EXECUTE ON FUNCTION
	callcenter.phone_parse(text, text), callcenter.phone_e164(text, text), callcenter.phone_caller(text, text, text), callcenter.phone_is_valid(text),
	callcenter.phone_region_of(text), callcenter.phone_type(text), callcenter.phone_format(text, text),
	callcenter.phone_variants(text), callcenter.phone_metadata_version()
TO callcenter_rest, callcenter_service, callcenter_analyst, callcenter_admin;

-- what an analyst may read: everything but access codes, raw recordings' addresses and what the server keeps for itself
GRANT SELECT (id, name, time_zone, default_region) ON callcenter.companies TO callcenter_analyst;
GRANT SELECT ON callcenter.customers, callcenter.customer_phones, callcenter.appointments, callcenter.call_appointments,
	callcenter.call_notes, callcenter.transcripts TO callcenter_analyst;
GRANT SELECT (
	company_id, id, call_id, twilio_call_sid, caller_phone, caller_kind, caller_name, customer_id, is_returning,
	previous_call_count, direction, started_at, ended_at, duration_seconds, primary_intent, intent_confidence, emotion_primary,
	emotion_intensity, triage_card, scenario_matched, routing_tier, llm_model, llm_cost, captured_name, captured_phone,
	captured_email, captured_street, captured_city, captured_state, captured_zip, captured_full_address, problem_description,
	urgency, requested_date, requested_time_window, booked_date, booked_time_window, customer_present, pet_info, status, result,
	transferred_to, message_left, follow_up_required, follow_up_notes, actions, recording_duration, reviewed, reviewed_by,
	reviewed_at, rating, feedback, flagged, flag_reason, summary, is_booked, version, created_at, updated_at)
ON callcenter.calls TO callcenter_analyst;
