/*
 * as_user.c: become another user for good, then execute a command.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>

#include <err.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	struct passwd *pw;

	if (argc < 3)
		errx(2, "usage: as_user USER COMMAND [ARG...]");
	if ((pw = getpwnam(argv[1])) == NULL)
		errx(2, "%s: no such user", argv[1]);
	if (setgroups(1, &pw->pw_gid) == -1)
		err(2, "setgroups");
	if (setgid(pw->pw_gid) == -1)
		err(2, "setgid");
	if (setuid(pw->pw_uid) == -1)
		err(2, "setuid");
	execvp(argv[2], argv + 2);
	err(127, "%s", argv[2]);
}
