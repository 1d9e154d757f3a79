# CTN_COMMAND
# -----------
# Is the command linked statically?  It needs nothing but the C library, starts
# in three quarters of the time without a dynamic one, and a copy of it works
# in any container or chroot.  Sets COMMAND_STATIC, a flag for libtool.
AC_DEFUN([CTN_COMMAND], [
AC_REQUIRE([CTN_SANITIZERS])
AC_ARG_ENABLE([static-command],
    [AS_HELP_STRING([--disable-static-command],
	[link the command with the shared C library])],
    [], [enable_static_command=check])
COMMAND_STATIC=
AS_CASE([$enable_static_command:$enable_sanitizers],
    [no:*], [],
    [check:no],
	[CTN_TRY_FLAG([-static], [COMMAND_STATIC=-all-static])],
    [check:*], [],
    [yes:no],
	[CTN_TRY_FLAG([-static], [COMMAND_STATIC=-all-static],
	    [AC_MSG_ERROR([there is no C library to link statically with])])],
    [AC_MSG_ERROR([a static command has no sanitizers])])
AC_SUBST([COMMAND_STATIC])
])
