#!/bin/sh
# Makes a big PDB for the benchmarks, outside the repository:
#
#	big.sh OUTDIR [SOURCES] [FUNCTIONS]
#
# 40 sources of 2,500 functions each (the defaults) give a PDB of about 90 MB
# with 100,000 procedures and nested inline sites; 200 sources about 440 MB.
# Needs clang-19 and lld-19. Takes some minutes a 40 sources.
set -e
out=${1:?output folder}
sources=${2:-40}
functions=${3:-2500}
mkdir -p "$out"
cd "$out"

i=0
while [ $i -lt "$sources" ]; do
	awk -v s=$i -v n="$functions" 'BEGIN {
		printf "typedef int T;\nextern volatile int sink%d;\nvolatile int sink%d;\n", s, s
		printf "namespace src%d {\n", s
		print "template <int N> struct Box { int v;"
		print "  __attribute__((always_inline)) int get(int a) const {"
		print "    int t = v * N + a;"
		printf "    sink%d = t;\n    return t ^ N;\n  }\n};\n", s
		for (i = 0; i < n; i++) {
			if (i % 10 == 0) {
				printf "static inline __attribute__((always_inline)) int leaf%d(int a) {\n  int k = a * %d;\n  sink%d = k;\n  return k + %d;\n}\n", i, i + 3, s, i
				printf "static inline __attribute__((always_inline)) int mid%d(int a) {\n  Box<%d> b{a};\n  int r = leaf%d(a + 1);\n  sink%d = r;\n  return r + b.get(r);\n}\n", i, i, i, s
			}
			j = i - i % 10
			printf "int function_number_%d_of_source_%d(int a, int b) {\n  int x = a + %d;\n  sink%d = x;\n  int y = mid%d(x);\n  if (y > b)\n    sink%d = leaf%d(b);\n  return x + y;\n}\n", i, s, i, s, j, s, j
		}
		print "}"
	}' >src$i.cpp
	echo src$i
	i=$((i + 1))
done | xargs -P "$(nproc)" -I{} sh -c 'test -f {}.obj || clang-19 --target=x86_64-pc-windows-msvc -O1 -c -g -gcodeview -fno-exceptions -ffunction-sections -mno-stack-arg-probe {}.cpp -o {}.obj'

echo 'extern "C" int entry(void) { return 0; } int _fltused = 0;' >entry.cpp
clang-19 --target=x86_64-pc-windows-msvc -O1 -c -g -gcodeview entry.cpp -o entry.obj
ls src*.obj | sed 's/$/ /' | tr -d '\n' >objects.rsp
lld-link-19 /nologo /machine:x64 /debug /nodefaultlib /entry:entry /subsystem:console /opt:noref,noicf \
	/out:big.exe /pdb:big.pdb entry.obj @objects.rsp
ls -l big.pdb
