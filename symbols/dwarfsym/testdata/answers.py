"""Prints what llvm-symbolizer says of every byte from an RVA on: a line for
each run of the same answer, "rva function|file|line < function|file|line"."""
import json
import struct
import subprocess
import sys


def without_symbols(name):
    """Copies the image with its COFF symbols made ones of no section: the
    symbolizer prefers their names."""
    data = bytearray(open(name, "rb").read())
    nt = struct.unpack_from("<I", data, 0x3C)[0]
    at, count = struct.unpack_from("<II", data, nt + 12)
    i = 0
    while i < count:
        struct.pack_into("<h", data, at + 18 * i + 12, -2)
        i += 1 + data[at + 18 * i + 17]
    open("bare.exe", "wb").write(data)
    return "bare.exe"


image, start, size = sys.argv[1], int(sys.argv[2], 16), int(sys.argv[3], 16)
addresses = "\n".join(hex(start + i) for i in range(size))
out = subprocess.run(
    ["llvm-symbolizer-19", "--inlines", "--relative-address", "--no-demangle", "--output-style=JSON",
     "--obj=" + without_symbols(image)], input=addresses, capture_output=True, text=True, check=True).stdout
last = None
for text in out.splitlines():
    answer = json.loads(text)
    frames = " < ".join(
        "%s|%s|%d" % (s["FunctionName"], s["FileName"].replace("\\", "/"), s["Line"])
        for s in answer.get("Symbol", []))
    if frames != last:
        print("%x %s" % (int(answer["Address"], 16), frames))
    last = frames
