# CTN_SYSTEM
# ----------
# The system chooses whole files in src/os/.  Sets $ctn_system, the
# conditional WITH_LINUX, and LIBS_PRIVATE: what a static link needs besides.
AC_DEFUN([CTN_SYSTEM], [
AC_REQUIRE([AC_CANONICAL_HOST])
LIBS_PRIVATE=
AS_CASE([$host_os],
    [linux*], [ctn_system=linux],
    [darwin*], [ctn_system=macos],
    [freebsd*], [ctn_system=freebsd],
    [dragonfly*], [ctn_system=dragonfly],
    [netbsd*], [ctn_system=netbsd],
    [openbsd*], [ctn_system=openbsd],
    [solaris*|illumos*], [ctn_system=illumos],
    [ctn_system=unsupported])
AM_CONDITIONAL([WITH_LINUX], [test "$ctn_system" = linux])
AM_CONDITIONAL([WITH_MACOS], [test "$ctn_system" = macos])
AM_CONDITIONAL([WITH_FREEBSD], [test "$ctn_system" = freebsd])
AM_CONDITIONAL([WITH_DRAGONFLY], [test "$ctn_system" = dragonfly])
AM_CONDITIONAL([WITH_NETBSD], [test "$ctn_system" = netbsd])
AM_CONDITIONAL([WITH_OPENBSD], [test "$ctn_system" = openbsd])
AM_CONDITIONAL([WITH_ILLUMOS], [test "$ctn_system" = illumos])
AM_CONDITIONAL([WITH_UNSUPPORTED], [test "$ctn_system" = unsupported])
AC_CHECK_FUNCS([_Fork])
AC_SUBST([LIBS_PRIVATE])
])
