/* json.c: what the reports' writer writes is read by somebody else's parser */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "fuzz.h"

static void
check(const struct cli_json *json, const char *value)
{
	json_error_t error;
	json_t *object = json_loads(json->text, 0, &error);
	const char *read;

	FUZZ_HOLDS(object != NULL);
	read = json_string_value(json_object_get(object, "first"));
	FUZZ_HOLDS(read != NULL);
	/* valid UTF-8 comes out as it went in */
	if (strstr(read, "\xef\xbf\xbd") == NULL)
		FUZZ_HOLDS(strcmp(read, value) == 0);
	FUZZ_HOLDS(json_is_array(json_object_get(object, "list")));
	json_decref(object);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cli_json json;
	char *value = malloc(size + 1);

	if (value == NULL)
		return 0;
	memcpy(value, data, size);
	value[size] = '\0';
	memset(&json, 0, sizeof(json));
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "first", value);
	cli_json_open(&json, "list", '[');
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "second", value + size / 2);
	cli_json_number(&json, "number", (long long)size);
	cli_json_close(&json, '}');
	cli_json_close(&json, ']');
	cli_json_close(&json, '}');
	FUZZ_HOLDS(json.used < sizeof(json.text));
	FUZZ_HOLDS(json.text[json.used] == '\0');
	if (!json.is_full)
		check(&json, value);
	free(value);
	return 0;
}
