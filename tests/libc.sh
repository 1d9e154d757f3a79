# shellcheck shell=sh
#
# libc.sh: what the tests of the bindings share: which C library something is
# linked with, and what README says of them.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC
#
# A test sources this file.  Where there is no readelf, nothing is known.

# needed_libc FILE: the C library that it needs
needed_libc() {
	readelf -d "$1" 2>/dev/null |
		sed -n 's/.*(NEEDED).*\[\(libc\..*\)\].*/\1/p'
}

# has_other_libc PROGRAM LIBRARY: it cannot be loaded into that program.
has_other_libc() {
	[ "$(needed_libc "$1")" != "$(needed_libc "$2")" ]
}

# prints_as_readme FILE: does it have what README says of its programs?  Who has
# just been forked may not have executed sleep yet, and without pidns the promise
# is another.
prints_as_readme() {
	printf '%s\n' 'exit 3, promised: SIGKILL' 'left behind: sleep' >"$1.wanted"
	sed -e 's/SIGHUP$/SIGKILL/' -e 's/: sh$/: sleep/' "$1" |
		cmp -s - "$1.wanted"
}
