# CTN_PTY
# -------
# The backend made of a controlling terminal: built everywhere unless
# --disable-pty.  Sets $ctn_backends, CTN_HAVE_PTY and the conditional WITH_PTY.
AC_DEFUN([CTN_PTY], [
AC_REQUIRE([CTN_PIDNS])
AC_ARG_ENABLE([pty],
    [AS_HELP_STRING([--disable-pty],
	[leave out the terminal backend])],
    [], [enable_pty=yes])
AS_IF([test "$enable_pty" != no], [
	AC_DEFINE([CTN_HAVE_PTY], [1],
	    [Define to 1 if the pty backend is built.])
	ctn_backends="${ctn_backends:+$ctn_backends }pty"
])
AM_CONDITIONAL([WITH_PTY], [test "$enable_pty" != no])
])
