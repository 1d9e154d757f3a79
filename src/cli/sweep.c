/* sweep.c: --sweep: what is left of groups that nobody serves any more */
#include "config.h"

#include <stdio.h>

#include "cli.h"

/* What there is without --grace. */
#define GRACE_MS 1000

static void
print_stray(const struct contain_stray *stray, void *arg)
{
	const struct cli *cli = arg;
	struct cli_json json = { .used = 0 };

	if (cli->report != CLI_REPORT_JSON) {
		printf("%s: %s, pid %ld, group %s\n", cli->sweeps ==
		    CONTAIN_SWEEP_END ? "ended" : "stray", stray->name,
		    (long)stray->pid, stray->group);
		return;
	}
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "event", "stray");
	cli_json_boolean(&json, "ended", cli->sweeps == CONTAIN_SWEEP_END);
	cli_json_number(&json, "pid", stray->pid);
	cli_json_string(&json, "name", stray->name);
	cli_json_string(&json, "group", stray->group);
	cli_json_close(&json, '}');
	puts(json.text);
}

int
cli_sweep(struct cli *cli)
{
	struct contain_error err;

	if (contain_sweep(cli->sweeps, cli->has_grace ? cli->grace_ms :
	    GRACE_MS, print_stray, cli, &err) < 0)
		cli_fail("--sweep: %s", err.message);
	cli_flush("--sweep");
	return 0;
}
