/* Contain.xs: libcontain(3) for lib/Contain.pm, which has the objects */
#define PERL_NO_GET_CONTEXT
#include "EXTERN.h"
#include "perl.h"
#include "XSUB.h"

#include <sys/types.h>
#include <sys/resource.h>
#include <string.h>

#include <contain.h>

typedef struct contain_options options_t;
typedef struct contain_group group_t;

/* die "MESSAGE\n" if a call failed. */
static void
check(pTHX_ int code, const struct contain_error *err)
{
	if (code < 0)
		croak_sv(sv_2mortal(newSVpvf("%s: %s\n",
		    contain_code_name(err->code), err->message)));
}

/* The strings of an array, ending with NULL; freed with the caller's scope. */
static char **
strings(pTHX_ AV *list)
{
	SSize_t count = av_len(list) + 1, i;
	SV *memory = sv_2mortal(newSV((STRLEN)(count + 1) * sizeof(char *)));
	char **words = (char **)(void *)SvPVX(memory);
	SV **item;

	for (i = 0; i < count; i++) {
		item = av_fetch(list, i, 0);
		words[i] = item != NULL ? SvPVbyte_nolen(*item) : (char *)"";
	}
	words[count] = NULL;
	return words;
}

static void
set_number(pTHX_ options_t *options, const char *name, IV value)
{
	struct contain_error err;
	int code;

#define NUMBER(which, type)						\
	if (strcmp(name, #which) == 0) {				\
		code = contain_options_set_##which(options, (type)value,\
		    &err);						\
		check(aTHX_ code, &err);				\
		return;							\
	}
	NUMBER(backend, enum contain_backend)
	NUMBER(require, enum contain_guarantee)
	NUMBER(timeout_ms, int64_t)
	NUMBER(kill_after_ms, int64_t)
	NUMBER(linger_ms, int64_t)
	NUMBER(grace_ms, int64_t)
	NUMBER(signal, int)
	NUMBER(descriptors, enum contain_descriptors)
	NUMBER(details, enum contain_details)
	croak("%s: no such option\n", name);
}

/*
 * What returns lists:
 *	_fork		0 in the child; else the pid and the group
 *	_effect		backend, guarantee, reach, warden, mechanism, why not better
 *	_wait		nothing yet; or status, flags, elapsed_ms, and for each
 *			leftover [pid, parent, took, name, age_ms, command]
 *	_members	[pid, parent, start, name]...
 * what of _tell: 0 signal, 1 end, 2 stop, 3 continue; it is false once the
 * group has ended.
 */

MODULE = Contain	PACKAGE = Contain	PREFIX = contain_
PROTOTYPES: DISABLE

const char *
contain_version()

IV
_options_new()
    CODE:
	RETVAL = PTR2IV(contain_options_new());
	if (RETVAL == 0)
		croak("memory: out of memory\n");
    OUTPUT:
	RETVAL

void
_options_free(IV options)
    CODE:
	contain_options_free(INT2PTR(options_t *, options));

void
_set_number(IV options, const char *name, IV value)
    CODE:
	set_number(aTHX_ INT2PTR(options_t *, options), name, value);

void
_set_directory(IV options, const char *directory)
    PREINIT:
	struct contain_error err;
    CODE:
	check(aTHX_ contain_options_set_directory(
	    INT2PTR(options_t *, options), directory, &err), &err);

void
_set_environment(IV options, AV *list)
    PREINIT:
	struct contain_error err;
    CODE:
	check(aTHX_ contain_options_set_environment(
	    INT2PTR(options_t *, options), strings(aTHX_ list), &err), &err);

void
_set_fd(IV options, int command_fd, int fd)
    PREINIT:
	struct contain_error err;
    CODE:
	check(aTHX_ contain_options_set_fd(INT2PTR(options_t *, options),
	    command_fd, fd, &err), &err);

void
_set_stdio(IV options, int command_fd, int how)
    PREINIT:
	struct contain_error err;
    CODE:
	check(aTHX_ contain_options_set_stdio(INT2PTR(options_t *, options),
	    command_fd, (enum contain_stdio)how, &err), &err);

void
_set_limit(IV options, int resource, UV soft, UV hard)
    PREINIT:
	struct contain_error err;
	struct rlimit limit;
    CODE:
	limit.rlim_cur = (rlim_t)soft;
	limit.rlim_max = (rlim_t)hard;
	check(aTHX_ contain_options_set_limit(INT2PTR(options_t *, options),
	    resource, &limit, &err), &err);

IV
_spawn(IV options, AV *words)
    PREINIT:
	struct contain_error err;
	group_t *group = NULL;
    CODE:
	check(aTHX_ contain_spawn(INT2PTR(options_t *, options),
	    strings(aTHX_ words), &group, &err), &err);
	RETVAL = PTR2IV(group);
    OUTPUT:
	RETVAL

void
_fork(IV options)
    PREINIT:
	struct contain_error err;
	group_t *group = NULL;
	pid_t pid;
    PPCODE:
	PERL_FLUSHALL_FOR_CHILD;
	pid = contain_fork(INT2PTR(options_t *, options), &group, &err);
	check(aTHX_ pid < 0 ? (int)pid : 0, &err);
	mXPUSHi((IV)pid);
	if (pid > 0)
		mXPUSHi(PTR2IV(group));

void
_effect(IV group)
    PREINIT:
	const struct contain_effect *effect;
    PPCODE:
	effect = contain_effect(INT2PTR(group_t *, group));
	mXPUSHp(contain_backend_name(effect->backend),
	    strlen(contain_backend_name(effect->backend)));
	mXPUSHp(contain_guarantee_name(effect->guarantee),
	    strlen(contain_guarantee_name(effect->guarantee)));
	mXPUSHp(contain_reach_name(effect->reach),
	    strlen(contain_reach_name(effect->reach)));
	mXPUSHi((IV)effect->warden);
	mXPUSHp(effect->mechanism, strlen(effect->mechanism));
	mXPUSHp(effect->why_not_better, strlen(effect->why_not_better));

int
_pid(IV group)
    CODE:
	RETVAL = (int)contain_pid(INT2PTR(group_t *, group));
    OUTPUT:
	RETVAL

int
_fd(IV group)
    CODE:
	RETVAL = contain_fd(INT2PTR(group_t *, group));
    OUTPUT:
	RETVAL

int
_take_stdio(IV group, int command_fd)
    PREINIT:
	struct contain_error err;
    CODE:
	RETVAL = contain_take_stdio(INT2PTR(group_t *, group), command_fd,
	    &err);
	check(aTHX_ RETVAL, &err);
    OUTPUT:
	RETVAL

int
_tell(IV group, int what, int signum)
    PREINIT:
	group_t *self;
	struct contain_error err;
	int code;
    CODE:
	self = INT2PTR(group_t *, group);
	code = what == 0 ? contain_signal(self, signum, &err) :
	    what == 1 ? contain_end(self, signum, &err) :
	    what == 2 ? contain_stop(self, &err) :
	    contain_continue(self, &err);
	if (code != CONTAIN_E_STATE)
		check(aTHX_ code, &err);
	RETVAL = code == CONTAIN_OK;
    OUTPUT:
	RETVAL

void
_wait(IV group, IV timeout_ms)
    PREINIT:
	struct contain_result result;
	struct contain_error err;
	AV *entry;
	size_t i;
	int code;
    PPCODE:
	code = contain_wait(INT2PTR(group_t *, group), (int64_t)timeout_ms,
	    &result, &err);
	if (code != CONTAIN_E_TIMEOUT) {
		check(aTHX_ code, &err);
		mXPUSHi((IV)result.status);
		mXPUSHu((UV)result.flags);
		mXPUSHi((IV)result.elapsed_ms);
		for (i = 0; i < result.listed; i++) {
			entry = newAV();
			av_push(entry, newSViv(result.leftover[i].pid));
			av_push(entry, newSViv(result.leftover[i].parent));
			av_push(entry, newSViv(result.leftover[i].took));
			av_push(entry, newSVpv(result.leftover[i].name, 0));
			av_push(entry,
			    newSViv((IV)result.leftover[i].age_ms));
			av_push(entry,
			    newSVpv(result.leftover[i].command, 0));
			mXPUSHs(newRV_noinc((SV *)entry));
		}
	}

void
_members(IV group)
    PREINIT:
	struct contain_member members[256];
	struct contain_error err;
	AV *entry;
	int i, count;
    PPCODE:
	count = contain_members(INT2PTR(group_t *, group), members, 256,
	    &err);
	check(aTHX_ count, &err);
	for (i = 0; i < count && i < 256; i++) {
		entry = newAV();
		av_push(entry, newSViv(members[i].pid));
		av_push(entry, newSViv(members[i].parent));
		av_push(entry, newSVuv((UV)members[i].start));
		av_push(entry, newSVpv(members[i].name, 0));
		mXPUSHs(newRV_noinc((SV *)entry));
	}

void
_free(IV group)
    CODE:
	contain_free(INT2PTR(group_t *, group));
