/* probe.c: what each backend can do here */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void
print_text(const struct contain_verdict *verdict)
{
	printf("%-6s %-4s guarantee=%s reach=%s", contain_backend_name(
	    verdict->backend), verdict->usable ? "yes" : "no",
	    contain_guarantee_name(verdict->guarantee),
	    contain_reach_name(verdict->reach));
	if (verdict->usable)
		printf(" mechanism=\"%s\"", verdict->mechanism);
	putchar('\n');
	if (verdict->reason[0] != '\0')
		printf("       %s: %s%s%s\n", verdict->step,
		    verdict->errnum != 0 ? strerror(verdict->errnum) : "",
		    verdict->errnum != 0 ? ": " : "", verdict->reason);
	if (verdict->remedy[0] != '\0')
		printf("       remedy: %s\n", verdict->remedy);
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
	for (i = 0; i < count; i++) {
		usable |= verdicts[i].usable;
		if (cli->report == CLI_REPORT_JSON)
			print_json(&verdicts[i]);
		else
			print_text(&verdicts[i]);
	}
	if (count == 0)
		cli_say("no backend that is built in gives what was asked");
	if (fflush(stdout) != 0)
		cli_fail("--probe: cannot write to standard output");
	return usable ? 0 : 1;
}
