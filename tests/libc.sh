# shellcheck shell=sh
#
# libc.sh: which C library something is linked with.
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
