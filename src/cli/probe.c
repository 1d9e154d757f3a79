/* probe.c: what each backend can do here */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define GREEN	"\033[32m"
#define RED	"\033[31m"
#define BOLD	"\033[1m"
#define PLAIN	"\033[0m"

/* At a terminal that can, and if the user has not said no: no-color.org. */
static int
wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') &&
	    term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
}

static const char *
colour(const char *code)
{
	return wants_colour() ? code : "";
}

static void
print_head(void)
{
	printf("%s%-8s %-6s %-9s %-11s %s%s\n", colour(BOLD), "backend",
	    "usable", "guarantee", "reach", "how", colour(PLAIN));
}

/* One line of details, under the column of words. */
static void
print_detail(const char *what, const char *text)
{
	if (*text != '\0')
		printf("         %s: %s\n", what, text);
}

static void
print_text(const struct contain_verdict *verdict)
{
	const char *code = colour(verdict->usable ? GREEN : RED);
	char why[512];

	printf("%-8s %s%-6s%s %-9s %-11s %s\n",
	    contain_backend_name(verdict->backend), code,
	    verdict->usable ? "yes" : "no", colour(PLAIN),
	    contain_guarantee_name(verdict->guarantee),
	    contain_reach_name(verdict->reach),
	    verdict->usable ? verdict->mechanism : "-");
	snprintf(why, sizeof(why), "%s: %s%s%s", verdict->step,
	    verdict->errnum != 0 ? strerror(verdict->errnum) : "",
	    verdict->errnum != 0 ? ": " : "", verdict->reason);
	if (verdict->reason[0] != '\0')
		print_detail(verdict->usable ? "not better" : "why not", why);
	print_detail("remedy", verdict->remedy);
}

static void
print_json(const struct contain_verdict *verdict)
{
	struct cli_json json = { .used = 0 };

	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "event", "probe");
	cli_json_string(&json, "backend",
	    contain_backend_name(verdict->backend));
	cli_json_boolean(&json, "usable", verdict->usable);
	cli_json_string(&json, "guarantee",
	    contain_guarantee_name(verdict->guarantee));
	cli_json_string(&json, "reach", contain_reach_name(verdict->reach));
	cli_json_string(&json, "mechanism", verdict->mechanism);
	cli_json_string(&json, "step", verdict->step);
	cli_json_string(&json, "error", verdict->errnum != 0 ?
	    strerror(verdict->errnum) : "");
	cli_json_string(&json, "reason", verdict->reason);
	cli_json_string(&json, "remedy", verdict->remedy);
	cli_json_close(&json, '}');
	puts(json.text);
}

int
cli_probe(const struct cli *cli)
{
	struct contain_verdict verdicts[CONTAIN_VERDICTS_MAX];
	struct contain_error err;
	int count, i, usable = 0;

	count = contain_probe(cli->options, verdicts, CONTAIN_VERDICTS_MAX,
	    &err);
	if (count < 0)
		cli_fail("%s", err.message);
	if (count > 0 && cli->report != CLI_REPORT_JSON)
		print_head();
	for (i = 0; i < count; i++) {
		usable |= verdicts[i].usable;
		if (cli->report == CLI_REPORT_JSON)
			print_json(&verdicts[i]);
		else
			print_text(&verdicts[i]);
	}
	if (count == 0)
		cli_say("no backend that is built in gives what was asked");
	cli_flush("--probe");
	return usable ? 0 : 1;
}
