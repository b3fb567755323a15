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
