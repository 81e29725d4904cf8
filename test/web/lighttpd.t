#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
set -u
front=lighttpd
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/web-suite.sh"
web_suite
done_testing
