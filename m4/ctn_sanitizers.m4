# CTN_SANITIZERS
# --------------
# --enable-sanitizers=LIST, as in --enable-sanitizers=address,undefined.  Sets
# SAN_FLAGS, for compiling and linking everything; a finding ends the program.
AC_DEFUN([CTN_SANITIZERS], [
AC_REQUIRE([CTN_COMPILER])
AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers=LIST],
	[build with -fsanitize=LIST (for the developers)])],
    [], [enable_sanitizers=no])
SAN_FLAGS=
AS_CASE([$enable_sanitizers],
    [no], [],
    [yes], [AC_MSG_ERROR([--enable-sanitizers needs a list, as address,undefined])],
    [
	SAN_FLAGS="-fsanitize=$enable_sanitizers"
	SAN_FLAGS="$SAN_FLAGS -fno-sanitize-recover=all"
	SAN_FLAGS="$SAN_FLAGS -fno-omit-frame-pointer"
	AC_MSG_CHECKING([whether $CC links with $SAN_FLAGS])
	ctn_saved=$CFLAGS
	CFLAGS="$CFLAGS $SAN_FLAGS"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
	    [AC_MSG_RESULT([yes])],
	    [AC_MSG_RESULT([no])
	    AC_MSG_ERROR([$CC cannot do --enable-sanitizers=$enable_sanitizers])])
	CFLAGS=$ctn_saved
    ])
AC_SUBST([SAN_FLAGS])
])
