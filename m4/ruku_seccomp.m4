# SPDX-License-Identifier: Apache-2.0
#
# RUKU_SECCOMP: --with-seccomp; substitutes SECCOMP_CFLAGS and SECCOMP_LIBS, and defines HAVE_SECCOMP where the filter is built in. The
# sanitizers make system calls of their own, up to ptrace, which the filter has no room for: with them it is left out.
AC_DEFUN([RUKU_SECCOMP], [
  AC_ARG_WITH([seccomp],
    [AS_HELP_STRING([--with-seccomp], [filter the system calls of workers by libseccomp (default: where it is found)])],
    [], [with_seccomp=check])
  AS_IF([test "x$enable_sanitizers" != xno], [
    AS_CASE([$with_seccomp],
      [yes], [AC_MSG_ERROR([--with-seccomp and --enable-sanitizers exclude each other])],
      [with_seccomp=no])
  ])
  SECCOMP_CFLAGS=
  SECCOMP_LIBS=
  AS_IF([test "x$with_seccomp" != xno], [
    PKG_CHECK_MODULES([SECCOMP], [libseccomp >= 2.4], [ruku_have_seccomp=yes], [ruku_have_seccomp=no])
    AS_CASE([$with_seccomp:$ruku_have_seccomp],
      [yes:no], [AC_MSG_ERROR([--with-seccomp: libseccomp 2.4 or newer is missing (Debian: libseccomp-dev)])],
      [with_seccomp=$ruku_have_seccomp])
  ])
  AS_IF([test "x$with_seccomp" = xyes],
    [AC_DEFINE([HAVE_SECCOMP], [1], [Define to 1 where the system calls of workers are filtered by libseccomp.])])
  AC_SUBST([SECCOMP_CFLAGS])
  AC_SUBST([SECCOMP_LIBS])
])
