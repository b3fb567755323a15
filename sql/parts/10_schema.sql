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
