#!/bin/sh
# Makes ../llvm.tsv: what clang calls everything in these sources, with the
# names in hand.txt that clang never writes, and what llvm-undname makes of
# each. Names that llvm-undname cannot decode are left out.
# Needs clang-19 and llvm-19 (Debian's packages of LLVM 19.1).
#
# Version 19.40 and 19.10 of Microsoft's compiler differ in how they decorate
# auto; -O0 keeps every function.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

names() { # MACHINE VERSION SOURCE
	clang-19 --target="$1-pc-windows-msvc" -std=c++20 -fms-extensions \
		-fms-compatibility-version="$2" -fcxx-exceptions -fexceptions -frtti \
		-w -O0 -c "$3" -o "$tmp/x.obj"
	llvm-nm-19 "$tmp/x.obj" | awk '{print $NF}'
}

for machine in x86_64 i686; do
	for source in types classes templates seh; do
		names $machine 19.40 $source.cpp
	done
	for source in types classes; do # old versions know no auto template arguments
		names $machine 19.10 $source.cpp
	done
done | cat - hand.txt | grep '^[?_.]' | sort -u >"$tmp/all.txt"

# llvm-undname echoes each name, then its text or nothing, then a blank line.
llvm-undname-19 <"$tmp/all.txt" 2>/dev/null |
	awk 'NF == 0 { n = 0; next } n++ == 0 { name = $0; next } { print name "\t" $0 }' >"$tmp/llvm.tsv"
mv "$tmp/llvm.tsv" ../llvm.tsv
wc -l "$tmp/all.txt" ../llvm.tsv >&2
