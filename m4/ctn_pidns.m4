# CTN_PIDNS
# ---------
# The backend made of a Linux PID namespace: built on Linux unless
# --disable-pidns.  Sets $ctn_backends, CTN_HAVE_PIDNS and the conditional
# WITH_PIDNS.
AC_DEFUN([CTN_PIDNS], [
AC_REQUIRE([CTN_SYSTEM])
AC_ARG_ENABLE([pidns],
    [AS_HELP_STRING([--disable-pidns],
	[leave out the PID namespace backend (Linux)])],
    [], [enable_pidns=check])
AS_CASE([$enable_pidns:$ctn_system],
    [no:*],	[ctn_pidns=no],
    [*:linux],	[ctn_pidns=yes],
    [yes:*],	[AC_MSG_ERROR([PID namespaces exist on Linux only])],
    [ctn_pidns=no])
AS_IF([test "$ctn_pidns" = yes], [
	AC_DEFINE([CTN_HAVE_PIDNS], [1],
	    [Define to 1 if the pidns backend is built.])
	ctn_backends="${ctn_backends:+$ctn_backends }pidns"
])
AM_CONDITIONAL([WITH_PIDNS], [test "$ctn_pidns" = yes])
])
