/*
 * true_static.c: the shortest program, linked statically, to measure with.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

int
main(void)
{
	return 0;
}
