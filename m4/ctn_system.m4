# CTN_SYSTEM
# ----------
# The system chooses whole files in src/os/; one row a system, and its file is
# src/os/SYSTEM.c.  Sets $ctn_system, $ctn_system_files, the conditionals
# WITH_LINUX and ON_LINUX (so says the host, whatever file was chosen), and
# LIBS_PRIVATE: what a static link needs besides.
AC_DEFUN([CTN_SYSTEM], [
AC_REQUIRE([AC_CANONICAL_HOST])
AC_ARG_WITH([system],
    [AS_HELP_STRING([--with-system=NAME],
	[take src/os/NAME.c, not what the host says])],
    [], [with_system=$host_os])
LIBS_PRIVATE=
ctn_bsd="bsd execute_none kqueue posix posix2024 ppoll table"
AS_CASE([$with_system],
# what it is called	the name	the files besides
[linux*],	[CTN_ROW([linux],
	[epoll linux_execute linux_process linux_pty ppoll start_vfork])],
[darwin*|macos], [CTN_ROW([macos],
	[adopt_none execute_none fork_watched kqueue posix start_fork table])],
[freebsd*],	[CTN_ROW([freebsd], [$ctn_bsd adopt_reap start_vfork])],
[dragonfly*],	[CTN_ROW([dragonfly],
	[$ctn_bsd adopt_reap fork_watched start_vfork])],
[netbsd*],	[CTN_ROW([netbsd],
	[$ctn_bsd adopt_none fork_watched start_vfork])],
[openbsd*],	[CTN_ROW([openbsd],
	[$ctn_bsd adopt_none fork_watched start_fork])],
[solaris*|illumos*], [CTN_ROW([illumos],
	[adopt_none epoll execute_none posix posix2024 ppoll start_vfork table])],
[CTN_ROW([unsupported],
	[adopt_none execute_none posix start_fork table])])
AS_CASE([$with_system], ["$ctn_system"*|"$host_os"], [],
    [AC_MSG_ERROR([--with-system: there is no src/os/$with_system.c])])
AM_CONDITIONAL([WITH_LINUX], [test "$ctn_system" = linux])
AS_CASE([$host_os], [linux*], [ctn_on_linux=yes], [ctn_on_linux=no])
AM_CONDITIONAL([ON_LINUX], [test $ctn_on_linux = yes])
AC_CHECK_FUNCS([_Fork pollts])
AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#include <stdlib.h>
#ifndef __GLIBC__
#error "another one"
#endif
]], [])], [ctn_glibc=yes], [ctn_glibc=no])
AS_IF([test $ctn_system:$ctn_glibc = linux:yes],
    [AC_DEFINE([CTN_SIGRTMIN], [34],
	[the first real-time signal, where that is not SIGRTMIN to all])])
AC_SUBST([LIBS_PRIVATE])
])

AC_DEFUN([CTN_ROW], [ctn_system=$1 ctn_system_files="$1 $2"])

# CTN_SYSTEM_OBJECTS
# ------------------
# What make builds of them, for the library and for the command, where that has
# another C library (ctn_command.m4).  ThreadSanitizer makes a fork of each
# vfork: then the exec has to be waited for in another way, and the warden is not
# executed.
AC_DEFUN([CTN_SYSTEM_OBJECTS], [
AC_REQUIRE([CTN_SYSTEM])
AC_REQUIRE([CTN_SANITIZERS])
SYSTEM_OBJECTS=
SYSTEM_SOURCES=
COMMAND_OBJECTS=
COMMAND_SOURCES=
for ctn_file in $ctn_system_files signals; do
	AS_CASE([$enable_sanitizers:$ctn_file],
	    [*thread*:start_vfork], [ctn_file=start_fork],
	    [*thread*:linux_execute], [ctn_file=execute_none])
	AS_VAR_APPEND([SYSTEM_OBJECTS], [" src/os/libctn_la-$ctn_file.lo"])
	AS_VAR_APPEND([SYSTEM_SOURCES], [" src/os/$ctn_file.c"])
	AS_CASE([$ctn_system:$ctn_glibc:$ctn_file],
	    [linux:yes:signals], [ctn_file=linux_signals])
	AS_VAR_APPEND([COMMAND_SOURCES], [" src/os/$ctn_file.c"])
	AS_VAR_APPEND([COMMAND_OBJECTS],
	    [" src/os/libcommand_a-$ctn_file.$ac_cv_objext"])
done
AC_SUBST([SYSTEM_SOURCES])
AC_SUBST([SYSTEM_OBJECTS])
AC_SUBST([COMMAND_OBJECTS])
AC_SUBST([COMMAND_SOURCES])
])
