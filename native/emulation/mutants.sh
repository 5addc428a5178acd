#!/bin/sh
# Shows of every GPU_MUTANT of the kernels that a test notices it. One library, the checker's, holds them all and runs one
# at a time; which tests come to its place was noted while all was right, and of these the quickest is tried first.
# Mutants of lines that nvcc alone compiles (ptx_) are built one by one.
#
#   mutants.sh SETTINGS [part of a name]
# SETTINGS is what CMake wrote (mutants.settings). Prints who noticed each mutant, and how; fails when one survives, when
# a name stands in two places, and for a file with kernels but no mutant.
# shellcheck disable=SC1090,SC2154 # what is not set here is in the settings
# shellcheck disable=SC2013,SC2046,SC3013 # no path of ours has a space; dash and bash know -nt
set -eu
settings=$1
. "$settings"
export MORULA_TEST_BLAS=1 # a library in cuBLAS's place is there
reached="$work/reached" results="$work/results"

# ---- one test: mutants.sh SETTINGS --survey test ----

survey_one() {
    start=$(date +%s%N)
    MORULA_EMULATION_REACHED="$reached/$1" LD_LIBRARY_PATH="$checked_library:$blas" "$program" "=$1" >/dev/null
    echo "$(($(date +%s%N) - start)) $1" >"$reached/$1.time"
}

# ---- one mutant: mutants.sh SETTINGS --one name file ----

tests_reaching() { # a file with names of mutants; the quickest test first
    sort -n "$reached"/*.time | while read -r _ test; do
        if grep -qxFf "$1" "$reached/$test"; then echo "$test"; fi
    done
}

# Runs tests until one fails, and says which and how.
killed_by() { # a file with names of mutants that the tests come to, then the environment
    names=$1
    shift
    for test in $(tests_reaching "$names"); do
        status=0
        env "$@" timeout 120 "$program" "=$test" >"$out" 2>&1 </dev/null || status=$?
        [ "$status" = 0 ] && continue
        how=values
        grep -q 'checker: \(race\|uninit\)' "$out" && how=race
        grep -q 'checker: \(out of bounds\|wild\|misaligned\)' "$out" && how=bounds
        grep -q 'deadlock\|left the kernel\|while thread' "$out" && how=barrier
        [ "$status" = 124 ] && how='time'
        [ "$status" -gt 128 ] && how=crash
        echo "$how $test"
        return 0
    done
    return 1
}

named() { # a source, as stage_file
    echo "$(basename "$(dirname "$1")")_$(basename "$1" .cu)"
}

# Files that include a header, by what nvcc said when it compiled them.
files_with() {
    for user in "$sources"/*/*.cu; do
        if grep -qF "/${1##*/src/}" "$code/$(named "$user").d"; then echo "$user"; fi
    done
}

mutants_with() { # those of a source and of all that it includes
    for part in $(cat "$code/$(named "$1").d"); do
        case $part in "$sources"/*) mutants_in "$part" ;; esac
    done
}

killed_on_ptx() { # that it is noticed in one of the files that include its header is enough
    folder="$work/$1"
    mkdir -p "$folder"
    echo "#define GPU_MUTANT_$1 ~, GPU_WRONG" >"$folder/mutant.h" # nvcc would split a -D at the comma
    for source in $(files_with "$2"); do
        file=$(named "$source")
        "$cmake" -DNVCC="$nvcc" -DSOURCE="$source" -DNAME="$file" -DFOLDER="$folder/nvcc" -DARCHITECTURES=90 \
            "-DINCLUDE=$nvcc_include" "-DDEFINE=-include;$folder/mutant.h" -P "$compile_kernels" >"$out" 2>&1 ||
            { cat "$out" >&2 && return 2; }
        cmp -s "$folder/nvcc/sm_90/$file.ptx" "$code/sm_90/$file.ptx" && continue # its kernels do without that line
        mutants_with "$source" >"$folder/names"
        ln -sf "$code"/sm_90/*.ptx "$folder"
        mv -f "$folder/nvcc/sm_90/$file.ptx" "$folder"
        killed_by "$folder/names" MORULA_EMULATION_PTX="$folder" LD_LIBRARY_PATH="$ptx_library:$blas" && return 0
    done
    return 1
}

try_one() {
    out="$results/$1.out"
    case $1 in
        ptx_*) killer=$(killed_on_ptx "$1" "$2") || killer=survived ;;
        *)
            echo "$1" >"$results/$1.name"
            killer=$(killed_by "$results/$1.name" MORULA_EMULATION_MUTANT="$1" \
                LD_LIBRARY_PATH="$checked_library:$blas") || killer=survived
            ;;
    esac
    printf '%-32s %-32s %s\n' "$1" "${2##*/src/}" "$killer" >"$results/$1"
}

# ---- all ----

mutants_in() { # a source
    tr -d ' \n' <"$1" | grep -oE 'GPU_MUTANT\([a-z0-9_]+' | cut -d'(' -f2
}

every_mutant() { # name and file
    for source in $(grep -lE '__global__|GPU_MUTANT' "$sources"/*/*.cu "$sources"/*/*.cuh "$sources"/*/*.h |
        grep -v /kernel/gpu.h); do
        for name in $(mutants_in "$source"); do echo "$name $source"; done
    done
}

check_list() {
    cut -d' ' -f1 "$work/all" | sort | uniq -d | sed 's/$/ is the name of two mutants/' >"$work/complaints"
    for source in $(grep -l __global__ "$sources"/*/*.cu "$sources"/*/*.cuh); do
        grep -q " $source\$" "$work/all" || echo "$source has kernels, but no GPU_MUTANT" >>"$work/complaints"
    done
}

survey_all() { # unless nothing changed
    [ "$reached/done" -nt "$program" ] && [ "$reached/done" -nt "$checked_library/libmorula_cuda.so" ] && return 0
    rm -rf "$reached"
    mkdir -p "$reached"
    "$program" --list | xargs -P "$(nproc)" -I{} sh "$0" "$settings" --survey {}
    : >"$reached/done"
}

case ${2:-} in
    --survey)
        survey_one "$3"
        exit
        ;;
    --one)
        try_one "$3" "$4"
        exit
        ;;
esac
rm -rf "$results"
mkdir -p "$results"
every_mutant >"$work/all"
check_list
survey_all
grep "^[^ ]*${2:-}[^ ]* " "$work/all" >"$work/wanted"
xargs -P "$(nproc)" -L1 sh "$0" "$settings" --one <"$work/wanted"
for name in $(cut -d' ' -f1 "$work/wanted"); do cat "$results/$name"; done | tee "$work/report.txt"
echo "$(wc -l <"$work/report.txt") mutants, of which $(grep -c ' survived$' "$work/report.txt" || true) survived"
cat "$work/complaints"
[ ! -s "$work/complaints" ] && ! grep -q ' survived$' "$work/report.txt"
