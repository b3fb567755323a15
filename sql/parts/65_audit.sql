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
COMMENT ON TABLE callcenter.audit_log IS 'who changed or revealed what, or was refused access, and when; append-only, but that the values of an erased person are taken out; goes with its company';
COMMENT ON COLUMN callcenter.audit_log.actor IS 'e-mail address or subject of a person, name of a database role';
COMMENT ON COLUMN callcenter.audit_log.action IS 'create, update, delete, erase, link, note, reveal, refused, grant, revoke; of follow-ups also open, claim, release, resolve';
COMMENT ON COLUMN callcenter.audit_log.before IS 'the fields that were changed, as they were; access codes masked';
COMMENT ON COLUMN callcenter.audit_log.after IS 'the same fields, as they became; access codes masked';

CREATE FUNCTION callcenter.audit_log_is_append_only()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'cc_audit_log_is_append_only';
COMMENT ON FUNCTION callcenter.audit_log_is_append_only() IS 'refuses to change or remove rows of the audit log, whoever asks, but the redaction of an erased person and the end of a company';

CREATE TRIGGER audit_log_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON callcenter.audit_log
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.audit_log_is_append_only();

ALTER TABLE callcenter.audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.audit_log USING (company_id = callcenter.current_company());

-- What belongs to no company: users, who may be members of several or of none, and companies that are gone.
CREATE TABLE callcenter.platform_log (
	id callcenter.object_id PRIMARY KEY,
	at timestamptz NOT NULL DEFAULT now(),
	actor text NOT NULL,
	action text COLLATE "C" NOT NULL,
	record_type text COLLATE "C" NOT NULL,
	record_id callcenter.object_id NOT NULL,
	before jsonb,
	after jsonb
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.platform_log', '');
COMMENT ON TABLE callcenter.platform_log IS 'who changed what belongs to no company, and when: users, and companies that were deleted; append-only, and names nobody';
COMMENT ON COLUMN callcenter.platform_log.actor IS 'name of a database role; of a person who changes their own password the id';
COMMENT ON COLUMN callcenter.platform_log.action IS 'create, update, delete';
COMMENT ON COLUMN callcenter.platform_log.record_type IS 'user or company';
COMMENT ON COLUMN callcenter.platform_log.before IS 'of a deleted company how many records went with it';

CREATE TRIGGER platform_log_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON callcenter.platform_log
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.audit_log_is_append_only();

-- no policy: nobody but callcenter_auth, who bypasses row-level security, sees a row
ALTER TABLE callcenter.platform_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE FUNCTION callcenter.list_platform_log(earlier_than callcenter.object_id DEFAULT NULL, entries integer DEFAULT 100)
RETURNS json
LANGUAGE c STABLE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_list_platform_log';
COMMENT ON FUNCTION callcenter.list_platform_log(callcenter.object_id, integer) IS
	'the log of what belongs to no company, users and companies that were deleted: the newest entries (100, at most 1000), or those before the entry with an id.  Errors: 22023.';

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
