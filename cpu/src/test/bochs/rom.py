#!/usr/bin/env python3
"""rom.py IMAGE.elf ROM FOLDER: writes FOLDER/ram.bin (the image's segments) and FOLDER/rom.bin (the ROM with the
image's entry point), and prints where in memory ram.bin belongs."""
import struct
import sys

image = open(sys.argv[1], "rb").read()
rom = bytearray(open(sys.argv[2], "rb").read())
entry, headers = struct.unpack_from("<II", image, 24)
size, count = struct.unpack_from("<HH", image, 42)
segments = [struct.unpack_from("<8I", image, headers + i * size) for i in range(count)]
segments = [(s[3], image[s[1] : s[1] + s[4]]) for s in segments if s[0] == 1]
low = min(a for a, _ in segments)
ram = bytearray(max(a + len(d) for a, d in segments) - low)
for address, data in segments:
    ram[address - low : address - low + len(data)] = data
struct.pack_into("<I", rom, 0x7FFC, entry)
open(sys.argv[3] + "/ram.bin", "wb").write(ram)
open(sys.argv[3] + "/rom.bin", "wb").write(rom)
print(hex(low))
