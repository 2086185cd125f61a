#!/bin/bash
# run.sh IMAGE.elf: runs an image on Bochs (Debian packages bochs, gcc, python3) and prints what it wrote to port 0xE9.
set -eu
image=$(readlink -f "$1") cpu=${CPU_MODEL:-corei7_skylake_x}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
gcc -m32 -c "$here/rom.S" -o rom.o
ld -m elf_i386 -Ttext 0 --oformat binary -e 0 rom.o -o flat.bin
ram=$(python3 "$here/rom.py" "$image" flat.bin .)
cat > bochsrc <<END
memory: guest=256, host=256
cpu: model=$cpu, count=1, ips=50000000, reset_on_triple_fault=0
romimage: file=rom.bin, address=0xffff0000
optramimage1: file=ram.bin, address=$ram
display_library: rfb, options="timeout=0"
ata0: enabled=0
ata1: enabled=0
port_e9_hack: enabled=1
log: bochs.log
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
clock: sync=none
speaker: enabled=0, mode=none
sound: driver=dummy
END
echo c > debugger
timeout "${SECONDS_LIMIT:-300}" bochs -q -f bochsrc -rc debugger < /dev/null > out 2> err || true
# the image's lines stand between "begin" and "end"
sed -n '/^begin /,/^end/p' out
grep -q '^end' out || { tail -n 20 out >&2; tail -n 5 bochs.log >&2; exit 1; }
