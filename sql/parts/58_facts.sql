-- The type call_facts: what summaries count of one call.

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

CREATE FUNCTION callcenter.call_traits(
	status text, direction callcenter.call_direction, routing_tier smallint, follow_up_required boolean, reviewed boolean, flagged boolean,
	urgency text)
RETURNS smallint
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'cc_call_traits';
COMMENT ON FUNCTION callcenter.call_traits(text, callcenter.call_direction, smallint, boolean, boolean, boolean, text) IS
	'the traits of a call of which these are the columns; what table calls has in its column traits.  Errors: 22004 and 22P02 for a status that no call can have.';

CREATE FUNCTION callcenter.call_facts_kept()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'cc_call_facts_kept';
COMMENT ON FUNCTION callcenter.call_facts_kept() IS 'keeps calls.facts and calls.traits';
