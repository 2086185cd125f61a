#!/usr/bin/env bash
# Speed of hvsim's model beside reftlb's on this machine, in one run: a table of ratios for README.md.
# Takes some four minutes. Needs gcc, make and the headers of zlib, a JDK and Maven.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if (($# > 1)) || [[ ${1-} == -* ]]; then
  printf 'usage: %s [TRACE]\n' "${0##*/}" >&2
  exit 2
fi
trace=${1:-$here/../scenarios/library/traces/gzip.lackey.xz}

make -s -C "$here/reftlb" reftlb
mvn -q -B -f "$here/../pom.xml" -pl benchmarks -am -DskipTests package

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lscpu | sed -n 's/^\(CPU(s)\|Model name\): */\1: /p'
java -version 2>&1 | head -n 1
gcc --version | head -n 1
printf 'load: %s\n\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
java -cp "$here/target/benchmarks.jar" hvsim.benchmarks.Speed "$here/reftlb/reftlb" "$trace" "$work"
