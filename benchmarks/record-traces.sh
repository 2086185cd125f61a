#!/bin/sh
# Records memory traces of two real programs into a folder, for comparisons with reftlb:
#
#   compiler.lackey.gz  the C compiler proper on a small program: much code, few second-level misses
#   xz.lackey.gz        xz -6 on some licences: its match finder hashes into 16 MiB: four times the data misses
#
# Needs valgrind, gcc, xz and gzip, and Debian's /usr/share/common-licenses. Takes some minutes; each file is
# 100 to 200 MB and holds about 100 million references.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
input=$(mktemp -d)
trap 'rm -rf "$input"' EXIT

# An empty environment: its size moves the stack, and with it every address of the trace.
record() {
    name=$1
    shift
    (cd "$input" && env -i PATH=/usr/bin:/bin LC_ALL=C \
        valgrind --tool=lackey --trace-mem=yes --log-fd=9 "$@" 9>&1 >/dev/null 2>program.err) |
        gzip -1 >"$folder/$name.part"
    mv "$folder/$name.part" "$folder/$name"
    echo "$folder/$name"
}

cat >"$input/queens.c" <<'EOF'
static int solutions;

static void place(int row, int n, unsigned columns, unsigned up, unsigned down) {
    if (row == n) {
        solutions++;
        return;
    }
    for (int column = 0; column < n; column++) {
        unsigned c = 1u << column, u = 1u << (row + column), d = 1u << (row - column + n);
        if (!((columns & c) | (up & u) | (down & d)))
            place(row + 1, n, columns | c, up | u, down | d);
    }
}

int main(void) {
    place(0, 8, 0, 0, 0);
    return solutions != 92;
}
EOF

licenses=/usr/share/common-licenses
cat "$licenses/GPL-3" "$licenses/MPL-2.0" "$licenses/GFDL-1.3" >"$input/licenses.txt"

record compiler.lackey.gz "$(gcc -print-prog-name=cc1)" -quiet -O1 queens.c -o queens.s
record xz.lackey.gz xz -6 -k licenses.txt
