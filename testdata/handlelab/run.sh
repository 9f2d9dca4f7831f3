#!/bin/bash
# run.sh: builds the lab, runs its scenarios under Wine, and puts the dumps,
# what is true of them and the PDBs in place beside this script. Run as root:
# Wine lives in chroots, which are made on first use (2 GB, some minutes).
#
#   HANDLELAB_WORK    keep the chroots and the full dumps there (default: a
#                     temporary directory, removed at the end)
#   HANDLELAB_MIRROR  the Debian mirror
#
# Needs debootstrap, clang-19, lld-19, llvm-19, lldb-19, mingw-w64 and Go.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mirror=${HANDLELAB_MIRROR:-http://deb.debian.org/debian}
release=trixie # Wine 10
user=lab       # the names that may be in the dumps
host=handlelab

die() {
    echo "run.sh: $*" >&2
    exit 1
}
[ "$(id -u)" = 0 ] || die "must be root, for the chroots"
if [ -n "${HANDLELAB_WORK:-}" ]; then
    mkdir -p "$HANDLELAB_WORK"
    work=$(cd "$HANDLELAB_WORK" && pwd)
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi

debian_arch() { # x64|x86
    case $1 in
    x64) echo amd64 ;;
    x86) echo i386 ;;
    esac
}

root_of() { # x64|x86
    echo "$work/root-$(debian_arch "$1")"
}

# Runs a command as the lab's user in the chroot, with nothing of this
# machine's environment and with a host name of its own. The namespaces take
# the mounts and the processes away again.
in_chroot() { # x64|x86 command
    local root
    root=$(root_of "$1")
    # shellcheck disable=SC2016 # the inner shell expands these
    unshare --uts --ipc --mount --pid --fork --kill-child \
        env -i ROOT="$root" LAB_USER=$user LAB_HOST=$host COMMAND="$2" /bin/bash -euc '
            hostname "$LAB_HOST"
            mount -t proc proc "$ROOT/proc"
            mount --bind /dev "$ROOT/dev"
            exec chroot --userspec="$LAB_USER:$LAB_USER" "$ROOT" /usr/bin/env -i \
                HOME="/home/$LAB_USER" USER="$LAB_USER" LOGNAME="$LAB_USER" \
                PATH=/usr/bin:/bin LANG=C.UTF-8 DISPLAY= XDG_RUNTIME_DIR=/tmp \
                WINEPREFIX="/home/$LAB_USER/prefix" WINEDEBUG=-all \
                WINEDLLOVERRIDES="mscoree,mshtml=" /bin/bash -euc "$COMMAND"'
}

prepare_chroot() { # x64|x86
    local root arch packages
    root=$(root_of "$1")
    arch=$(debian_arch "$1")
    [ ! -e "$root/ready" ] || return 0
    echo "making the $arch chroot"
    packages=(wine wine64)
    [ "$arch" = amd64 ] || packages=(wine wine32)
    rm -rf "$root"
    debootstrap --arch="$arch" --variant=minbase "$release" "$root" "$mirror" >"$root.log"
    chroot "$root" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${packages[@]}" >>"$root.log" 2>&1
    chroot "$root" useradd -m -d "/home/$user" "$user"
    in_chroot "$1" 'wine wineboot -i && wineserver -w' >>"$root.log" 2>&1
    touch "$root/ready"
}

# Leaves SCENARIO.dmp and SCENARIO.truth.txt in $work/full/ARCH.
run_scenario() { # x64|x86 scenario
    local folder
    folder="$(root_of "$1")/home/$user/prefix/drive_c/handlelab"
    rm -rf "$folder"
    mkdir -p "$folder" "$work/full/$1"
    cp "$work/bin/$1"/*.exe "$work/bin/$1"/*.dll "$folder"
    chown -R --reference="$folder/../.." "$folder"
    in_chroot "$1" "cd ~/prefix/drive_c/handlelab
        status=0
        wine 'C:\\handlelab\\handlelab.exe' $2 || status=\$?
        wineserver -k || true
        exit \$status"
    mv "$folder/$2.dmp" "$folder/$2.truth.txt" "$work/full/$1"
}

# What must not be in any file: names and paths of this machine and of the
# caller's environment. Short names are looked for where they would stand.
forbidden_strings() {
    local name value
    printf '%s\0' "$work" "$here" /root/ /work/ /tmp/handlelab "$(uname -r)" "$(uname -v)"
    for name in "$(hostname)" "${SUDO_USER:-}" "$(id -un)"; do
        [ -z "$name" ] || printf '%s\0' "=$name" "\\$name" "/home/$name"
        [ ${#name} -lt 6 ] || printf '%s\0' "$name"
    done
    while IFS='=' read -r -d '' name value; do
        # Variables with values that any machine has.
        case $name in
        LANG | LC_* | TERM | SHELL | PATH | HOME | PWD | OLDPWD | DEBIAN_FRONTEND) ;;
        *) [ ${#value} -lt 8 ] || printf '%s\0' "$value" ;;
        esac
    done < <(env -0)
}

# Other people's readers must open it, and see the lab in each thread's stack.
check_readers() { # x64|x86 dump
    local root trace threads stacks
    root=$(root_of "$1")
    obj2yaml-19 "$2" >/dev/null
    trace=$(lldb-19 -b -O "settings set target.exec-search-paths $work/bin/$1 \
$root/usr/lib/x86_64-linux-gnu/wine/x86_64-windows $root/usr/lib/i386-linux-gnu/wine/i386-windows" \
        -c "$2" -o 'bt all' 2>&1)
    threads=$(grep -c 'thread #' <<<"$trace")
    stacks=$(grep -c 'handlelab.exe' <<<"$trace" || true)
    if [ "$threads" -lt 7 ] || [ "$stacks" -lt "$threads" ]; then
        die "$2: lldb sees $stacks of $threads stacks"
    fi
}

# name is that of the files here; only the first dump stays uncompressed.
publish() { # x64|x86 scenario name
    local small=$work/small/$3-$1.dmp truth=$work/full/$1/$2.truth.txt
    mkdir -p "$work/small"
    forbidden_strings >"$work/forbidden"
    "$work/shrink" -blank "$(uname -r)" -blank "$(uname -v)" "$work/full/$1/$2.dmp" "$small"
    "$work/check" -forbid "$work/forbidden" "$small" "$truth" "$truth" "$work/bin/$1"/*.pdb
    check_readers "$1" "$small"
    cp "$truth" "$here/$3-$1.truth.txt"
    if [ "$3-$1" = handlelab-x64 ]; then
        cp "$small" "$here/$3-$1.dmp"
    else
        gzip -9n <"$small" >"$here/$3-$1.dmp.gz"
    fi
}

publish_pdbs() { # x64|x86
    local pdb
    mkdir -p "$here/$1"
    for pdb in "$work/bin/$1"/*.pdb; do
        [ "${pdb##*/}" = dumper.pdb ] || cp "$pdb" "$here/$1/" # not in the dump
    done
}

main() {
    local arch
    "$here/build.sh" "$work/bin"
    (cd "$here" && go build -o "$work/shrink" ./shrink && go build -o "$work/check" ./check)
    for arch in x64 x86; do
        prepare_chroot "$arch"
        run_scenario "$arch" story
        run_scenario "$arch" healthy
        run_scenario "$arch" cascade
        publish "$arch" story handlelab
        publish "$arch" healthy healthy
        publish "$arch" cascade cascade
        publish_pdbs "$arch"
    done
    ls -l "$here"
}

main
