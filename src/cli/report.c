/* report.c: what is in effect, and how it ended, as text or JSON lines */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

static int report_fd = -1;

int
cli_report_fd(void)
{
	return report_fd;
}

/* Our own copy; the command does not get the one that was named, or a reader
 * would wait for it. */
static int
take_descriptor(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	int copy;

	if (flags == -1)
		return -1;
	if ((flags & O_ACCMODE) == O_RDONLY) {
		errno = EBADF;
		return -1;
	}
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (copy != -1 && fd > STDERR_FILENO)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return copy;
}

static int
open_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOCTTY, 0666);
	int copy;

	if (fd == -1 || fd > STDERR_FILENO)
		return fd;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return copy;
}

void
cli_report_open(struct cli *cli)
{
	if (cli->report_file != NULL && cli->report_fd != -1)
		cli_fail("--report-fd=%d: --report-file is given too",
		    cli->report_fd);
	report_fd = cli_say_fd();
	if (cli->report_file != NULL) {
		report_fd = open_file(cli->report_file);
		if (report_fd == -1)
			cli_fail("--report-file=%s: %s", cli->report_file,
			    strerror(errno));
	} else if (cli->report_fd != -1) {
		report_fd = take_descriptor(cli->report_fd);
		if (report_fd == -1)
			cli_fail("--report-fd=%d: %s", cli->report_fd,
			    errno == EBADF ? "not open for writing" :
			    strerror(errno));
	}
}

/* A reader that has gone away, or a full disk, does not end the command. */
static void
write_line(const char *line, size_t length)
{
	ssize_t n;

	while (length > 0) {
		n = write(report_fd, line, length);
		if (n == -1 && errno != EINTR)
			return;
		if (n > 0) {
			line += n;
			length -= (size_t)n;
		}
	}
}

static void
write_json(struct cli_json *json)
{
	cli_json_close(json, '}');
	json->text[json->used++] = '\n';
	write_line(json->text, json->used);
}

static void
start_json(const struct contain_effect *effect)
{
	struct cli_json json = { .used = 0 };

	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "event", "start");
	cli_json_string(&json, "backend",
	    contain_backend_name(effect->backend));
	cli_json_string(&json, "guarantee",
	    contain_guarantee_name(effect->guarantee));
	cli_json_string(&json, "reach", contain_reach_name(effect->reach));
	cli_json_string(&json, "mechanism", effect->mechanism);
	cli_json_string(&json, "why_not_better", effect->why_not_better);
	cli_json_number(&json, "warden", effect->warden);
	cli_json_number(&json, "contain", getpid());
	write_json(&json);
}

static void
start_text(const struct contain_effect *effect)
{
	char line[2048];
	int n;

	n = snprintf(line, sizeof(line), "contain: backend=%s guarantee=%s "
	    "reach=%s mechanism=\"%s\"%s%s%s\n",
	    contain_backend_name(effect->backend),
	    contain_guarantee_name(effect->guarantee),
	    contain_reach_name(effect->reach), effect->mechanism,
	    effect->why_not_better[0] != '\0' ? " why_not_better=\"" : "",
	    effect->why_not_better,
	    effect->why_not_better[0] != '\0' ? "\"" : "");
	if (n > 0)
		write_line(line, (size_t)n < sizeof(line) ? (size_t)n :
		    sizeof(line) - 1);
}

void
cli_report_start(const struct cli *cli, const struct contain_effect *effect)
{
	if (cli->report == CLI_REPORT_JSON)
		start_json(effect);
	else if (cli->report == CLI_REPORT_TEXT)
		start_text(effect);
	else if (cli->verbosity == CLI_VERBOSE &&
	    effect->why_not_better[0] != '\0')
		cli_say("%s", effect->why_not_better);
}

void
cli_report_failure(const struct cli *cli, const struct contain_error *err,
    int status)
{
	struct cli_json json = { .used = 0 };

	if (cli->report != CLI_REPORT_JSON)
		return;		/* as text, the message itself says it all */
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "event", "failed");
	cli_json_number(&json, "status", status);
	cli_json_string(&json, "code", contain_code_name(err->code));
	cli_json_string(&json, "step", err->step);
	cli_json_string(&json, "message", err->message);
	write_json(&json);
}

/* Why the group ended, in one word or two. */
static const char *
ended_by(const struct cli *cli, const struct contain_result *result)
{
	if (result->flags & CONTAIN_F_WARDEN_DIED)
		return "warden-died";
	if (result->flags & CONTAIN_F_TIMED_OUT)
		return "timeout";
	if (result->flags & CONTAIN_F_ASKED)
		return cli->ended_by;
	return "command";
}

static double
seconds(const struct timeval *tv)
{
	return (double)tv->tv_sec + (double)tv->tv_usec / 1e6;
}

/* How a process ended: "exit" or "signal" and which. */
static const char *
ending_of(int status, char *value, size_t size)
{
	if (WIFSIGNALED(status)) {
		cli_signame_format(WTERMSIG(status), value, size);
		return "signal";
	}
	snprintf(value, size, "%d", WEXITSTATUS(status));
	return "status";
}

static void
end_text(const struct cli *cli, const struct contain_result *result)
{
	char line[512], value[32];
	const char *kind = ending_of(result->status, value, sizeof(value));
	int n;

	n = snprintf(line, sizeof(line), "contain: ended %s=%s by=%s%s "
	    "leftovers=%llu elapsed=%.3fs user=%.3fs system=%.3fs "
	    "maxrss=%ldKiB\n", kind, value, ended_by(cli, result),
	    result->flags & CONTAIN_F_FORCED ? " forced" : "",
	    (unsigned long long)result->leftovers,
	    (double)result->elapsed_ms / 1000,
	    seconds(&result->usage.ru_utime),
	    seconds(&result->usage.ru_stime), result->usage.ru_maxrss);
	if (n > 0)
		write_line(line, (size_t)n);
}

/* What it took, as a word: a signal, or nothing. */
static void
took_text(int took, char *text, size_t size)
{
	if (took == 0)
		snprintf(text, size, "nothing");
	else
		cli_signame_format(took, text, size);
}

static void
add_leftovers(struct cli_json *json, const struct contain_result *result)
{
	const struct contain_leftover *leftover;
	char took[32];
	size_t i;

	cli_json_open(json, "leftovers", '[');
	for (i = 0; i < result->listed; i++) {
		leftover = &result->leftover[i];
		took_text(leftover->took, took, sizeof(took));
		cli_json_open(json, NULL, '{');
		cli_json_number(json, "pid", leftover->pid);
		cli_json_number(json, "parent", leftover->parent);
		cli_json_string(json, "name", leftover->name);
		cli_json_string(json, "took", took);
		cli_json_string(json, "command", leftover->command);
		if (leftover->age_ms >= 0)
			cli_json_number(json, "age_ms", leftover->age_ms);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

static void
end_json(const struct cli *cli, const struct contain_result *result)
{
	const struct rusage *usage = &result->usage;
	struct cli_json json = { .used = 0 };
	char value[32];

	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "event", "end");
	if (WIFSIGNALED(result->status)) {
		ending_of(result->status, value, sizeof(value));
		cli_json_string(&json, "signal", value);
	} else {
		cli_json_number(&json, "status",
		    WEXITSTATUS(result->status));
	}
	cli_json_string(&json, "by", ended_by(cli, result));
	cli_json_boolean(&json, "forced",
	    (result->flags & CONTAIN_F_FORCED) != 0);
	cli_json_number(&json, "elapsed_ms", result->elapsed_ms);
	cli_json_number(&json, "user_us", (long long)usage->ru_utime.tv_sec *
	    1000000 + usage->ru_utime.tv_usec);
	cli_json_number(&json, "system_us",
	    (long long)usage->ru_stime.tv_sec * 1000000 +
	    usage->ru_stime.tv_usec);
	cli_json_number(&json, "maxrss_kib", usage->ru_maxrss);
	cli_json_number(&json, "leftover_count",
	    (long long)result->leftovers);
	cli_json_number(&json, "ended_count", (long long)result->ended);
	add_leftovers(&json, result);
	write_json(&json);
}

void
cli_report_end(const struct cli *cli, const struct contain_result *result)
{
	if (cli->report == CLI_REPORT_JSON)
		end_json(cli, result);
	else if (cli->report == CLI_REPORT_TEXT)
		end_text(cli, result);
}

/* ", age 2.5s", or nothing */
static void
age_text(const struct contain_leftover *leftover, char *text, size_t size)
{
	text[0] = '\0';
	if (leftover->age_ms >= 0)
		snprintf(text, size, ", age %.1fs",
		    (double)leftover->age_ms / 1000);
}

void
cli_report_leftovers(const struct contain_result *result)
{
	const struct contain_leftover *leftover;
	char took[32], age[32];
	size_t i;

	for (i = 0; i < result->listed; i++) {
		leftover = &result->leftover[i];
		took_text(leftover->took, took, sizeof(took));
		age_text(leftover, age, sizeof(age));
		cli_say("leftover: %s, pid %ld, parent %ld%s, ended by %s%s%s",
		    leftover->name, (long)leftover->pid,
		    (long)leftover->parent, age, leftover->took != 0 ? took :
		    "itself", leftover->command[0] != '\0' ? ": " : "",
		    leftover->command);
	}
	if (result->leftovers > result->listed)
		cli_say("leftover: and %llu more",
		    (unsigned long long)(result->leftovers - result->listed));
}
