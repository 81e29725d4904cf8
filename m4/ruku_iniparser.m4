# SPDX-License-Identifier: Apache-2.0
#
# RUKU_INIPARSER: the one library that does not bring a pkg-config file everywhere, and whose header lies in a folder
# of its own on some systems. Substitutes INIPARSER_LIBS and defines HAVE_INIPARSER_INIPARSER_H where that is so.
AC_DEFUN([RUKU_INIPARSER], [
  AC_CHECK_HEADERS([iniparser/iniparser.h iniparser.h], [ruku_iniparser_header=yes; break])
  AS_IF([test "x$ruku_iniparser_header" != xyes],
    [AC_MSG_ERROR([iniparser.h is missing (Debian: libiniparser-dev)])])
  ruku_saved_libs=$LIBS
  AC_SEARCH_LIBS([iniparser_set_error_callback], [iniparser], [],
    [AC_MSG_ERROR([libiniparser 4.1 or newer is missing (Debian: libiniparser-dev)])])
  INIPARSER_LIBS=$LIBS
  LIBS=$ruku_saved_libs
  AC_SUBST([INIPARSER_LIBS])
])
