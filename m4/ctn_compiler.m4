# CTN_TRY_FLAG(FLAG, [IF-ACCEPTED], [IF-NOT])
# ------------------------------------------
# Does the compiler take this flag, to compile and to link, without a warning?
AC_DEFUN([CTN_TRY_FLAG], [
AS_VAR_PUSHDEF([ctn_var], [ctn_cv_flag_$1])
AC_CACHE_CHECK([whether $CC accepts $1], [ctn_var], [
	ctn_saved=$CFLAGS
	CFLAGS="$CFLAGS -Werror $1"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
	    [AS_VAR_SET([ctn_var], [yes])],
	    [AS_VAR_SET([ctn_var], [no])])
	CFLAGS=$ctn_saved
])
AS_VAR_IF([ctn_var], [yes], [$2], [$3])
AS_VAR_POPDEF([ctn_var])
])

# CTN_COMPILER
# ------------
# C11, and only what contain.h marks is visible outside the library.  Sets
# CTN_CFLAGS; the user's CFLAGS are the user's.
AC_DEFUN([CTN_COMPILER], [
AC_REQUIRE([AC_PROG_CC])
CTN_CFLAGS=
AC_CACHE_CHECK([whether $CC compiles C11], [ctn_cv_c11], [
	AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined(__STDC_VERSION__) || __STDC_VERSION__ < 201112L
#error "older than C11"
#endif
_Static_assert(1, "C11");
]])], [ctn_cv_c11=yes], [ctn_cv_c11=no])])
AS_IF([test "$ctn_cv_c11" != yes],
    [CTN_TRY_FLAG([-std=gnu11], [CTN_CFLAGS="-std=gnu11"],
	[AC_MSG_ERROR([contain needs a C11 compiler])])])
CTN_TRY_FLAG([-fvisibility=hidden],
    [CTN_CFLAGS="$CTN_CFLAGS -fvisibility=hidden"])
AC_SUBST([CTN_CFLAGS])
])
