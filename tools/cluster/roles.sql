-- Login roles of the private cluster; README's chapter on installing does the same by hand.
-- Run once, as superuser, in the database that has the extension.

-- The REST server: only EXECUTE on API functions, a token with each call.
CREATE ROLE callcenter_rest_login LOGIN IN ROLE callcenter_rest;
COMMENT ON ROLE callcenter_rest_login IS 'the REST server of callcenter';

-- LLM-0: looks callers up and logs calls, for every company.
CREATE ROLE llm0 LOGIN IN ROLE callcenter_service, callcenter_all_companies;
COMMENT ON ROLE llm0 IS 'the AI agent that answers the phone';

-- A BI tool that reads the demo company.
CREATE ROLE bi_demo LOGIN IN ROLE callcenter_analyst;
COMMENT ON ROLE bi_demo IS 'a BI tool of the demo company';
