/*
 * json.c: check that each line is one JSON object, and pick a value.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * RFC 8259 to the letter, UTF-8 included, without a library.  A wanted path is
 * "leftovers.0.name"; each line that has it prints one line.
 */

static const unsigned char *at;
static unsigned long line_number;

static void parse_value(const char *want);

static _Noreturn void
bad(const char *what)
{
	errx(1, "line %lu: %s at: %.30s", line_number, what, (const char *)at);
}

static void
skip_space(void)
{
	while (*at == ' ' || *at == '\t' || *at == '\r')
		at++;
}

static void
parse_literal(const char *text)
{
	if (strncmp((const char *)at, text, strlen(text)) != 0)
		bad("unknown word");
	at += strlen(text);
}

static unsigned int
parse_hex(void)
{
	unsigned int value = 0;
	int i;

	for (i = 0; i < 4; i++, at++) {
		if (strchr("0123456789abcdefABCDEF", *at) == NULL || *at == 0)
			bad("bad \\u escape");
		value = value * 16 +
		    (*at <= '9' ? *at - '0' : (*at | 0x20) - 'a' + 10);
	}
	return value;
}

static void
parse_escape(int print)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	unsigned int value;

	at++;
	if (*at == 'u') {
		at++;
		value = parse_hex();
		if (print)
			printf(value < 0x80 ? "%c" : "\\u%04x", (int)value);
		return;
	}
	if (*at == '\0' || (found = strchr(from, *at)) == NULL)
		bad("bad escape");
	if (print)
		putchar(to[found - from]);
	at++;
}

/* One well-formed UTF-8 sequence (the table of RFC 3629, section 4). */
static void
parse_utf8(int print)
{
	unsigned char low = 0x80, high = 0xbf, lead = *at;
	int i, more = 0;

	if (lead < 0x80)
		more = 0;
	else if (lead >= 0xc2 && lead <= 0xdf)
		more = 1;
	else if (lead >= 0xe0 && lead <= 0xef)
		more = 2;
	else if (lead >= 0xf0 && lead <= 0xf4)
		more = 3;
	else
		bad("not UTF-8");
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	for (i = 1; i <= more; i++, low = 0x80, high = 0xbf)
		if (at[i] < low || at[i] > high)
			bad("not UTF-8");
	if (print)
		fwrite(at, 1, (size_t)more + 1, stdout);
	at += more + 1;
}

static void
parse_string(int print)
{
	if (*at++ != '"')
		bad("string expected");
	while (*at != '"') {
		if (*at < 0x20)
			bad("control character in a string");
		if (*at == '\\')
			parse_escape(print);
		else
			parse_utf8(print);
	}
	at++;
}

static void
parse_digits(void)
{
	if (*at < '0' || *at > '9')
		bad("digit expected");
	while (*at >= '0' && *at <= '9')
		at++;
}

static void
parse_number(int print)
{
	const unsigned char *start = at;

	if (*at == '-')
		at++;
	if (*at == '0')
		at++;
	else
		parse_digits();
	if (*at == '.') {
		at++;
		parse_digits();
	}
	if (*at == 'e' || *at == 'E') {
		at++;
		if (*at == '+' || *at == '-')
			at++;
		parse_digits();
	}
	if (print)
		printf("%.*s", (int)(at - start), (const char *)start);
}

/* What of the wanted path is inside key; NULL when it leads elsewhere. */
static const char *
descend(const char *want, const char *key, size_t size)
{
	if (want == NULL || strncmp(want, key, size) != 0)
		return NULL;
	if (want[size] == '\0')
		return want + size;
	return want[size] == '.' ? want + size + 1 : NULL;
}

static void
parse_member(const char *want)
{
	const unsigned char *key = at + 1;
	size_t size;

	parse_string(0);
	size = (size_t)(at - key - 1);
	skip_space();
	if (*at++ != ':')
		bad("colon expected");
	parse_value(descend(want, (const char *)key, size));
}

static void
parse_element(const char *want, unsigned long index)
{
	char key[24];

	snprintf(key, sizeof key, "%lu", index);
	parse_value(descend(want, key, strlen(key)));
}

/* Objects and arrays; prints how many members when it is what is wanted. */
static void
parse_container(int close, const char *want)
{
	unsigned long count = 0;
	int print = want != NULL && *want == '\0';

	if (print)
		want = NULL;
	at++;
	skip_space();
	while (*at != close) {
		if (count > 0 && *at++ != ',')
			bad("comma expected");
		skip_space();
		if (close == '}')
			parse_member(want);
		else
			parse_element(want, count);
		count++;
		skip_space();
	}
	at++;
	if (print)
		printf("%lu", count);
}

static void
parse_value(const char *want)
{
	int print = want != NULL && *want == '\0';

	skip_space();
	if (*at == '{')
		parse_container('}', want);
	else if (*at == '[')
		parse_container(']', want);
	else if (*at == '"')
		parse_string(print);
	else if (*at == 't' || *at == 'f' || *at == 'n') {
		if (print)
			fputs(*at == 't'   ? "true" :
				*at == 'f' ? "false" :
					     "null",
			    stdout);
		parse_literal(*at == 't' ? "true" :
			*at == 'f'	 ? "false" :
					   "null");
	} else
		parse_number(print);
	if (print)
		putchar('\n');
	skip_space();
}

int
main(int argc, char *argv[])
{
	const char *want = argc > 1 ? argv[1] : NULL;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (argc > 2)
		errx(2, "usage: json [PATH] < LINES");
	while ((n = getline(&line, &size, stdin)) > 0) {
		line_number++;
		if (line[n - 1] != '\n')
			errx(1, "line %lu: no newline", line_number);
		line[n - 1] = '\0';
		at = (const unsigned char *)line;
		if (strlen(line) != (size_t)n - 1 || *at != '{')
			bad("not an object");
		parse_value(want);
		if (*at != '\0')
			bad("more than one value");
	}
	free(line);
	if (line_number == 0)
		errx(1, "no line at all");
	return 0;
}
