# CTN_SYSTEM
# ----------
# The system chooses whole files in src/os/.  Sets $ctn_system, the
# conditional WITH_LINUX, and LIBS_PRIVATE: what a static link needs besides.
AC_DEFUN([CTN_SYSTEM], [
AC_REQUIRE([AC_CANONICAL_HOST])
LIBS_PRIVATE=
AS_CASE([$host_os],
    [linux*], [ctn_system=linux],
    [ctn_system=unsupported])
AM_CONDITIONAL([WITH_LINUX], [test "$ctn_system" = linux])
AC_SUBST([LIBS_PRIVATE])
])
