#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes configure and the Makefile.in files from their sources.
cd "$(dirname "$0")" && exec autoreconf --force --install --warnings=all
