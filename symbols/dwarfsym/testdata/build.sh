#!/bin/sh
# Builds the images and the answers beside them. Needs mingw-w64, clang-19,
# lld-19 and llvm-19 (Debian). The answers are those of llvm-symbolizer at every
# byte of the code, as runs of the same answer.
set -eu
out=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp "$out"/src/* "$tmp"
cd "$tmp"

common='-nostdlib -ffile-prefix-map='$tmp'=/src -fno-ident -fno-exceptions -fno-rtti -mno-stack-arg-probe -Wl,--no-insert-timestamp'

build() { # name, compiler, source, flags
	name=$1 compiler=$2 source=$3
	shift 3
	# shellcheck disable=SC2086
	"$compiler" -g "$@" $common -Wl,-e,"$entry" "$source" -o "$name.exe"
}

entry=entry
build x64-c-O0 x86_64-w64-mingw32-gcc prog.c -O0
build x64-c-O2 x86_64-w64-mingw32-gcc prog.c -O2
build x64-cpp-O2 x86_64-w64-mingw32-g++ prog.cpp -O2
build x64-cpp-O0 x86_64-w64-mingw32-g++ prog.cpp -O0
build x64-dwarf2 x86_64-w64-mingw32-gcc prog.c -O2 -gdwarf-2 -gstrict-dwarf
build x64-dwarf4 x86_64-w64-mingw32-g++ prog.cpp -O2 -gdwarf-4
# Types in units of their own.
build x64-types5 x86_64-w64-mingw32-g++ prog.cpp -O2 -gdwarf-5 -fdebug-types-section
build x64-dwarf64 x86_64-w64-mingw32-gcc prog.c -O2 -gdwarf64
entry=_entry
build x86-c-O2 i686-w64-mingw32-gcc prog.c -O2
build x86-dwarf3 i686-w64-mingw32-g++ prog.cpp -O1 -gdwarf-3
entry=entry
for v in 4 5; do
	clang-19 --target=x86_64-w64-windows-gnu -O2 -gdwarf-$v -c -ffile-prefix-map="$tmp"=/src \
		-fno-ident -fno-exceptions -fno-rtti -mno-stack-arg-probe prog.cpp -o clang$v.o
	ld.lld-19 -m i386pep --no-insert-timestamp -e entry clang$v.o -o x64-clang$v.exe
done

for f in *.exe; do
	name=${f%.exe}
	text=$(llvm-readobj-19 --sections "$f" | awk '
		$1 == "Name:" { n = $2 } $1 == "VirtualSize:" { s = $2 } $1 == "VirtualAddress:" && n == ".text" { print $2, s }')
	# shellcheck disable=SC2086
	python3 "$out/answers.py" "$f" $text >"$out/$name.golden"
	gzip -9nc "$f" >"$out/$name.exe.gz"
done
