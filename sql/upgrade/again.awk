# A part of sql/parts, said again: by an update from a version that has the part's tables.
#
# make runs this for each part that extension.mk lists as build/again/NAME.sql.  The statements keep their order:
#
#   left out   what makes a schema, type, domain, operator, table or index, row-level security, and the mark for dumps.
#              The older version has it; where the part has it otherwise, or has one more, sql/upgrade/VERSION/changes.sql
#              says so
#   replaced   functions, aggregates and views: CREATE OR REPLACE, which in an extension's script takes over nothing that
#              is not the extension's
#   in DO      triggers, and privileges of tables: one statement an EXECUTE, and repeatable, because a distributed engine
#              runs the script on nodes that have the change already
#   as it is   comments, owners and privileges of functions, and DO blocks, which must be repeatable themselves
#
# A statement ends with a line.  One of another kind ends the build.

function as_it_is(statement) {
	leave()
	printf "%s%s%s\n", gap, remark, statement
}

function in_do(statement) {
	if (!inside)
		printf "%sDO $$\nBEGIN\n", gap
	inside = 1
	sub(/;$/, "", statement)
	gsub(/'/, "''", statement)
	gsub(/\n\t*/, "\n\t\t", statement)
	gsub(/(^|\n)--/, "\n\t--", remark)
	printf "%s\tEXECUTE '%s';\n", substr(remark, 2), statement
}

function leave() {
	if (inside)
		printf "END\n$$;\n"
	inside = 0
}

# say STATEMENT: prints what the update says of it.
function say(statement,		flat) {
	flat = statement
	gsub(/[ \t\n]+/, " ", flat)
	if (flat ~ /^(CREATE (SCHEMA|TYPE|DOMAIN|OPERATOR|TABLE|(UNIQUE )?INDEX|POLICY)|ALTER INDEX) / ||
		flat ~ /^ALTER TABLE [^ ]* (ADD PRIMARY KEY|ENABLE ROW LEVEL SECURITY)/ ||
		flat ~ /^SELECT pg_catalog\.pg_extension_config_dump\(/)
		return
	if (flat ~ /^CREATE (FUNCTION|AGGREGATE|VIEW|TRIGGER) /)
		sub(/^CREATE/, "CREATE OR REPLACE", statement)
	if (flat ~ /^(CREATE (FUNCTION|AGGREGATE|VIEW)|COMMENT ON|ALTER FUNCTION|DO) / ||
		flat ~ /^(GRANT|REVOKE) .* ON (ALL FUNCTIONS IN SCHEMA|FUNCTION|SCHEMA) /)
		as_it_is(statement)
	else if (flat ~ /^(CREATE TRIGGER|GRANT|REVOKE) / || flat ~ /^ALTER TABLE [^ ]* ENABLE ALWAYS TRIGGER /)
		in_do(statement)
	else
		fail("cannot be repeated: " flat)
	gap = ""
}

function fail(why) {
	print FILENAME ":" FNR ": " substr(why, 1, 100) > "/dev/stderr"
	failed = 1
	exit 1
}

FNR == 1 {
	print "-- Again: " FILENAME
	gap = "\n"
}

text == "" && /^$/ {
	gap = "\n"
	remark = ""
	next
}

text == "" && /^--/ {
	remark = remark $0 "\n"
	next
}

{
	line = $0
	quotes += gsub(/'/, "", line)
	text = text (text == "" ? "" : "\n") $0
}

/;$/ && (text ~ /^DO / ? /^\$\$;$/ : quotes % 2 == 0) {
	say(text)
	text = remark = ""
}

END {
	if (failed)
		exit 1
	leave()
	if (text != "")
		fail("has no end: " text)
}
