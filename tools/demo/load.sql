-- The demo data on standard input (lines of generate.mjs) into the database; run by load, see there.

\getenv password CALLCENTER_PASSWORD
\getenv service CALLCENTER_DEMO_ROLE

BEGIN;

CREATE TEMPORARY TABLE demo_line (
	number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	line jsonb NOT NULL
) ON COMMIT DROP;

-- one column a line: quote and delimiter are bytes that JSON cannot hold unescaped
\copy demo_line (line) FROM pstdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

SELECT EXISTS (
	SELECT FROM callcenter.companies AS c
	JOIN demo_line AS d ON c.id = d.line #>> '{company,_id}'
) AS loaded \gset

\if :loaded
	\echo The demo data is there already; nothing is changed.
	ROLLBACK;
	\quit
\endif

SELECT count(callcenter.create_company(line -> 'company')) AS companies
FROM demo_line
WHERE line ? 'company' \gset

SELECT count(callcenter.create_user(line -> 'user' || jsonb_build_object('password', :'password'))) AS users
FROM demo_line
WHERE line ? 'user' \gset

SELECT count(callcenter.grant_company(line #>> '{grant,companyId}', line #>> '{grant,email}', line #>> '{grant,role}')) AS grants
FROM demo_line
WHERE line ? 'grant' \gset

-- The calls come from a service, which is the role that its session began with.
CREATE TEMPORARY TABLE demo_customer (
	number integer,
	company text,
	profile jsonb,
	id text
) ON COMMIT DROP;
GRANT SELECT ON demo_line TO :"service";
GRANT SELECT, INSERT ON demo_customer TO :"service";
SET LOCAL SESSION AUTHORIZATION :"service";

SELECT count(*) AS calls, count(*) FILTER (WHERE (answer ->> 'created')::boolean) AS created
FROM (
	SELECT callcenter.create_call(line ->> 'companyId', line -> 'call') AS answer
	FROM demo_line
	WHERE line ? 'call'
	ORDER BY number
) AS logged \gset

-- What the office knows beside: how visits went, and who the customers are.
SELECT count(callcenter.update_appointment(line ->> 'companyId', line #>> '{visit,id}', line #> '{visit,patch}')) AS visits
FROM (SELECT line FROM demo_line WHERE line ? 'visit' ORDER BY number) AS v \gset

INSERT INTO demo_customer
SELECT number, line ->> 'companyId' AS company, line -> 'profile' AS profile,
	callcenter.lookup_by_phone(line ->> 'companyId', line #>> '{profile,phone}') #>> '{customer,_id}' AS id
FROM demo_line
WHERE line ? 'profile';

SELECT count(callcenter.update_customer(company, id, profile -> 'patch')) AS profiles
FROM (SELECT * FROM demo_customer ORDER BY number) AS c \gset

SELECT count(callcenter.add_customer_note(company, id, note)) AS notes
FROM (SELECT * FROM demo_customer ORDER BY number) AS c, jsonb_array_elements(profile -> 'notes') AS n (note) \gset

RESET SESSION AUTHORIZATION;
COMMIT;

\echo demo data: :companies companies, :users users, :created calls, :visits visits, :profiles profiles
