-- Calls: one row a call with every scalar of the call document, the transcript beside it, notes and appointment links.
--
-- facts and traits repeat other columns, so they are a trigger's, also of a replica.  An aggregate over many calls reads
-- facts instead of its way through sixty columns; a list that is filtered reads the calls of each of some traits.

CREATE TABLE callcenter.calls (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	facts callcenter.call_facts NOT NULL,
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
	key_location bytea,
	gate_code bytea,
	lockbox_code bytea,
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
	captured_phone_e164 callcenter.e164,
	captured_phone_region text,
	captured_phone_metadata_version text,
	alternate_contact_phone_e164 callcenter.e164,
	alternate_contact_phone_region text,
	alternate_contact_phone_metadata_version text,
	traits smallint NOT NULL,
	PRIMARY KEY (company_id, id),
	CONSTRAINT calls_call_id_key UNIQUE (company_id, call_id),
	CONSTRAINT calls_twilio_call_sid_key UNIQUE (company_id, twilio_call_sid),
	CONSTRAINT calls_access_codes_sealed CHECK (
		substr(key_location, 1, 1) = '\x01' AND substr(gate_code, 1, 1) = '\x01' AND substr(lockbox_code, 1, 1) = '\x01'),
	CONSTRAINT calls_ended_after_start CHECK (ended_at >= started_at),
	CONSTRAINT calls_caller_phone_of_kind
		CHECK (CASE caller_kind WHEN 'e164' THEN caller_phone IS NOT NULL WHEN 'sip' THEN true ELSE caller_phone IS NULL END),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.calls', '');
CREATE INDEX calls_started_at ON callcenter.calls (company_id, started_at, id);
CREATE INDEX calls_caller_phone ON callcenter.calls (company_id, caller_phone, started_at);
CREATE INDEX calls_customer ON callcenter.calls (company_id, customer_id, started_at, id);
CREATE INDEX calls_status ON callcenter.calls (company_id, status, started_at, id);
CREATE INDEX calls_intent ON callcenter.calls (company_id, primary_intent, started_at, id) INCLUDE (traits);
CREATE INDEX calls_traits ON callcenter.calls (company_id, traits, started_at, id);
-- CASE: under row-level security coalesce() is held for leaky, and used with no index
CREATE INDEX calls_duration ON callcenter.calls
	(company_id, ((CASE WHEN duration_seconds IS NULL THEN -1 ELSE duration_seconds END)::bigint), id);
-- of the table's own column neither, see 95_statistics
ALTER INDEX callcenter.calls_duration ALTER COLUMN 2 SET STATISTICS 0;
CREATE INDEX calls_flagged ON callcenter.calls (company_id, started_at, id) WHERE flagged;
COMMENT ON TABLE callcenter.calls IS 'one row a call';
COMMENT ON COLUMN callcenter.calls.facts IS 'what analytics count of the call, from other columns; early in the row, where summarize(time zone, facts) finds it soon';
COMMENT ON COLUMN callcenter.calls.traits IS 'what lists filter by of which there are few values, as one number, call_traits() of those columns: its index has the calls of each combination in order';
COMMENT ON COLUMN callcenter.calls.call_id IS 'the platform''s call id (call_{timestamp}_{random}), unique in a company';
COMMENT ON COLUMN callcenter.calls.caller_phone IS 'the caller''s number as a key (E.164); NULL when the caller has none (withheld, short code, SIP address without a number)';
COMMENT ON COLUMN callcenter.calls.caller_kind IS 'what the caller turned out to be';
COMMENT ON COLUMN callcenter.calls.caller_raw IS 'the caller as the trunk sent it';
COMMENT ON COLUMN callcenter.calls.caller_region IS 'the region that the number was read in';
COMMENT ON COLUMN callcenter.calls.metadata_version IS 'the phone metadata that read it';
COMMENT ON COLUMN callcenter.calls.is_returning IS 'an earlier call of the same customer, or of the same number when there is no customer, exists';
COMMENT ON COLUMN callcenter.calls.previous_call_count IS 'how many such earlier calls; spam, error and withheld ones do not count';
COMMENT ON COLUMN callcenter.calls.duration_seconds IS 'length in seconds; from the two times when it was not given';
COMMENT ON COLUMN callcenter.calls.intent_confidence IS '0 to 1';
COMMENT ON COLUMN callcenter.calls.llm_cost IS 'estimated cost of the language model in US dollars; NULL when it is not known';
COMMENT ON COLUMN callcenter.calls.captured_phone IS 'the number that the caller said, as it was heard';
COMMENT ON COLUMN callcenter.calls.captured_phone_e164 IS 'the same as a key (E.164), when it is valid';
COMMENT ON COLUMN callcenter.calls.captured_phone_region IS 'the region that it was read in';
COMMENT ON COLUMN callcenter.calls.captured_phone_metadata_version IS 'the phone metadata that read it';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone IS 'the number of the alternate contact, as it was heard';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone_e164 IS 'the same as a key (E.164), when it is valid';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone_region IS 'the region that it was read in';
COMMENT ON COLUMN callcenter.calls.alternate_contact_phone_metadata_version IS 'the phone metadata that read it';
COMMENT ON COLUMN callcenter.calls.summary IS 'one line for lists: the captured problem, else the caller''s first sentence';
COMMENT ON COLUMN callcenter.calls.is_booked IS 'an appointment came of the call: outcome.appointmentCreated, a successful appointment_created action, or a booked date';
COMMENT ON COLUMN callcenter.calls.key_location IS 'where the key is; an access code, sealed with a key of the key ring';
COMMENT ON COLUMN callcenter.calls.gate_code IS 'code of the gate; an access code, sealed';
COMMENT ON COLUMN callcenter.calls.lockbox_code IS 'code of the lockbox; an access code, sealed';
COMMENT ON COLUMN callcenter.calls.content_hash IS 'SHA-256 of the document that made the call, sealed when that has an access code; tells a repeated log from a conflicting one';
COMMENT ON COLUMN callcenter.calls.version IS 'goes up with every change; what If-Match compares';

CREATE TRIGGER calls_facts BEFORE INSERT OR UPDATE ON callcenter.calls
FOR EACH ROW EXECUTE FUNCTION callcenter.call_facts_kept();
ALTER TABLE callcenter.calls ENABLE ALWAYS TRIGGER calls_facts;

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
