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
GRANT SELECT ON demo_line TO :"service";
SET LOCAL SESSION AUTHORIZATION :"service";

SELECT count(*) AS calls, count(*) FILTER (WHERE (answer ->> 'created')::boolean) AS created
FROM (
	SELECT callcenter.create_call(line ->> 'companyId', line -> 'call') AS answer
	FROM demo_line
	WHERE line ? 'call'
	ORDER BY number
) AS logged \gset

RESET SESSION AUTHORIZATION;
COMMIT;

\echo demo data: :companies companies, :users users, :created calls
