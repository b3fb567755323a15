# What a TAP stream says about the tests that failed: each point with its explanation.

/^ *not ok/ {
	print
	showing = 1
	next
}

/^ *ok( |$)/ || /^ *# Subtest/ || /^1\.\./ {
	showing = 0
}

showing {
	print
}
