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
