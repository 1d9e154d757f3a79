# CTN_TRY_CMOCKA
# --------------
# Is what pkg-config found for this compiler, or for the machine's own?
AC_DEFUN([CTN_TRY_CMOCKA], [
AC_MSG_CHECKING([whether $CC links with cmocka])
ctn_saved_cflags=$CFLAGS
ctn_saved_libs=$LIBS
CFLAGS="$CFLAGS $CMOCKA_CFLAGS"
LIBS="$LIBS $CMOCKA_LIBS"
AC_LINK_IFELSE([AC_LANG_PROGRAM([[
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
]], [[const struct CMUnitTest tests[1] = { { 0 } };
return cmocka_run_group_tests(tests, NULL, NULL);]])],
    [ctn_cmocka=yes], [ctn_cmocka=no])
AC_MSG_RESULT([$ctn_cmocka])
CFLAGS=$ctn_saved_cflags
LIBS=$ctn_saved_libs
])

# CTN_TESTS
# ---------
# --enable-tests=yes|no|check.  The unit tests need cmocka; with "check", the
# default, they are left out where it is missing, and the summary says so.
# Sets $ctn_tests for the summary and the conditionals WITH_TESTS (any test)
# and WITH_UNIT (the unit tests).
AC_DEFUN([CTN_TESTS], [
AC_REQUIRE([PKG_PROG_PKG_CONFIG])
AC_REQUIRE([CTN_COMPILER])
AC_ARG_ENABLE([tests],
    [AS_HELP_STRING([--enable-tests=yes|no|check],
	[what make check runs: yes insists on the unit tests, which need
	cmocka, check leaves them out without it @<:@check@:>@])],
    [], [enable_tests=check])
AC_ARG_VAR([CXX], [C++ compiler, only to test that contain.h is C++ as well])

ctn_cmocka=no
TEST_STATIC=
AS_IF([test "$enable_tests" != no], [
	PKG_CHECK_MODULES([CMOCKA], [cmocka >= 1.1.5],
	    [CTN_TRY_CMOCKA], [ctn_cmocka=no])
	# Not every system has a C library to link statically with.
	CTN_TRY_FLAG([-static], [TEST_STATIC=-all-static])
	AC_CHECK_PROGS([CXX], [g++ c++ clang++], [:])
])
AS_CASE([$enable_tests:$ctn_cmocka],
    [no:*],	[ctn_tests="off (--disable-tests)"],
    [yes:no],	[AC_MSG_ERROR([--enable-tests needs cmocka 1.1.5 or later])],
    [check:no],	[ctn_tests="on, but no unit tests (cmocka 1.1.5 not found)"],
    [ctn_tests="on"])
AS_IF([test "$enable_tests:$cross_compiling" = check:yes],
    [ctn_tests="$ctn_tests, to be run on $host"])
# Some systems have threads in a library of their own.
ctn_saved_libs=$LIBS
AC_SEARCH_LIBS([pthread_create], [pthread])
LIBS=$ctn_saved_libs
AS_CASE([$ac_cv_search_pthread_create], [-l*],
    [PTHREAD_LIBS=$ac_cv_search_pthread_create], [PTHREAD_LIBS=])
AC_SUBST([PTHREAD_LIBS])
AC_SUBST([TEST_STATIC])
AM_CONDITIONAL([WITH_TESTS], [test "$enable_tests" != no])
AM_CONDITIONAL([WITH_UNIT], [test "$ctn_cmocka" = yes])
])
