/*
 * stream.c: make or check a long stream of bytes that do not repeat.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* xorshift64 */
static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
fill(uint64_t *state, unsigned char *block, size_t size)
{
	size_t i;
	uint64_t word;

	for (i = 0; i < size; i += sizeof word) {
		word = next(state);
		memcpy(block + i, &word, sizeof word);
	}
}

static void
check(const unsigned char *want, size_t size)
{
	static unsigned char got[65536];

	if (fread(got, 1, size, stdin) != size)
		errx(1, "the stream is too short");
	if (memcmp(got, want, size) != 0)
		errx(1, "the stream differs");
}

int
main(int argc, char *argv[])
{
	static unsigned char block[65536];
	uint64_t state = 88172645463325252U;
	unsigned long left;
	size_t size;
	int making;

	if (argc != 3)
		errx(2, "usage: stream make|check BYTES");
	making = strcmp(argv[1], "make") == 0;
	for (left = strtoul(argv[2], NULL, 10); left > 0; left -= size) {
		size = left < sizeof block ? left : sizeof block;
		fill(&state, block, sizeof block);
		if (!making)
			check(block, size);
		else if (fwrite(block, 1, size, stdout) != size)
			err(1, "write");
	}
	if (!making && getchar() != EOF)
		errx(1, "the stream is too long");
	return fflush(stdout) == 0 ? 0 : 1;
}
