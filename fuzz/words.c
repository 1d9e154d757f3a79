/* words.c: durations and names of signals */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "fuzz.h"

/* What a name stands for has a name that stands for it. */
static void
check_signal(const char *text)
{
	int signum = cli_signame_parse(text);
	char name[32];

	FUZZ_HOLDS(signum >= -1);
	if (signum <= 0 || signum > SIGRTMAX)
		return;
	cli_signame_format(signum, name, sizeof(name));
	FUZZ_HOLDS(strlen(name) < sizeof(name));
	FUZZ_HOLDS(cli_signame_parse(name) == signum);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	int64_t ms = -1;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (cli_duration_parse(text, &ms) == 0)
		FUZZ_HOLDS(ms >= 0);
	check_signal(text);
	free(text);
	return 0;
}
