-- What the API answers about a fixed set of calls and customers, as a service.

SET SESSION AUTHORIZATION llm0;

SELECT callcenter.lookup_by_phone(:'company', phone)
FROM (VALUES ('+13055550134'), ('(312) 555-0177'), ('anonymous'), ('+14045550100'), ('+12025550199')) AS v (phone);

SELECT callcenter.list_calls(:'company', params)
FROM (VALUES ('{"limit": 100}'::jsonb), ('{"status": "voicemail,error"}'), ('{"phone": "+13055550134"}'), ('{"q": "thermostat"}')) AS v (params);

SELECT callcenter.get_call(:'company', c ->> '_id')
FROM json_array_elements(callcenter.list_calls(:'company', '{"limit": 40}') -> 'calls') AS t (c);

SELECT callcenter.get_customer(:'company', 'CUST-' || lpad(n::text, 5, '0'))
FROM generate_series(1, 60) AS s (n);
