# helpers.mk: part of Makefile.am

# Helpers: programs that the tests run.  Two lines each: without the second
# one they would link the library and cmocka.
check_helpers = \
	tests/helpers/as_user \
	tests/helpers/closefds \
	tests/helpers/early \
	tests/helpers/ended \
	tests/helpers/fds \
	tests/helpers/idle \
	tests/helpers/json \
	tests/helpers/late \
	tests/helpers/lifeline \
	tests/helpers/procs \
	tests/helpers/ptybench \
	tests/helpers/sigdrive \
	tests/helpers/sigstate \
	tests/helpers/sigwatch \
	tests/helpers/stream \
	tests/helpers/threadparent \
	tests/helpers/true_static
if WITH_LINUX
check_helpers += \
	tests/helpers/events \
	tests/helpers/forbid \
	tests/helpers/halfway \
	tests/helpers/hostile \
	tests/helpers/lateparent \
	tests/helpers/ptyshell \
	tests/helpers/survivor \
	tests/helpers/threads
endif
tests_helpers_hostile_CFLAGS = $(WARN_CFLAGS)
tests_helpers_hostile_LDFLAGS = $(TEST_STATIC)
tests_helpers_hostile_LDADD =
tests_helpers_as_user_LDADD =
tests_helpers_closefds_LDADD =
tests_helpers_early_LDADD =
tests_helpers_ended_LDADD =
tests_helpers_events_LDADD =
tests_helpers_fds_LDADD =
tests_helpers_forbid_LDADD =
tests_helpers_halfway_LDADD =
tests_helpers_idle_LDADD =
tests_helpers_json_LDADD =
tests_helpers_late_LDADD =
tests_helpers_lateparent_LDADD =
tests_helpers_lifeline_LDADD =
tests_helpers_procs_LDADD =
tests_helpers_ptybench_LDADD =
tests_helpers_ptyshell_LDADD =
tests_helpers_sigdrive_LDADD =
tests_helpers_sigstate_LDADD =
tests_helpers_sigwatch_LDADD =
tests_helpers_stream_LDADD =
tests_helpers_survivor_LDADD =
tests_helpers_threadparent_LDADD = $(PTHREAD_LIBS)
tests_helpers_threads_LDADD = src/libctn.la $(PTHREAD_LIBS)

# A program that does nothing, as fast as can be: to measure with.
tests_helpers_true_static_CFLAGS = $(WARN_CFLAGS)
tests_helpers_true_static_LDFLAGS = $(TEST_STATIC)
tests_helpers_true_static_LDADD =
