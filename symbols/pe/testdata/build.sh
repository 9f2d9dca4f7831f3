#!/bin/sh
# Builds the images and the answers beside them. Needs clang-19, lld-19,
# llvm-19 and mingw-w64 (Debian). The output is the same wherever it is run.
set -eu
out=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# A PDB's GUID depends on the paths in it: all are relative to here.
cp "$out"/src/* "$tmp"
cd "$tmp"

library() { # name, machine, target, then more objects and exports
	name=$1 machine=$2 target=$3
	shift 3
	clang-19 --target="$target" -O2 -c -g -gcodeview -gno-codeview-command-line \
		-fdebug-compilation-dir=. -fno-ident lib.c -o "$name.obj"
	lld-link-19 /nologo /dll /noentry /nodefaultlib /Brepro /debug /opt:noref /safeseh:no \
		/machine:"$machine" /pdbsourcepath:'X:\pe' /pdbaltpath:'C:\build\'"$name.pdb" \
		/out:"$name.dll" /pdb:"$name.pdb" /implib:"$name.lib" \
		/export:NtThing /export:ZwThing=NtThing /export:Leaf /export:Zulu \
		/export:Counter,DATA /export:ByOrdinal,@7,NONAME \
		"$name.obj" "$@"
}

clang-19 --target=x86_64-pc-windows-msvc -c chain.s -o chain.obj
forward="/export:Forwarded=NTDLL.RtlAllocateHeap /export:ForwardedByOrdinal=X.#12"
# shellcheck disable=SC2086
library x64 x64 x86_64-pc-windows-msvc $forward chain.obj /export:Chained /export:BareLabel
# shellcheck disable=SC2086
library x86 x86 i686-pc-windows-msvc $forward
# shellcheck disable=SC2086
library arm64 arm64 aarch64-pc-windows-msvc $forward
# lld 19 takes forwarders for Thumb code and sets bit 0 of their addresses.
library arm arm thumbv7-pc-windows-msvc

# COFF symbols and long section names.
x86_64-w64-mingw32-gcc -O2 -g1 -ffile-prefix-map="$PWD"=. -shared -nostdlib \
	-Wl,--no-insert-timestamp -Wl,-e,0 -o gnu.dll lib.c
# The kinds of COFF symbols; the other sections are of no use here.
i686-w64-mingw32-gcc -O1 -fno-toplevel-reorder -fno-ident -fno-asynchronous-unwind-tables \
	-shared -nostdlib -Wl,--no-insert-timestamp -Wl,-e,0 -o gnu32.dll coff.c

# A table of the functions that may be called through pointers.
for m in x86:i686 x64:x86_64; do
	clang-19 --target="${m#*:}"-pc-windows-msvc -O1 -c -Xclang -cfguard -fno-ident guard.c -o guard.obj
	lld-link-19 /nologo /dll /noentry /nodefaultlib /Brepro /opt:noref /safeseh:no /guard:cf \
		/machine:"${m%:*}" /out:"guard-${m%:*}.dll" guard.obj /export:Exported /export:Last
done

install -m 644 ./*.dll "$out"

# Answers: what llvm-readobj reads, in lines.
for f in x64 x86 arm64 arm gnu; do
	llvm-readobj-19 --coff-exports "$f.dll" | awk '
		$1 == "Ordinal:" { o = $2; n = ""; fwd = ""; rva = "-" }
		$1 == "Name:" { n = $2 }
		$1 == "ForwardedTo:" { fwd = $2 }
		$1 == "RVA:" { rva = $2 }
		$1 == "}" { print o, fwd == "" ? rva : "-", n == "" ? "-" : n, fwd == "" ? "-" : fwd }
	' >"$out/$f.exports"
	llvm-readobj-19 --unwind --coff-debug-directory "$f.dll" | sed 1,5d >"$out/$f.readobj"
done
for f in gnu gnu32; do
	llvm-readobj-19 --symbols $f.dll | awk '
		$1 == "Name:" { n = $2 } $1 == "Value:" { v = $2 } $1 == "Section:" { s = $2 }
		$1 == "StorageClass:" { print v, s, $2, n }' >"$out/$f.symbols"
done
