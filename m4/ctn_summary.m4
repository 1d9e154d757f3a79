# CTN_SUMMARY
# -----------
# What configure decided, in the user's words.
AC_DEFUN([CTN_SUMMARY], [
AS_IF([test "$ctn_system" = unsupported],
    [AC_MSG_WARN([src/os has no file for $host_os yet])])
AC_MSG_NOTICE([
	contain $PACKAGE_VERSION for $host
	  backends     ${ctn_backends:-none}
	  command      $COMMAND_LINKED
	  tests        $ctn_tests
	  sanitizers   $enable_sanitizers
	  prefix       $prefix
])
])
