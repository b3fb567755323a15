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
