# Counts the test points of a TAP stream: prints "PASSED FAILED SKIPPED PROBLEM".
#
# Node.js nests: a group's points stand, indented, before the group's own.  Only
# what has nothing below it is counted as a test; a group that fails although all
# of its tests passed (a hook, say) counts as one failure.  A stream without a plan,
# or with a plan that differs from what came, has a problem, in words.

function indent_of(line) {
	match(line, /^ */)
	return RLENGTH
}

/^ *(not )?ok([ \t]|$)/ {
	depth = indent_of($0)
	bad = ($0 ~ /^ *not /)
	skip = ($0 ~ /# *[Ss][Kk][Ii][Pp]/)
	todo = ($0 ~ /# *[Tt][Oo][Dd][Oo]/)
	parent = 0
	failed_below = 0
	for (d in below) {
		if (d + 0 > depth && below[d] > 0) {
			parent = 1
			failed_below += failures[d]
			below[d] = 0
			failures[d] = 0
		}
	}
	if (bad && todo)
		bad = 0
	if (!parent) {
		if (bad)
			failed++
		else if (skip || todo)
			skipped++
		else
			passed++
	} else if (bad && !failed_below)
		failed++
	below[depth]++
	failures[depth] += (bad || failed_below > 0)
	if (depth == 0)
		points++
	next
}

/^1\.\.[0-9]+/ {
	plans++
	split($1, part, /\.\./)
	planned += part[2]
}

/^Bail out!/ {
	problem = "bailed out"
}

END {
	if (problem == "" && plans == 0)
		problem = "printed no plan"
	if (problem == "" && planned != points)
		problem = "planned " planned " tests and ran " points + 0
	printf "%d %d %d %s\n", passed, failed, skipped, problem
}
