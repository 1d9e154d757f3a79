# coverage.awk: a table out of tests/uncovered and what llvm-cov exports.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

function percent(hit, all) {
	return all ? 100 * hit / all : 100
}

function row(name, lines, hit, branches, taken) {
	printf "%-28s %6d %6d %5.1f %%   %6d %6d %5.1f %%\n", name, lines,
	    hit, percent(hit, lines), branches, taken,
	    percent(taken, branches)
}

function complain(what) {
	print what | "sort"
	failed = 1
}

# FILE:FUNCTION COUNT REASON...
FILENAME ~ /uncovered$/ {
	if ($0 !~ /^#/ && NF > 2) {
		allowed[$1] = $2
		sometimes[$1] = $3 == "sometimes:"
	}
	next
}

/^SF:/ {
	file = substr($0, 4)
	split("", starts)
	split("", names)
	functions = lines = hit = branches = taken = 0
	if (!titled++)
		printf "%-28s %6s %6s %7s   %8s %6s %7s\n", "", "lines",
		    "hit", "", "branches", "taken", ""
}

/^FN:/ {
	split(substr($0, 4), part, ",")
	starts[++functions] = part[1]
	name = part[2]
	sub(/.*:/, "", name)
	names[functions] = name
}

# The function that a line is in; "" is a macro's.
function function_at(line,	i, best, name) {
	best = 0
	for (i = 1; i <= functions; i++)
		if (starts[i] + 0 <= line + 0 && starts[i] + 0 > best) {
			best = starts[i] + 0
			name = names[i]
		}
	return name
}

/^DA:/ {
	split(substr($0, 4), part, ",")
	where = function_at(part[1])
	if (where == "")
		next
	lines++
	if (part[2] != 0) {
		hit++
	} else {
		key = file ":" where
		missed[key]++
		at[key] = at[key] " " part[1]
	}
}

/^BRDA:/ {
	split(substr($0, 6), part, ",")
	branches++
	taken += part[4] != 0 && part[4] != "-"
}

/^end_of_record/ && lines > 0 {
	row(file, lines, hit, branches, taken)
	all_lines += lines
	all_hit += hit
	all_branches += branches
	all_taken += taken
}

END {
	row("all", all_lines, all_hit, all_branches, all_taken)
	for (key in missed)
		if (!whole || missed[key] > allowed[key] + 0)
			complain("not reached, and not in tests/uncovered: " \
			    key ":" at[key])
	if (!whole)
		exit 0
	for (key in allowed)
		if (!(key in missed) && !sometimes[key])
			complain("reached, but in tests/uncovered: " key)
	if (percent(all_hit, all_lines) < lines_goal)
		complain("below the goal for lines, " lines_goal " %")
	if (percent(all_taken, all_branches) < branches_goal)
		complain("below the goal for branches, " branches_goal " %")
	exit failed
}
