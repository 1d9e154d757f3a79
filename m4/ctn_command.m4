# CTN_COMMAND
# -----------
# How the command is linked: with musl where that can be had, else statically
# with the system's C library, else with its shared one.  A static command needs
# nothing but itself, and a copy of it works in any container or chroot; with
# musl it is a tenth as large and starts in a fraction of the time.
#
# Sets the conditional COMMAND_MUSL, COMMAND_LIBC (for who wants to know: musl or
# system), COMMAND_CFLAGS, COMMAND_CPPFLAGS and COMMAND_STATIC (a flag for
# libtool; SYSTEM_STATIC is that for programs with the system's C library), and
# COMMAND_LINKED: all of that in words.
AC_DEFUN([CTN_COMMAND], [
AC_REQUIRE([CTN_SANITIZERS])
AC_ARG_ENABLE([static-command],
    [AS_HELP_STRING([--disable-static-command],
	[link the command with the shared C library of the system])],
    [], [enable_static_command=check])
AC_ARG_WITH([command-libc],
    [AS_HELP_STRING([--with-command-libc=musl|system|auto],
	[which C library the command is linked with; musl takes musl-gcc
	@<:@auto@:>@])],
    [], [with_command_libc=auto])
# What is not called is left out, there are no exceptions to unwind, and code and
# constants are mapped together: two mappings less to make, to copy and to undo.
# Of contain-static, too.
SMALL_CFLAGS="-fno-asynchronous-unwind-tables -ffunction-sections"
AS_VAR_APPEND([SMALL_CFLAGS], [" -fdata-sections"])
SMALL_LDFLAGS="-Wl,--gc-sections,-z,noseparate-code"
SYSTEM_STATIC=
AS_CASE([$enable_static_command:$enable_sanitizers],
    [no:*], [],
    [check:no],
	[CTN_TRY_FLAG([-static], [SYSTEM_STATIC=-all-static])],
    [check:*], [],
    [yes:no],
	[CTN_TRY_FLAG([-static], [SYSTEM_STATIC=-all-static],
	    [AC_MSG_ERROR([there is no C library to link statically with])])],
    [AC_MSG_ERROR([a static command has no sanitizers])])
COMMAND_CFLAGS=
COMMAND_CPPFLAGS=
AS_CASE([$with_command_libc],
    [auto|musl], [CTN_COMMAND_MUSL],
    [system], [ctn_not_musl="as --with-command-libc says"],
    [AC_MSG_ERROR([--with-command-libc is musl, system or auto])])
AS_CASE([$with_command_libc:$ctn_not_musl],
    [*:], [
	COMMAND_LIBC=musl
	COMMAND_STATIC="-all-static $SMALL_LDFLAGS"
	AS_VAR_APPEND([COMMAND_CFLAGS], [" $SMALL_CFLAGS"])
	COMMAND_LINKED="static, with musl" ],
    [musl:*],
	[AC_MSG_ERROR([no command with musl: $ctn_not_musl])],
    [
	COMMAND_LIBC=system
	COMMAND_STATIC=$SYSTEM_STATIC
	AS_IF([test -n "$COMMAND_STATIC"], [COMMAND_LINKED=static],
	    [COMMAND_LINKED=dynamic])
	COMMAND_LINKED="$COMMAND_LINKED, without musl: $ctn_not_musl"
    ])
AM_CONDITIONAL([COMMAND_MUSL], [test $COMMAND_LIBC = musl])
AC_SUBST([SMALL_CFLAGS])
AC_SUBST([SMALL_LDFLAGS])
AC_SUBST([COMMAND_LIBC])
AC_SUBST([COMMAND_LINKED])
AC_SUBST([COMMAND_STATIC])
AC_SUBST([SYSTEM_STATIC])
AC_SUBST([COMMAND_CFLAGS])
AC_SUBST([COMMAND_CPPFLAGS])
])

# CTN_COMMAND_MUSL
# ----------------
# musl-gcc is a script that gives gcc a file of specs: so it becomes a flag for
# $CC, and what the user set holds for the command as well.  config.h is made for
# the system's C library; the program that is tried asks musl for what is not in
# each version of both.  Sets $ctn_not_musl, empty if it works.
AC_DEFUN([CTN_COMMAND_MUSL], [
AC_REQUIRE([CTN_SYSTEM])
AC_PATH_PROG([MUSL_GCC], [musl-gcc])
AS_IF(
    [test "$ctn_on_linux" != yes], [ctn_not_musl="this is not Linux"],
    [test "$enable_static_command" = no],
	[ctn_not_musl="--disable-static-command"],
    [test "$enable_sanitizers" != no],
	[ctn_not_musl="sanitizers need the C library of the system"],
    [test "$cross_compiling" = yes],
	[ctn_not_musl="the compiler is for another system"],
    [test $ctn_glibc = no],
	[ctn_not_musl="$CC has a C library of its own"],
    [test -z "$MUSL_GCC"],
	[ctn_not_musl="no musl-gcc (Debian: musl-tools)"],
    [CTN_TRY_MUSL])
])

# The kernel's headers are among the system's, which are looked at last.
AC_DEFUN([CTN_TRY_MUSL], [
COMMAND_CFLAGS=`sed -n 's/.*-specs[[= ]]"\{0,1\}\([[^" ]]*\).*/-specs=\1/p' \
    "$MUSL_GCC"`
COMMAND_CPPFLAGS="-idirafter /usr/include"
ctn_arch=`$CC -print-multiarch 2>/dev/null`
AS_IF([test -n "$ctn_arch"],
    [AS_VAR_APPEND([COMMAND_CPPFLAGS], [" -idirafter /usr/include/$ctn_arch"])])
AC_MSG_CHECKING([whether $CC makes static programs with musl])
ctn_saved_cflags=$CFLAGS
ctn_saved_cppflags=$CPPFLAGS
CFLAGS="$COMMAND_CFLAGS $CFLAGS $SMALL_CFLAGS $SAN_FLAGS -static"
AS_VAR_APPEND([CFLAGS], [" $SMALL_LDFLAGS"])
CPPFLAGS="$CPPFLAGS $COMMAND_CPPFLAGS"
AS_IF([test -n "$COMMAND_CFLAGS"], [
	AC_RUN_IFELSE([AC_LANG_PROGRAM([[
#include <sys/types.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __GLIBC__
#error "not musl"
#endif
]], [[
#ifdef HAVE__FORK
if (_Fork() == 0)
	_exit(0);
#endif
return _LINUX_CAPABILITY_VERSION_3 == 0;
]])], [ctn_not_musl=], [ctn_not_musl="$CC does not work with it"])],
    [ctn_not_musl="$MUSL_GCC is not the usual one"])
CFLAGS=$ctn_saved_cflags
CPPFLAGS=$ctn_saved_cppflags
AS_IF([test -z "$ctn_not_musl"], [AC_MSG_RESULT([yes])], [
	AC_MSG_RESULT([no])
	COMMAND_CFLAGS=
	COMMAND_CPPFLAGS=
])
])
