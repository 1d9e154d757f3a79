# CTN_WARNINGS
# ------------
# Sets WARN_CFLAGS to those of our warnings that the compiler knows;
# --enable-werror makes them errors.
AC_DEFUN([CTN_WARNINGS], [
AC_REQUIRE([CTN_COMPILER])
AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [treat compiler warnings as errors])],
    [], [enable_werror=no])
WARN_CFLAGS=
m4_foreach_w([ctn_flag], [
	-Wall
	-Wextra
	-Wshadow
	-Wundef
	-Wvla
	-Wformat=2
	-Wpointer-arith
	-Wwrite-strings
	-Wstrict-prototypes
	-Wmissing-prototypes
	-Wold-style-definition
	-Wimplicit-fallthrough
], [CTN_TRY_FLAG(ctn_flag, [WARN_CFLAGS="$WARN_CFLAGS ]ctn_flag["])
])
AS_IF([test "$enable_werror" != no],
    [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
AC_SUBST([WARN_CFLAGS])
])
