# CTN_COMPLETIONS
# ---------------
# Where each shell looks for completions.  bash-completion and fish say so
# themselves, below their own prefix, which is not ours: with ours in its place,
# both look there as well, as they search XDG_DATA_DIRS.  zsh has a compiled-in
# path that has /usr/share and /usr/local/share in it.
AC_DEFUN([CTN_COMPLETIONS], [
CTN_COMPLETION_DIR([bash], [bash-completion], [completionsdir],
    [bash-completion/completions])
CTN_COMPLETION_DIR([zsh], [], [], [zsh/site-functions])
CTN_COMPLETION_DIR([fish], [fish], [completionsdir],
    [fish/vendor_completions.d])
])

# CTN_COMPLETION_DIR(SHELL, PACKAGE, VARIABLE, DEFAULT)
# -----------------------------------------------------
# --with-SHELL-completions=DIR|yes|no.  Sets SHELLcompdir and the conditional
# WITH_SHELL_COMPLETIONS.
AC_DEFUN([CTN_COMPLETION_DIR], [
AC_REQUIRE([PKG_PROG_PKG_CONFIG])
AC_ARG_WITH([$1-completions],
    [AS_HELP_STRING([--with-$1-completions=DIR],
	[where $1 looks for completions; "no" installs none
	@<:@DATADIR/$4@:>@])],
    [], [with_$1_completions=yes])
AC_MSG_CHECKING([where completions for $1 go])
m4_ifval([$2], [
AS_IF([test "$with_$1_completions" = yes && test -n "$PKG_CONFIG"], [
	ctn_dir=`$PKG_CONFIG --define-variable=prefix='${prefix}' \
	    --define-variable=datadir='${datadir}' \
	    --variable=$3 $2 2>/dev/null`
	# a file that names an absolute directory is no help
	AS_CASE([$ctn_dir], ['${'*], [with_$1_completions=$ctn_dir])
])])
AS_IF([test "$with_$1_completions" = yes],
    [with_$1_completions='${datadir}/$4'])
AC_MSG_RESULT([$with_$1_completions])
$1compdir=$with_$1_completions
AC_SUBST([$1compdir])
AM_CONDITIONAL([WITH_]m4_toupper([$1])[_COMPLETIONS],
    [test "$with_$1_completions" != no])
])
