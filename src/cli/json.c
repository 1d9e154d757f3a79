/* json.c: one line of JSON in a buffer of fixed size */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"

/* Room that closing brackets and the newline may need. */
#define RESERVE 16

/* All of text or nothing, and then nothing more: what is written stays within
 * the buffer, whatever it then means. */
static void
put(struct cli_json *json, const char *text)
{
	size_t length = strlen(text);

	if (json->is_full || json->used + length + RESERVE >=
	    sizeof(json->text)) {
		json->is_full = 1;
		return;
	}
	memcpy(json->text + json->used, text, length + 1);
	json->used += length;
}

/* How many bytes the valid UTF-8 sequence at text has; 0 if it is none. */
static size_t
sequence_length(const unsigned char *text)
{
	static const struct { unsigned char mask, lead; size_t length;
	    unsigned long least; } forms[] = {
		{ 0x80, 0x00, 1, 0 },
		{ 0xe0, 0xc0, 2, 0x80 },
		{ 0xf0, 0xe0, 3, 0x800 },
		{ 0xf8, 0xf0, 4, 0x10000 },
	};
	unsigned long point;
	size_t form, i;

	for (form = 0; form < 4; form++)
		if ((text[0] & forms[form].mask) == forms[form].lead)
			break;
	if (form == 4)
		return 0;
	point = text[0] & (unsigned char)~forms[form].mask;
	for (i = 1; i < forms[form].length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (text[i] & 0x3f);
	}
	if (point < forms[form].least || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return forms[form].length;
}

/* One character of text, escaped where JSON wants it; a byte that is not UTF-8
 * becomes U+FFFD.  Returns how many bytes of text it was. */
static size_t
put_character(struct cli_json *json, const unsigned char *text)
{
	size_t length = sequence_length(text);
	char out[8] = "";

	if (length == 0)
		snprintf(out, sizeof(out), "\\ufffd");
	else if (*text == '"' || *text == '\\')
		snprintf(out, sizeof(out), "\\%c", *text);
	else if (*text < 0x20 || *text == 0x7f)
		snprintf(out, sizeof(out), "\\u%04x", *text);
	else
		memcpy(out, text, length);
	put(json, out);
	return length > 0 ? length : 1;
}

static void
put_string(struct cli_json *json, const char *value)
{
	const unsigned char *at = (const unsigned char *)value;

	put(json, "\"");
	while (*at != '\0')
		at += put_character(json, at);
	put(json, "\"");
}

static void
put_name(struct cli_json *json, const char *name)
{
	if (json->needs_comma)
		put(json, ",");
	json->needs_comma = 1;
	if (name == NULL)
		return;
	put_string(json, name);
	put(json, ":");
}

void
cli_json_open(struct cli_json *json, const char *name, char bracket)
{
	char text[2] = { bracket, '\0' };

	put_name(json, name);
	put(json, text);
	json->needs_comma = 0;
	json->unwritten += json->is_full;
}

/* Fits always: RESERVE is kept for those that were opened. */
void
cli_json_close(struct cli_json *json, char bracket)
{
	if (json->unwritten > 0) {
		json->unwritten--;
		return;
	}
	json->text[json->used++] = bracket;
	json->text[json->used] = '\0';
	json->needs_comma = 1;
}

void
cli_json_string(struct cli_json *json, const char *name, const char *value)
{
	put_name(json, name);
	put_string(json, value);
}

void
cli_json_number(struct cli_json *json, const char *name, long long value)
{
	char text[32];

	put_name(json, name);
	snprintf(text, sizeof(text), "%lld", value);
	put(json, text);
}

void
cli_json_boolean(struct cli_json *json, const char *name, int value)
{
	put_name(json, name);
	put(json, value ? "true" : "false");
}
