/* judge.c: one run, and what is said of it */
#include "config.h"

#include <sys/wait.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "torture.h"

/* ---- a run ----------------------------------------------------------- */

struct start {
	const struct world *world;
	const struct scenario *scenario;
};

static void
become_nobody(void)
{
	const struct passwd *pw = getpwnam("nobody");

	if (pw == NULL || setgroups(0, NULL) == -1 || setgid(pw->pw_gid) == -1 ||
	    setuid(pw->pw_uid) == -1)
		_exit(98);
}

static const char *
expand(const struct world *world, const char *word, char *path, size_t size)
{
	if (strcmp(word, "OUT") == 0)
		return world->out;
	if (strcmp(word, "contain") != 0 && strcmp(word, "host") != 0 &&
	    strcmp(word, "prey") != 0)
		return word;
	snprintf(path, size, "%s/%s", world->stage, word);
	return path;
}

/* A terminal is 0 and 1; messages are looked at, and go to a file. */
static void
open_stdio(const struct start *start)
{
	int fd = start->scenario->has_terminal ? start->world->terminal :
	    open("/dev/null", O_RDWR);

	dup2(fd, 0);
	dup2(fd, 1);
	dup2(open(start->world->err, O_WRONLY | O_APPEND), 2);
	for (fd = 3; fd < 1024; fd++)
		close(fd);
}

static void
launch(void *arg)
{
	const struct start *start = arg;
	const struct scenario *scenario = start->scenario;
	char paths[ARGS_MAX][300];
	const char *argv[ARGS_MAX + 1];
	sigset_t none;
	int i;

	if (!scenario->has_terminal) {
		setsid();
	} else {
		setpgid(0, 0);
		tcsetpgrp(start->world->terminal, getpid());
	}
	open_stdio(start);
	if (start->world->as_nobody)
		become_nobody();
	for (i = 0; i < ARGS_MAX && scenario->argv[i] != NULL; i++)
		argv[i] = expand(start->world, scenario->argv[i], paths[i],
		    sizeof(paths[i]));
	argv[i] = NULL;
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(argv[0], (char **)(uintptr_t)argv);
}

/* ---- what it has left ------------------------------------------------ */

static void
read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd != -1 ? read(fd, text, size - 1) : 0;

	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

static unsigned
count_lines(const char *text, const char *start)
{
	unsigned count = 0;

	for (; *text != '\0'; text += strcspn(text, "\n"),
	    text += *text == '\n')
		count += strncmp(text, start, strlen(start)) == 0;
	return count;
}

static unsigned
count_mounts(void)
{
	char text[16384];

	read_file("/proc/self/mountinfo", text, sizeof(text));
	return count_lines(text, "");
}

/* The worker's own and ptmx, beside the two names of the directory. */
static int
count_terminals(void)
{
	DIR *dir = opendir("/dev/pts");
	int count = -4;

	while (dir != NULL && readdir(dir) != NULL)
		count++;
	if (dir != NULL)
		closedir(dir);
	return count;
}

struct words {
	char out[4096];
	char err[8192];
	unsigned started, lines;
};

static enum verdict
fault(char *why, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum verdict
fault(char *why, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, size, format, args);
	va_end(args);
	return VERDICT_FAULT;
}

static int
has_other_modes(struct world *world)
{
	struct termios now;
	int differ;

	memset(&now, 0, sizeof(now));
	tcsetpgrp(world->terminal, getpgrp());
	differ = tcgetattr(world->terminal, &now) == -1 ||
	    now.c_iflag != world->modes.c_iflag ||
	    now.c_oflag != world->modes.c_oflag ||
	    now.c_cflag != world->modes.c_cflag ||
	    now.c_lflag != world->modes.c_lflag ||
	    memcmp(now.c_cc, world->modes.c_cc, sizeof(now.c_cc)) != 0;
	if (differ)
		tcsetattr(world->terminal, TCSANOW, &world->modes);
	return differ;
}

/* What no run may leave, whatever is done to it. */
static enum verdict
look_around(struct world *world, const struct scenario *scenario,
    const struct trace *trace, const struct words *words, unsigned mounts,
    char *why, size_t size)
{
	int has_changed = has_other_modes(world);
	/* who does not handle a signal does not wait, either */
	int is_library = strstr(scenario->name, "library") != NULL;

	if (trace->is_hung)
		return fault(why, size, "hangs: %s", trace->who);
	if (trace->survivors > 0)
		return fault(why, size, "survivors: %s", trace->who);
	if (trace->is_late && !(is_library && WIFSIGNALED(trace->status)))
		return fault(why, size, "ended before: %s", trace->who);
	if (count_mounts() != mounts)
		return fault(why, size, "a mount is left");
	if (count_terminals() != 0)
		return fault(why, size, "a terminal is left");
	if (has_changed)
		return fault(why, size, "the terminal's modes are changed");
	if (strstr(words->out, "left") != NULL)
		return fault(why, size, "%s", words->out);
	if (words->started > 1)
		return fault(why, size, "started %u times", words->started);
	return VERDICT_PASSED;
}

/* ---- how it has ended ------------------------------------------------ */

static int
is_at_home(const struct scenario *scenario, const struct words *words)
{
	char line[64];

	snprintf(line, sizeof(line), "started %s\n", scenario->backend);
	return strstr(words->out, line) != NULL;
}

/* On a busy machine a time-out may come before the command's first word. */
static int
may_be_early(const struct scenario *scenario)
{
	return strstr(scenario->name, "timeout") != NULL;
}

static enum verdict
weigh_success(const struct scenario *scenario, const struct words *words,
    char *why, size_t size)
{
	if (words->started == 0 && may_be_early(scenario) && words->lines == 0)
		return VERDICT_PASSED;
	if (words->started != 1)
		return fault(why, size, "success, and nothing was started");
	if (is_at_home(scenario, words)) {
		if (scenario->may_fall_back || words->lines == 0)
			return VERDICT_PASSED;
		return fault(why, size, "success, and says: %s", words->err);
	}
	if (scenario->may_fall_back &&
	    strstr(words->err, "why_not_better=\"pidns: ") != NULL)
		return VERDICT_FELL_BACK;
	return fault(why, size, "fell back, and does not say why: %s%s",
	    words->out, words->err);
}

/* One line beside the report's, which begin with a word and "=". */
static enum verdict
weigh_refusal(const struct words *words, char *why, size_t size)
{
	unsigned reports = count_lines(words->err, "contain: backend=") +
	    count_lines(words->err, "contain: ended") +
	    count_lines(words->err, "contain: exit=") +
	    count_lines(words->err, "contain: failed");

	if (words->lines - reports != 1)
		return fault(why, size, "%u lines: %s", words->lines,
		    words->err);
	return VERDICT_REFUSED;
}

/* What is tried again, and no reason to refuse anything. */
static int
is_transient(const struct plan *plan)
{
	return plan->errnum == EINTR || plan->errnum == ERRNO_SHORT;
}

static int
is_refusal(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) >= 125 &&
	    WEXITSTATUS(status) <= 127;
}

static enum verdict
weigh_failure(const struct scenario *scenario, const struct plan *plan,
    const struct trace *trace, const struct words *words, char *why,
    size_t size)
{
	int status = trace->status;

	if (WIFEXITED(status) && WEXITSTATUS(status) == scenario->status)
		return weigh_success(scenario, words, why, size);
	if (is_refusal(status) && !is_transient(plan))
		return weigh_refusal(words, why, size);
	if (plan->deed >= DEED_KILL && (WIFSIGNALED(status) ||
	    WEXITSTATUS(status) > 128))
		return VERDICT_ENDED;
	return fault(why, size, "status %#x, started %u: %s", (unsigned)status,
	    words->started, words->err);
}

int
judge_usable(const struct world *world, const char *backend)
{
	char option[32], path[300];
	int status = -1;
	pid_t pid;

	snprintf(option, sizeof(option), "--backend=%s", backend);
	snprintf(path, sizeof(path), "%s/contain", world->stage);
	pid = fork_patiently();
	if (pid == 0) {
		if (world->as_nobody)
			become_nobody();
		dup2(open("/dev/null", O_RDWR), 1);
		execl(path, path, option, "--probe", (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	return status == 0;
}

enum verdict
judge_run(struct world *world, const struct scenario *scenario,
    const struct plan *plan, struct trace *trace, char *why, size_t size)
{
	struct start start = { world, scenario };
	unsigned mounts = count_mounts();
	struct words words;
	enum verdict verdict;

	if (truncate(world->out, 0) == -1 || truncate(world->err, 0) == -1)
		return fault(why, size, "no room for its words");
	trace_run(plan, launch, &start, trace);
	read_file(world->out, words.out, sizeof(words.out));
	read_file(world->err, words.err, sizeof(words.err));
	words.started = count_lines(words.out, "started");
	words.lines = count_lines(words.err, "");
	verdict = look_around(world, scenario, trace, &words, mounts, why,
	    size);
	if (verdict == VERDICT_FAULT)
		return verdict;
	return weigh_failure(scenario, plan, trace, &words, why, size);
}
