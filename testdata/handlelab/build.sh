#!/bin/bash
# build.sh OUT: builds the lab for both CPUs into OUT/x64 and OUT/x86.
# Needs clang-19, lld-19 and mingw-w64. No path of this machine gets into the
# programs or their PDBs.
set -euo pipefail

usage() {
    echo "usage: build.sh OUT" >&2
    exit 2
}
[ $# = 1 ] || usage
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)

clang=${CLANG:-clang-19}
lld=${LLD:-$(command -v ld.lld-19)}

compile_flags=(
    -std=c11 -Wall -Wextra -Werror
    # Small wrappers must stay in the stacks.
    -O1 -fno-optimize-sibling-calls -fno-omit-frame-pointer
    -D_WIN32_WINNT=0x0a00 -DUNICODE -D__USE_MINGW_ANSI_STDIO=0
    -g -gcodeview -gno-codeview-command-line -ffile-compilation-dir='X:\handlelab'
)

compile() { # object source flags...
    local object=$1 source=$2
    shift 2
    "$clang" --target="$target" "${compile_flags[@]}" "$@" -c -o "$object" "$source"
}

# CRT objects bring DWARF, which debuggers would prefer to the PDB: -s.
link() { # output objects and flags...
    local output=$1
    shift
    "$clang" --target="$target" --ld-path="$lld" -Wl,-s \
        -Wl,--pdb="${output%.*}.pdb" \
        -Wl,-Xlink=/Brepro \
        -Wl,-Xlink="/pdbaltpath:X:\\handlelab\\${output%.*}.pdb" \
        -Wl,-Xlink='/pdbsourcepath:X:\handlelab' \
        -o "$output" "$@"
}

# A DLL without a C runtime of its own: less noise in its exports and PDB.
link_dll() { # name objects and libraries...
    local name=$1
    shift
    link "$name.dll" -shared -nostdlib -Wl,--entry=DllMain \
        -Wl,--out-implib="lib$name.a" "$@" -lmsvcrt -lkernel32
}

build_recorder() {
    local name
    for name in hooks record truth streams; do
        compile "$name.o" "src/$name.c" -DBUILDING_RECORDER
    done
    link_dll recorder hooks.o record.o truth.o streams.o -lntdll
}

build_component() { # name libraries...
    local name=$1
    shift
    compile "$name.o" "src/$name.c" -DBUILDING_COMPONENT
    link_dll "$name" "$name.o" dllmain.o "$@"
}

build_programs() {
    local name
    for name in main workers scenario dumper handledata memoryinfo threadinfo codeview fixdump; do
        compile "$name.o" "src/$name.c"
    done
    link handlelab.exe main.o workers.o scenario.o -L. -lcommon -llegacy -lsession \
        -lpool -ljobs -lsettings -lbroker -ltelemetry -lreports -lrecorder
    link dumper.exe dumper.o handledata.o memoryinfo.o threadinfo.o codeview.o fixdump.o \
        -ldbghelp -lpsapi -lntdll
}

build() { # arch target
    local target=$2
    mkdir -p "$out/$1"
    cd "$out/$1"
    rm -rf src
    cp -r "$here/src" src # relative paths, the same on every machine
    compile dllmain.o src/dllmain.c
    build_recorder
    build_component common
    build_component legacy -L. -lrecorder
    build_component session -L. -lrecorder
    build_component pool -L. -lrecorder -lcommon
    build_component jobs -L. -lrecorder -lcommon
    build_component settings -L. -lrecorder -ladvapi32
    build_component broker -L. -lrecorder
    build_component telemetry -L. -lrecorder
    build_component reports -L. -lrecorder
    build_component plugin
    build_programs
    rm -rf src ./*.o ./*.a ./*.lib
}

build x64 x86_64-w64-windows-gnu
build x86 i686-w64-windows-gnu
