/* SPDX-License-Identifier: Apache-2.0
 *
 * The last include of every source: calls that truncate, overrun or hide errors do not compile.
 * There is no include guard on purpose; poisoning twice is harmless.
 */
/* Some C libraries have macros of these names when they fortify. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef strncpy
#undef strncat
#undef strtok
#undef gets
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok
#pragma GCC poison atoi atol atoll atof gets system popen
