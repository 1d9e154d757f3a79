/*
 * contain_warden.c: the program that libcontain executes as the warden.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 * It says nothing: whatever goes wrong before its first word on the leash, a
 * copy of the host takes its place.
 */
#include "config.h"

#include <stdio.h>

#include "os/os.h"
#include "program.h"
#include "request.h"
#include "warden.h"

int
main(int argc, char *argv[])
{
	static struct ctn_received received;
	int leash = ctn_program_leash(argc, argv);

	if (leash == -1) {
		fputs("contain-warden: only libcontain starts it\n", stderr);
		return 125;
	}
	if (ctn_os_is_elevated() ||
	    ctn_request_receive(&received, leash) == -1)
		return 125;
	ctn_warden_run(&received.attempt);
}
