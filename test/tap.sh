# shellcheck shell=sh
# TAP for suites written in shell; sourced.
#
# ok NAME COMMAND...      a test that passes when the command does; what it said is
#                         shown when it fails
# is NAME GOT WANTED      a test that two texts are equal
# done_testing            prints the plan; the suite's last command, its exit status

tap_run=0
tap_bad=0

tap_point() {
	tap_run=$((tap_run + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_run - $2"
	else
		tap_bad=$((tap_bad + 1))
		echo "not ok $tap_run - $2"
	fi
}

tap_comment() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

ok() {
	tap_name=$1
	shift
	tap_status=0
	tap_said=$("$@" 2>&1) || tap_status=$?
	tap_point "$tap_status" "$tap_name"
	[ "$tap_status" -eq 0 ] || tap_comment "exit status $tap_status${tap_said:+:
$tap_said}"
}

is() {
	if [ "$2" = "$3" ]; then
		tap_point 0 "$1"
	else
		tap_point 1 "$1"
		tap_comment "got:    $2"
		tap_comment "wanted: $3"
	fi
}

not() {
	! "$@"
}

done_testing() {
	echo "1..$tap_run"
	[ "$tap_bad" -eq 0 ]
}
