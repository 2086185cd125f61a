#!/usr/bin/env bash
# Replays memory traces with hvsim's model and with the oracle in reftlb/ (engine naive), and compares every count.
# Exit status 1 if one differs. Needs gcc, make and the headers of zlib, a JDK and Maven; xz and zstd for such traces.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=$here/target/benchmarks.jar
cases=("native 0 0" "native 1 0" "nested 0 0" "nested 0 16" "nested 0 32" "nested 1 0" "nested 1 16" "nested 1 32")
counts=(refs itlb_lookups itlb_hits itlb_misses dtlb_lookups dtlb_hits dtlb_misses stlb_lookups stlb_hits stlb_misses
  stlb_imiss stlb_dmiss walks walk_refs guest_refs ept_refs)

usage() {
  cat <<EOF
usage: ${0##*/} [--operations N] [TRACE...]
  TRACE           lackey text, plain or compressed (.gz, .xz, .zst); default: the trace of the library
  --operations N  only the first N references of each
EOF
}

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

conditions() {
  cat <<'EOF'
# Both: itlb 128 entries in 8 ways, dtlb 64 in 4, stlb 1536 in 12; pages of 4 KiB only; set index by mask; true LRU;
# paging-structure caches (-p) of 2 PML4E, 4 PDPTE and 32 PDE entries for the guest's tables and for EPT; a nested
# TLB of -n entries. Pages are mapped free of charge when first touched, frames handed out in order; accessed and
# dirty flags are set by then, EPT's own are off; a modify (M) is one look-up.
# A count is that of both programs; where they differ, it is reftlb's|hvsim's.
EOF
}

build() {
  make -s -C "$here/reftlb" reftlb lk2bin
  [[ -f $jar && -z $(find "$here"/../{tlb,ept,cpu,vmm,scenarios,benchmarks}/src/main -newer "$jar" -print -quit) ]] ||
    mvn -q -B -f "$here/../pom.xml" -pl benchmarks -am -DskipTests package
}

plain() { # TRACE
  case $1 in
    *.gz) gzip -dc -- "$1" ;;
    *.xz) xz -dc -- "$1" ;;
    *.zst) zstd -dcq -- "$1" ;;
    *) cat -- "$1" ;;
  esac
}

# Prints the value of a count in a line "... name=value ...".
count() { # NAME LINE
  local word
  for word in $2; do
    [[ $word != "$1="* ]] || printf '%s' "${word#*=}"
  done
}

compare() { # TRACE BINARY MODE STRUCTURE_CACHES NESTED_TLB
  local trace=$1 binary=$2 options=(-m "$3" -n "$5") theirs ours name their our row verdict=equal
  (($4 == 0)) || options+=(-p)
  "$here/reftlb/reftlb" -e naive "${options[@]}" "$binary" >"$work/theirs" 2>/dev/null &
  ours=$(java -XX:+UseSerialGC -cp "$jar" hvsim.benchmarks.Replay "$3" "$4" "$5" "$trace" ${operations:+"$operations"})
  wait $! || fail "reftlb failed"
  theirs=$(<"$work/theirs")
  row="${trace##*/} $3 $( (($4)) && echo -p || echo -) $5"
  for name in "${counts[@]}"; do
    their=$(count "$name" "$theirs")
    our=$(count "$name" "$ours")
    if [[ -n $their && $their == "$our" ]]; then
      row+=" $our"
    else
      row+=" $their|$our"
      verdict=DIFFERS
    fi
  done
  printf '%s %s\n' "$row" "$verdict"
  [[ $verdict == equal ]]
}

operations=
traces=()
while (($#)); do
  case $1 in
    --operations)
      [[ ${2-} =~ ^[1-9][0-9]{0,17}$ ]] || fail "--operations takes a number of references, 1 or more"
      operations=$2
      shift
      ;;
    -h | --help)
      usage
      exit
      ;;
    -*) fail "no option '$1'; --operations N is one" ;;
    *) traces+=("$1") ;;
  esac
  shift
done
((${#traces[@]})) || traces=("$here/../scenarios/library/traces/gzip.lackey.xz")
for trace in "${traces[@]}"; do
  [[ -f $trace && -r $trace ]] || fail "'$trace' is no file that can be read"
done

build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
conditions
echo "trace mode -p -n ${counts[*]} verdict"
differs=0
for trace in "${traces[@]}"; do
  plain "$trace" | "$here/reftlb/lk2bin" 2>/dev/null | if [[ -n $operations ]]; then
    head -c $((8 * operations)) && cat >/dev/null
  else
    cat
  fi >"$work/trace.mtr"
  for case in "${cases[@]}"; do
    read -r mode caches nested_tlb <<<"$case"
    compare "$trace" "$work/trace.mtr" "$mode" "$caches" "$nested_tlb" || differs=1
  done
done
exit "$differs"
