#!/bin/sh
# Rebuilds the PDBs of the tests from src/ and asks llvm-symbolizer-19 about
# every byte of their code. Needs clang-19, lld-19 and llvm-19 (19.1.7 made the
# files here) and Go. The result does not depend on where it runs.
#
#	build.sh
set -e
cd "$(dirname "$0")"
here=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# name target machine options... [-- linker options...]
build() {
	name=$1 target=$2 machine=$3
	shift 3
	options= link=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do options="$options $1"; shift; done
	[ $# -gt 0 ] && shift && link="$*"
	objs=
	cd "$here/src"
	for f in a.cpp b.cpp c.c; do
		clang-19 --target=$target -c -g -gcodeview -fms-extensions -fno-exceptions -fno-rtti -ffunction-sections \
			-mno-stack-arg-probe -gno-codeview-command-line -fdebug-compilation-dir=. \
			-Wno-everything -mllvm -enable-merge-functions=false $options $f -o "$tmp/${f%.*}.obj"
		objs="$objs ${f%.*}.obj"
	done
	cd "$tmp"
	if [ "$machine" = x64 ]; then
		clang-19 --target=$target -c "$here/src/asm.s" -o asm.obj
		objs="$objs asm.obj"
	fi
	lld-link-19 /nologo /machine:$machine /debug /nodefaultlib /entry:entry /subsystem:console /opt:ref,icf \
		/Brepro '/pdbsourcepath:X:\proj' /pdbaltpath:$name.pdb /out:$name.exe /pdb:$name.pdb $link $objs
	# Every byte of .text, for the oracle.
	llvm-readobj-19 --sections $name.exe | awk '/Name: .text/ {t=1} t && /VirtualSize/ {print $2} t && /VirtualAddress/ {print $2; exit}' >text
	{ read size; read rva; } <text
	i=0
	while [ $i -lt $((size)) ]; do
		printf '0x%x\n' $((rva + i))
		i=$((i + 1))
	done | llvm-symbolizer-19 --relative-address --no-demangle --output-style=GNU -p --obj=$name.exe >answers
	sed 's/^ (inlined by) /\t/' answers | awk '/^\t/ {printf "%s", $0; next} NR > 1 {print ""} {printf "%s", $0} END {print ""}' |
		awk -v rva=$((rva)) '$0 != last {printf "%x\t%s\n", rva + NR - 1, $0; last = $0} END {printf "%x\tend\n", rva + NR}' >$name.golden
	gzip -9nc $name.golden >"$here/$name.golden.gz"
	gzip -9nc $name.pdb >"$here/$name.pdb.gz"
}

build x64-O2 x86_64-pc-windows-msvc x64 -O2
build x64-O0 x86_64-pc-windows-msvc x64 -O0
build x86-O2 i686-pc-windows-msvc x86 -O2
build arm64-O2 aarch64-pc-windows-msvc arm64 -O2
build x64-page8192 x86_64-pc-windows-msvc x64 -O1 -- /pdbpagesize:8192 /opt:noicf
ls -l "$here"
