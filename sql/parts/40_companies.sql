-- Companies, the people who sign in, and the database roles that may act for a company.

CREATE TABLE callcenter.companies (
	id callcenter.object_id PRIMARY KEY,
	name text NOT NULL CONSTRAINT companies_name_length CHECK (length(name) BETWEEN 1 AND 200),
	time_zone text NOT NULL,
	default_region text NOT NULL DEFAULT 'US' CONSTRAINT companies_default_region_syntax CHECK (default_region ~ '^[A-Z]{2}$'),
	own_numbers callcenter.e164[] NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	non_lead_intents text[] COLLATE "C" NOT NULL DEFAULT '{billing,vendor,reschedule,wrong_number}'
		CONSTRAINT companies_non_lead_intents_folded CHECK (non_lead_intents::text = lower(non_lead_intents::text)
			AND array_position(non_lead_intents, NULL) IS NULL),
	week_start smallint NOT NULL DEFAULT 1 CONSTRAINT companies_week_start_range CHECK (week_start BETWEEN 1 AND 7),
	follow_up_minutes_normal integer NOT NULL DEFAULT 60 CONSTRAINT companies_follow_up_minutes_normal_range CHECK (follow_up_minutes_normal BETWEEN 1 AND 10080),
	follow_up_minutes_urgent integer NOT NULL DEFAULT 60 CONSTRAINT companies_follow_up_minutes_urgent_range CHECK (follow_up_minutes_urgent BETWEEN 1 AND 10080),
	follow_up_minutes_emergency integer NOT NULL DEFAULT 15
		CONSTRAINT companies_follow_up_minutes_emergency_range CHECK (follow_up_minutes_emergency BETWEEN 1 AND 10080),
	business_days callcenter.weekday[] NOT NULL DEFAULT '{Monday,Tuesday,Wednesday,Thursday,Friday}',
	business_opens text COLLATE "C" NOT NULL DEFAULT '08:00'
		CONSTRAINT companies_business_opens_syntax CHECK (business_opens ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
	business_closes text COLLATE "C" NOT NULL DEFAULT '18:00'
		CONSTRAINT companies_business_closes_syntax CHECK (business_closes ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$'),
	CONSTRAINT companies_business_hours CHECK (business_opens < business_closes)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.companies', '');
COMMENT ON TABLE callcenter.companies IS 'one row a company (tenant)';
COMMENT ON COLUMN callcenter.companies.time_zone IS 'IANA time zone that days and hours of the company are counted in';
COMMENT ON COLUMN callcenter.companies.default_region IS 'ISO 3166 region that national phone numbers are read in';
COMMENT ON COLUMN callcenter.companies.own_numbers IS 'the company''s own phone numbers, which never make or match a customer';
COMMENT ON COLUMN callcenter.companies.non_lead_intents IS
	'intents, folded to lower case, with which a caller is not a lead: those calls are not in the denominator of the lead booking rate';
COMMENT ON COLUMN callcenter.companies.week_start IS 'the day that weeks begin with: 1 Monday to 7 Sunday (ISO 8601)';
COMMENT ON COLUMN callcenter.companies.follow_up_minutes_normal IS 'minutes of business time after which a follow-up is due';
COMMENT ON COLUMN callcenter.companies.follow_up_minutes_urgent IS 'minutes after which an urgent follow-up is due';
COMMENT ON COLUMN callcenter.companies.follow_up_minutes_emergency IS 'minutes after which the follow-up of an emergency is due';
COMMENT ON COLUMN callcenter.companies.business_opens IS 'when the company opens on its business days, local time';

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
	can_reveal boolean NOT NULL DEFAULT false,
	can_delete boolean NOT NULL DEFAULT false,
	PRIMARY KEY (company_id, user_id)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.memberships', '');
COMMENT ON TABLE callcenter.memberships IS 'which people may act for a company, and as what';
COMMENT ON COLUMN callcenter.memberships.can_reveal IS 'may reveal access codes, also without being admin';
COMMENT ON COLUMN callcenter.memberships.can_delete IS 'may delete calls and customers, also without being admin';

CREATE TABLE callcenter.role_grants (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	role_name text COLLATE "C" NOT NULL,
	granted_at timestamptz NOT NULL DEFAULT now(),
	can_reveal boolean NOT NULL DEFAULT false,
	can_delete boolean NOT NULL DEFAULT false,
	PRIMARY KEY (company_id, role_name)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.role_grants', '');
COMMENT ON TABLE callcenter.role_grants IS 'which database roles (services, BI tools) may act for a company; by name, so that a dump carries it';
COMMENT ON COLUMN callcenter.role_grants.can_reveal IS 'may reveal access codes';
COMMENT ON COLUMN callcenter.role_grants.can_delete IS 'may delete calls and customers';

ALTER TABLE callcenter.companies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.companies USING (id = callcenter.current_company());
-- no policy: nobody but callcenter_auth, who bypasses row-level security, sees a user
ALTER TABLE callcenter.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE callcenter.memberships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.memberships USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.role_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.role_grants USING (company_id = callcenter.current_company());
