/* SPDX-License-Identifier: Apache-2.0
 *
 * The last include of every source: calls that truncate, overrun or hide errors do not compile.
 * There is no include guard on purpose; poisoning twice is harmless.
 */
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok
#pragma GCC poison atoi atol atoll atof gets system popen
