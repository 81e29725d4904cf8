# SPDX-License-Identifier: Apache-2.0
#
# RUKU_ADD_CFLAGS(VARIABLE, FLAGS...) and RUKU_ADD_LDFLAGS(VARIABLE, FLAGS...): append those flags that the compiler
# and the linker take. -Werror is on during the probe, since clang only warns of a flag that it does not know.

AC_DEFUN([RUKU_ADD_CFLAGS], [
  m4_foreach_w([ruku_flag], [$2], [
    AX_CHECK_COMPILE_FLAG(m4_defn([ruku_flag]), [AS_VAR_APPEND([$1], [" ]m4_defn([ruku_flag])["])], [], [-Werror])
  ])
])

AC_DEFUN([RUKU_ADD_LDFLAGS], [
  m4_foreach_w([ruku_flag], [$2], [
    AX_CHECK_LINK_FLAG(m4_defn([ruku_flag]), [AS_VAR_APPEND([$1], [" ]m4_defn([ruku_flag])["])], [], [-Werror])
  ])
])

# RUKU_WARNINGS: substitutes WARN_CFLAGS.
AC_DEFUN([RUKU_WARNINGS], [
  WARN_CFLAGS=
  RUKU_ADD_CFLAGS([WARN_CFLAGS], [-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla -Walloca
    -Wimplicit-fallthrough -Wnull-dereference -Wjump-misses-init -Wlogical-op -Wduplicated-cond
    -Wduplicated-branches -Wformat-signedness -Wswitch])
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [treat warnings as errors (for developers)])],
    [], [enable_werror=no])
  AS_IF([test "x$enable_werror" = xyes], [AS_VAR_APPEND([WARN_CFLAGS], [" -Werror"])])
  AC_SUBST([WARN_CFLAGS])
])

# RUKU_HARDENING: substitutes HARDEN_CFLAGS and HARDEN_LDFLAGS; on unless switched off.
AC_DEFUN([RUKU_HARDENING], [
  HARDEN_CFLAGS=
  HARDEN_LDFLAGS=
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--disable-hardening], [do without the hardening flags of compiler and linker])],
    [], [enable_hardening=yes])
  AS_IF([test "x$enable_hardening" = xyes], [
    RUKU_ADD_CFLAGS([HARDEN_CFLAGS], [-fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE])
    RUKU_ADD_LDFLAGS([HARDEN_LDFLAGS], [-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack])
    # A fortified library needs optimisation, and the sanitizers bring checks of their own.
    AS_IF([test "x$enable_sanitizers" = xno], [
      AS_CASE([" $CFLAGS "], [*" -O0 "*], [],
        [AS_VAR_APPEND([HARDEN_CFLAGS], [" -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])])
    ])
  ])
  AC_SUBST([HARDEN_CFLAGS])
  AC_SUBST([HARDEN_LDFLAGS])
])

# RUKU_SANITIZERS: --enable-sanitizers[=LIST], --enable-fuzzing, --enable-coverage; substitutes CHECK_CFLAGS and
# CHECK_LDFLAGS.
AC_DEFUN([RUKU_SANITIZERS], [
  CHECK_CFLAGS=
  CHECK_LDFLAGS=
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@], [build with sanitizers (default list: address,undefined)])],
    [AS_IF([test "x$enableval" = xyes], [enable_sanitizers=address,undefined])], [enable_sanitizers=no])
  AS_IF([test "x$enable_sanitizers" != xno], [
    ruku_sanitize="-fsanitize=$enable_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"
    AS_VAR_APPEND([CHECK_CFLAGS], [" $ruku_sanitize"])
    AS_VAR_APPEND([CHECK_LDFLAGS], [" $ruku_sanitize"])
  ])
  AC_ARG_ENABLE([fuzzing],
    [AS_HELP_STRING([--enable-fuzzing], [build the fuzz targets with libFuzzer (needs clang)])],
    [], [enable_fuzzing=no])
  AS_IF([test "x$enable_fuzzing" = xyes], [
    AX_CHECK_COMPILE_FLAG([-fsanitize=fuzzer-no-link], [],
      [AC_MSG_ERROR([--enable-fuzzing needs a compiler with libFuzzer: configure with CC=clang])])
    AS_VAR_APPEND([CHECK_CFLAGS], [" -fsanitize=fuzzer-no-link"])
  ])
  AM_CONDITIONAL([FUZZING], [test "x$enable_fuzzing" = xyes])
  AC_ARG_ENABLE([coverage],
    [AS_HELP_STRING([--enable-coverage], [build for gcov])], [], [enable_coverage=no])
  AS_IF([test "x$enable_coverage" = xyes], [
    AS_VAR_APPEND([CHECK_CFLAGS], [" --coverage -O0"])
    AS_VAR_APPEND([CHECK_LDFLAGS], [" --coverage"])
  ])
  AC_SUBST([CHECK_CFLAGS])
  AC_SUBST([CHECK_LDFLAGS])
])
