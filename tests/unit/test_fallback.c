/* test_fallback.c: which backend a group gets, tried on two that fork */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"
#include "registry.h"
#include "unit.h"

/*
 * Two backends instead of the library's: the warden is a plain child, and
 * nobody leaves its group of processes.  The stronger one fails where a test
 * wants it to.
 */
static struct {
	int create_errno, settle_errno, lack_errno, dies;
} strong;

static int strong_made, weak_made;

static pid_t
create_strong(struct ctn_attempt *attempt)
{
	strong_made++;
	attempt->step = "make strong";
	attempt->has_handlers = 1;
	if (strong.create_errno == 0)
		return fork();
	errno = strong.create_errno;
	return -1;
}

static int
settle_strong(struct ctn_attempt *attempt)
{
	if (strong.dies)
		_exit(0);
	attempt->step = "settle strong";
	attempt->made = 4;
	if (strong.lack_errno != 0) {
		attempt->lack_step = "lack";
		attempt->lack_errnum = strong.lack_errno;
	}
	if (strong.settle_errno == 0)
		return 0;
	errno = strong.settle_errno;
	return -1;
}

static pid_t
create_weak(struct ctn_attempt *attempt)
{
	weak_made++;
	attempt->step = "make weak";
	attempt->has_handlers = 1;
	return fork();
}

static int
settle_weak(struct ctn_attempt *attempt)
{
	attempt->made = 2;
	return 0;
}

static void
do_nothing(struct ctn_attempt *attempt)
{
	(void)attempt;		/* no command here leaves anybody */
}

static int
visit(struct ctn_attempt *attempt, size_t looked_at, ctn_member_fn *visitor,
    void *arg)
{
	(void)attempt;
	(void)looked_at;
	(void)visitor;
	(void)arg;
	return 0;
}

static int
sweep(enum contain_sweep_how how, int64_t grace_ms, contain_stray_fn *stray,
    void *arg, struct contain_error *error)
{
	(void)how;
	(void)grace_ms;
	(void)stray;
	(void)arg;
	(void)error;
	return 0;
}

static int
anybody_left(struct ctn_attempt *attempt)
{
	(void)attempt;
	return 0;
}

static void
destroy(struct ctn_attempt *attempt)
{
	kill(attempt->warden, SIGKILL);
}

static void
describe(const struct ctn_attempt *attempt, char *mechanism, size_t size)
{
	snprintf(mechanism, size, "made %u", attempt->made);
}

static void
explain(const char *step, int errnum, struct contain_verdict *verdict)
{
	(void)errnum;
	snprintf(verdict->reason, sizeof(verdict->reason), "why %.30s", step);
	snprintf(verdict->remedy, sizeof(verdict->remedy), "fix it");
}

static const struct ctn_backend strong_backend = {
	.id = CONTAIN_BACKEND_PIDNS,
	.guarantee = CONTAIN_GUARANTEE_SIGKILL,
	.reach = CONTAIN_REACH_NAMESPACE,
	.grace_ms = 0,
	.create = create_strong,
	.settle = settle_strong,
	.hang_up = do_nothing,
	.kill_all = do_nothing,
	.anybody_left = anybody_left,
	.visit = visit,
	.destroy = destroy,
	.release = do_nothing,
	.sweep = sweep,
	.describe = describe,
	.explain = explain,
};

static const struct ctn_backend weak_backend = {
	.id = CONTAIN_BACKEND_PTY,
	.guarantee = CONTAIN_GUARANTEE_SIGHUP,
	.reach = CONTAIN_REACH_DESCENDANTS,
	.grace_ms = 0,
	.may_outlive = 1,
	.create = create_weak,
	.settle = settle_weak,
	.hang_up = do_nothing,
	.kill_all = do_nothing,
	.anybody_left = anybody_left,
	.visit = visit,
	.destroy = destroy,
	.release = do_nothing,
	.sweep = sweep,
	.describe = describe,
	.explain = explain,
};

const struct ctn_backend *const ctn_registry[] = { &strong_backend,
	&weak_backend, NULL };

/* ---- spawning ------------------------------------------------------ */

static struct contain_options *options;
static struct contain_error err;

static int
begin(void **state)
{
	(void)state;
	memset(&strong, 0, sizeof(strong));
	strong_made = weak_made = 0;
	options = contain_options_new();
	return options == NULL;
}

/* And nothing is left behind, whatever happened. */
static int
finish(void **state)
{
	(void)state;
	contain_options_free(options);
	return unit_no_child() ? 0 : -1;
}

static int
spawn(const char *script, struct contain_group **group)
{
	char sh[] = "/bin/sh", c[] = "-c";
	char *argv[] = { sh, c, (char *)script, NULL };
	int fds = unit_count_fds(), code;

	*group = NULL;
	code = contain_spawn(options, argv, group, &err);
	if (code != CONTAIN_OK) {
		CHECK(*group == NULL);
		CHECK_INT(unit_count_fds(), fds);
		CHECK_INT(err.code, code);
	}
	return code;
}

/* Wait for the group; it ended with status 5 in this backend. */
static void
check_ran(struct contain_group *group, enum contain_backend backend,
    const char *why_not_better)
{
	const struct contain_effect *effect = contain_effect(group);
	struct contain_result result;

	CHECK_INT(effect->backend, backend);
	CHECK_STR(effect->why_not_better, why_not_better);
	unit_finish(group, &result);
	CHECK_INT(result.status, 5 << 8);
	contain_free(group);
}

#define SCRIPT "test $CONTAIN_BACKEND = pidns -a $CONTAIN_GUARANTEE = "	\
	"SIGKILL -o $CONTAIN_BACKEND = pty -a $CONTAIN_GUARANTEE = SIGHUP " \
	"&& exit 5"

static void
strongest_first(void **state)
{
	struct contain_group *group;

	(void)state;
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	assert_int_equal(contain_effect(group)->guarantee,
	    CONTAIN_GUARANTEE_SIGKILL);
	assert_int_equal(contain_effect(group)->reach,
	    CONTAIN_REACH_NAMESPACE);
	assert_string_equal(contain_effect(group)->mechanism, "made 4");
	check_ran(group, CONTAIN_BACKEND_PIDNS, "");
	assert_int_equal(weak_made, 0);
}

static void
not_created(void **state)
{
	struct contain_group *group;
	char why[200];

	(void)state;
	strong.create_errno = ENOSPC;
	snprintf(why, sizeof(why), "pidns: make strong: %s: why make strong "
	    "(fix it)", strerror(ENOSPC));
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	assert_int_equal(contain_effect(group)->guarantee,
	    CONTAIN_GUARANTEE_SIGHUP);
	assert_int_equal(contain_effect(group)->reach,
	    CONTAIN_REACH_DESCENDANTS);
	assert_string_equal(contain_effect(group)->mechanism, "made 2");
	check_ran(group, CONTAIN_BACKEND_PTY, why);
}

/* The step and errno come from the other process. */
static void
not_settled(void **state)
{
	struct contain_group *group;
	char why[200];

	(void)state;
	strong.settle_errno = EDQUOT;
	snprintf(why, sizeof(why), "pidns: settle strong: %s: why settle "
	    "strong (fix it)", strerror(EDQUOT));
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	check_ran(group, CONTAIN_BACKEND_PTY, why);
}

/* What is lacking is told, too, with and without a wait for READY. */
static int
let_it(const struct contain_effect *effect, void *arg)
{
	char *seen = arg;

	snprintf(seen, 200, "%s|%s", effect->mechanism,
	    effect->why_not_better);
	return 0;
}

static void
lacking(void **state)
{
	struct contain_group *group;
	char why[200], seen[200] = "", wanted[250];

	(void)state;
	strong.lack_errno = EPERM;
	snprintf(why, sizeof(why), "pidns: lack: %s: why lack (fix it)",
	    strerror(EPERM));
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	check_ran(group, CONTAIN_BACKEND_PIDNS, why);
	contain_options_set_ready(options, let_it, seen, NULL);
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	snprintf(wanted, sizeof(wanted), "made 4|%s", why);
	assert_string_equal(seen, wanted);
	check_ran(group, CONTAIN_BACKEND_PIDNS, why);
}

/* READY, and the reasons of the one that failed before it. */
static void
ready_after_fallback(void **state)
{
	struct contain_group *group;
	char seen[200] = "";

	(void)state;
	strong.settle_errno = EPERM;
	contain_options_set_ready(options, let_it, seen, NULL);
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	assert_int_equal(strncmp(seen, "made 2|pidns: settle strong: ", 29),
	    0);
	check_ran(group, CONTAIN_BACKEND_PTY, seen + 7);
}

/* Its warden dies without a word, before it could have run anything. */
static void
warden_dies_early(void **state)
{
	struct contain_group *group;
	char seen[200] = "";

	(void)state;
	strong.dies = 1;
	contain_options_set_ready(options, let_it, seen, NULL);
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	assert_int_equal(contain_effect(group)->backend, CONTAIN_BACKEND_PTY);
	CHECK_HAS(contain_effect(group)->why_not_better,
	    "the warden died before the command was executed");
	unit_finish(group, NULL);
	contain_free(group);
}

/* The same after the host's "go": nobody knows whether the command ran, so
 * nothing else is tried. */
static void
warden_dies_late(void **state)
{
	struct contain_group *group;

	(void)state;
	strong.dies = 1;
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_E_WARDEN);
	assert_int_equal(weak_made, 0);
}

/* The command's own fault is no reason to try another backend. */
static void
not_executed(void **state)
{
	char *argv[] = { (char *)"/nonexistent", NULL };
	struct contain_group *group = NULL;

	(void)state;
	assert_int_equal(contain_spawn(options, argv, &group, &err),
	    CONTAIN_E_EXEC);
	assert_int_equal(err.errnum, ENOENT);
	assert_int_equal(strong_made, 1);
	assert_int_equal(weak_made, 0);
}

static int
refuse_it(const struct contain_effect *effect, void *arg)
{
	int *calls = arg;

	(void)effect;
	++*calls;
	return 1;
}

static void
refused_by_host(void **state)
{
	struct contain_group *group;
	int calls = 0;

	(void)state;
	contain_options_set_ready(options, refuse_it, &calls, NULL);
	assert_int_equal(spawn("exit 0", &group), CONTAIN_E_STATE);
	assert_int_equal(calls, 1);
	assert_int_equal(weak_made, 0);
}

static void
required(void **state)
{
	struct contain_group *group;
	char why[300];

	(void)state;
	strong.create_errno = EPERM;
	contain_options_set_require(options, CONTAIN_GUARANTEE_SIGKILL, NULL);
	assert_int_equal(spawn("exit 0", &group), CONTAIN_E_UNAVAILABLE);
	assert_int_equal(weak_made, 0);
	snprintf(why, sizeof(why), "cannot contain: pidns: make strong: %s: "
	    "why make strong (fix it)", strerror(EPERM));
	assert_string_equal(err.message, why);
	contain_options_set_require(options, CONTAIN_GUARANTEE_SIGHUP, NULL);
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	unit_finish(group, NULL);
	contain_free(group);
}

static void
named(void **state)
{
	struct contain_group *group;

	(void)state;
	contain_options_set_backend(options, CONTAIN_BACKEND_PTY, NULL);
	assert_int_equal(spawn(SCRIPT, &group), CONTAIN_OK);
	assert_int_equal(strong_made, 0);
	check_ran(group, CONTAIN_BACKEND_PTY, "");
	contain_options_set_require(options, CONTAIN_GUARANTEE_SIGKILL, NULL);
	assert_int_equal(spawn("exit 0", &group), CONTAIN_E_UNAVAILABLE);
	assert_string_equal(err.message,
	    "backend pty: does not guarantee SIGKILL");
	contain_options_set_backend(options, CONTAIN_BACKEND_PIDNS, NULL);
	strong.create_errno = EPERM;
	assert_int_equal(spawn("exit 0", &group), CONTAIN_E_UNAVAILABLE);
	assert_int_equal(weak_made, 1);
}

/* CONTAIN_GROUP=HOST.START:WARDEN.START for a group that may outlive both. */
static void
mark_with_start_times(void **state)
{
	struct ctn_process host, warden;
	struct contain_group *group;
	struct unit_talk talk;
	char wanted[100];

	(void)state;
	contain_options_set_backend(options, CONTAIN_BACKEND_PTY, NULL);
	unit_talk_open(&talk);
	group = unit_spawn(options, "echo \"$CONTAIN_GROUP\" >&9; read x <&8",
	    &talk);
	assert_int_equal(ctn_os_process_get(getpid(), &host), 0);
	assert_int_equal(ctn_os_process_get(contain_effect(group)->warden,
	    &warden), 0);
	snprintf(wanted, sizeof(wanted), "%ld.%llu:%ld.%llu", (long)getpid(),
	    (unsigned long long)host.start, (long)warden.pid,
	    (unsigned long long)warden.start);
	assert_string_equal(unit_hear(&talk), wanted);
	unit_say(&talk, "");
	unit_finish(group, NULL);
	contain_free(group);
	unit_talk_close(&talk);
}

/* ---- probing ------------------------------------------------------- */

static void
probe(void **state)
{
	struct contain_verdict verdicts[CONTAIN_VERDICTS_MAX];
	int fds = unit_count_fds();

	(void)state;
	strong.settle_errno = EACCES;
	assert_int_equal(contain_probe(NULL, verdicts, CONTAIN_VERDICTS_MAX,
	    &err), 2);
	assert_int_equal(verdicts[0].backend, CONTAIN_BACKEND_PIDNS);
	assert_int_equal(verdicts[0].usable, 0);
	assert_int_equal(verdicts[0].errnum, EACCES);
	assert_string_equal(verdicts[0].step, "settle strong");
	assert_string_equal(verdicts[0].reason, "why settle strong");
	assert_string_equal(verdicts[0].remedy, "fix it");
	assert_string_equal(verdicts[0].mechanism, "");
	assert_int_equal(verdicts[1].backend, CONTAIN_BACKEND_PTY);
	assert_int_equal(verdicts[1].usable, 1);
	assert_int_equal(verdicts[1].errnum, 0);
	assert_string_equal(verdicts[1].mechanism, "made 2");
	assert_string_equal(verdicts[1].reason, "");
	assert_int_equal(unit_count_fds(), fds);
}

static void
probe_some(void **state)
{
	struct contain_verdict verdicts[2];

	(void)state;
	memset(verdicts, 'x', sizeof(verdicts));
	assert_int_equal(contain_probe(NULL, verdicts, 1, &err), 1);
	assert_int_equal(verdicts[0].backend, CONTAIN_BACKEND_PIDNS);
	assert_int_equal(weak_made, 0);
	assert_int_equal(contain_probe(NULL, NULL, 0, &err), 0);
	contain_options_set_backend(options, CONTAIN_BACKEND_PTY, NULL);
	assert_int_equal(contain_probe(options, verdicts, 2, &err), 1);
	assert_int_equal(verdicts[0].backend, CONTAIN_BACKEND_PTY);
	contain_options_set_require(options, CONTAIN_GUARANTEE_SIGKILL, NULL);
	assert_int_equal(contain_probe(options, verdicts, 2, &err), 0);
}

static void
probe_lacking(void **state)
{
	struct contain_verdict verdict;

	(void)state;
	strong.lack_errno = EPERM;
	assert_int_equal(contain_probe(NULL, &verdict, 1, &err), 1);
	assert_int_equal(verdict.usable, 1);
	assert_int_equal(verdict.errnum, EPERM);
	assert_string_equal(verdict.step, "lack");
	assert_string_equal(verdict.reason, "why lack");
}

#define fresh(test) cmocka_unit_test_setup_teardown(test, begin, finish)

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		fresh(strongest_first),
		fresh(not_created),
		fresh(not_settled),
		fresh(lacking),
		fresh(ready_after_fallback),
		fresh(warden_dies_early),
		fresh(warden_dies_late),
		fresh(not_executed),
		fresh(refused_by_host),
		fresh(required),
		fresh(named),
		fresh(mark_with_start_times),
		fresh(probe),
		fresh(probe_some),
		fresh(probe_lacking),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
