# unit.mk: part of Makefile.am

# Unit tests: tests/unit/test_X.c is one cmocka group.  One line each.
unit_tests = \
	tests/unit/test_cli_options \
	tests/unit/test_clock \
	tests/unit/test_duration \
	tests/unit/test_error \
	tests/unit/test_fd \
	tests/unit/test_heap \
	tests/unit/test_json \
	tests/unit/test_leash \
	tests/unit/test_leftovers \
	tests/unit/test_names \
	tests/unit/test_options \
	tests/unit/test_os \
	tests/unit/test_prepare \
	tests/unit/test_select \
	tests/unit/test_signame \
	tests/unit/test_text
if WITH_LINUX
unit_tests += \
	tests/unit/test_linux_process
endif
if WITH_PIDNS
unit_tests += \
	tests/unit/test_pidns_reason
endif

if WITH_PTY
unit_tests += \
	tests/unit/test_pty_reason
endif

# Those that start commands: vfork and clone do not work in valgrind.
unit_tests_spawning = \
	tests/unit/test_api \
	tests/unit/test_command \
	tests/unit/test_deliver \
	tests/unit/test_fallback \
	tests/unit/test_fork \
	tests/unit/test_group \
	tests/unit/test_hosts \
	tests/unit/test_life \
	tests/unit/test_many \
	tests/unit/test_outfit \
	tests/unit/test_probe \
	tests/unit/test_spawn \
	tests/unit/test_start \
	tests/unit/test_terminal \
	tests/unit/test_wait
if WITH_PTY
unit_tests_spawning += \
	tests/unit/test_pty_members
endif

# The command has it only with musl.
tests_unit_test_heap_SOURCES = \
	src/cli/heap.c \
	src/cli/heap.h \
	tests/unit/test_heap.c
tests_unit_test_life_SOURCES = \
	tests/unit/scene.c \
	tests/unit/scene.h \
	tests/unit/test_life.c

# The linker gives the library failing.c in place of the C library.
if WITH_LINUX
unit_tests_spawning += \
	tests/unit/test_elevated \
	tests/unit/test_failing \
	tests/unit/test_warden
endif
tests_unit_test_elevated_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=ctn_os_is_elevated
tests_unit_test_failing_SOURCES = \
	tests/unit/failing.c \
	tests/unit/failing.h \
	tests/unit/test_failing.c
tests_unit_test_failing_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc \
	-Wl,--wrap=calloc \
	-Wl,--wrap=realloc \
	-Wl,--wrap=strdup \
	-Wl,--wrap=free \
	-Wl,--wrap=access \
	-Wl,--wrap=chdir \
	-Wl,--wrap=dup2 \
	-Wl,--wrap=epoll_create1 \
	-Wl,--wrap=epoll_ctl \
	-Wl,--wrap=execve \
	-Wl,--wrap=fcntl \
	-Wl,--wrap=fopen \
	-Wl,--wrap=fork \
	-Wl,--wrap=_Fork \
	-Wl,--wrap=fstat \
	-Wl,--wrap=getrlimit \
	-Wl,--wrap=ioctl \
	-Wl,--wrap=mmap \
	-Wl,--wrap=mount \
	-Wl,--wrap=open \
	-Wl,--wrap=pipe2 \
	-Wl,--wrap=posix_openpt \
	-Wl,--wrap=ppoll \
	-Wl,--wrap=prctl \
	-Wl,--wrap=read \
	-Wl,--wrap=readlink \
	-Wl,--wrap=recvmsg \
	-Wl,--wrap=send \
	-Wl,--wrap=setpgid \
	-Wl,--wrap=setrlimit \
	-Wl,--wrap=setsid \
	-Wl,--wrap=setsockopt \
	-Wl,--wrap=shutdown \
	-Wl,--wrap=socketpair \
	-Wl,--wrap=stat \
	-Wl,--wrap=syscall \
	-Wl,--wrap=tcgetattr \
	-Wl,--wrap=tcgetpgrp \
	-Wl,--wrap=tcgetsid \
	-Wl,--wrap=tcsetattr \
	-Wl,--wrap=tcsetpgrp \
	-Wl,--wrap=wait4 \
	-Wl,--wrap=waitid \
	-Wl,--wrap=write
