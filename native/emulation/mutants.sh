#!/bin/sh
# Builds every GPU_MUTANT of the kernels and shows that a test notices it, in the first layer that does:
#   checker   values, races, bounds, on the host's build of the kernels (forward order)
#   sanitizer AddressSanitizer and UndefinedBehaviorSanitizer
#   reverse, random   values, in these orders of blocks and threads
#   ptx       values, races, bounds, on nvcc's code
# Only the tests that launch kernels of the mutant's file are run, the quickest first.
#
#   mutants.sh SETTINGS [part of a name]
# SETTINGS is what CMake wrote (mutants.settings). Fails when a mutant survives, or a file with kernels has none.
# A result stays until the object of its file, the tests or the emulation are built again.
# shellcheck disable=SC1090,SC2154,SC2317 # what is not set here is in the settings, what is not called is an argument
# shellcheck disable=SC3013,SC2013 # dash and bash know -nt; no path of ours has a space
set -eu
settings=$1
. "$settings"
tests="$work/tests"
export MORULA_TEST_BLAS=1 # a library in cuBLAS's place is there
results="$work/results"

# ---- of one mutant: mutants.sh SETTINGS --one name source ----

# The libraries of the emulation are the usual ones, but for one object.
link_with() { # object folder flavour
    mkdir -p "$2"
    eval "objects=\$${3}_objects link=\$${3}_link"
    # shellcheck disable=SC2046,SC2086
    $compiler -shared $link -o "$2/libmorula_cuda.so" "$1" $(grep -v "/$stage/$file\.cu\.o\$\|\.gch\$" "$objects") -ldl
}

compile_as() { # object flavour
    eval "options=\$${2}_compile"
    # shellcheck disable=SC2086
    $compiler $options "-DGPU_MUTANT_$name=~,GPU_WRONG" -c "$source" -o "$1" 2>"$1.log" || stop "$1.log"
}

stop() {
    cat "$1" >&2
    echo "the mutant $name of $source cannot be built" >&2
    exit 2
}

tests_of_file() { # quickest first
    sort -n "$tests"/*.time | while read -r _ test; do
        if grep -qxFf "$work/kernels/$stage.$file" "$tests/$test.kernels"; then echo "$test"; fi
    done
}

# Runs the tests until one fails, and says how.
killed_by() { # layer, then the environment and the program
    layer=$1
    shift
    for test in $selected; do
        status=0
        env "$@" "=$test" >"$folder/out" 2>&1 </dev/null || status=$?
        [ "$status" = 0 ] && continue
        how=values
        grep -q 'checker: \(race\|uninit\)' "$folder/out" && how=race
        grep -q 'checker: \(out of bounds\|wild\|misaligned\)' "$folder/out" && how=bounds
        grep -q 'AddressSanitizer' "$folder/out" && how=bounds
        grep -q 'deadlock\|left the kernel\|while thread' "$folder/out" && how=barrier
        [ "$status" = 124 ] && how='time'
        [ "$status" -gt 128 ] && how=crash
        echo "$layer $how $test"
        return 0
    done
    return 1
}

kill_by_checker() {
    compile_as "$folder/checked.o" checked
    link_with "$folder/checked.o" "$folder/checked" checked
    killed_by checker LD_LIBRARY_PATH="$folder/checked:$blas" timeout 120 "$program"
}

kill_by_others() {
    compile_as "$folder/sanitized.o" sanitized
    link_with "$folder/sanitized.o" "$folder/sanitized" sanitized
    killed_by sanitizer ASAN_OPTIONS=detect_leaks=0 LD_LIBRARY_PATH="$folder/sanitized:$blas" timeout 120 \
        "$sanitized_program" && return 0
    compile_as "$folder/plain.o" plain
    link_with "$folder/plain.o" "$folder/plain" plain
    for order in reverse random; do
        killed_by "$order" MORULA_EMULATION_ORDER="$order" LD_LIBRARY_PATH="$folder/plain:$blas" timeout 120 \
            "$program" && return 0
    done
    kill_on_ptx
}

kill_on_ptx() {
    mkdir -p "$folder/ptx"
    ln -sf "$code"/sm_90/*.ptx "$folder/ptx"
    rm "$folder/ptx/${stage}_$file.ptx"
    echo "#define GPU_MUTANT_$name ~, GPU_WRONG" >"$folder/mutant.h" # nvcc would split a -D at the comma
    "$cmake" -DNVCC="$nvcc" -DSOURCE="$source" -DNAME="${stage}_$file" -DFOLDER="$folder/nvcc" -DARCHITECTURES=90 \
        "-DINCLUDE=$nvcc_include" "-DDEFINE=-include;$folder/mutant.h" -P "$compile_kernels" \
        >"$folder/nvcc.log" 2>&1 || stop "$folder/nvcc.log"
    mv "$folder/nvcc/sm_90/${stage}_$file.ptx" "$folder/ptx"
    killed_by ptx MORULA_EMULATION_PTX="$folder/ptx" LD_LIBRARY_PATH="$ptx_library:$blas" timeout 240 "$program"
}

try_one() { # name source layers
    name=$1 source=$2
    stage=$(basename "$(dirname "$source")")
    file=$(basename "$source" .cu)
    folder="$work/$name.$stage.$file"
    mkdir -p "$folder"
    selected=$(tests_of_file)
    [ -n "$selected" ] || selected=$(sort -n "$tests"/*.time | cut -d' ' -f2)
    "$3"
}

# A mutant in a header is one of each file that includes it; that one of them is noticed is enough.
try_all() { # mutant
    name=${1##*@}
    layers="kill_by_checker kill_by_others"
    case $name in ptx_*) layers=kill_on_ptx ;; esac
    for layer in $layers; do
        while read -r source; do
            if killer=$(try_one "$name" "$source" "$layer"); then
                echo "$killer"
                return 0
            fi
        done <"$work/sources/$1"
    done
    echo survived
}

if [ "${2:-}" = --one ]; then
    result=$(try_all "$3")
    echo "$result" >"$results/$3"
    rm -rf "$work/${3##*@}".*
    exit 0
fi

# ---- of all ----

# Which tests launch which kernels, and how long they take.
survey_one() {
    rm -f "$tests/$1.kernels"
    start=$(date +%s%N)
    LD_LIBRARY_PATH="$blas" MORULA_EMULATION_LAUNCHES="$tests/$1.kernels" "$program" "=$1" >/dev/null 2>&1
    echo "$(($(date +%s%N) - start)) $1" >"$tests/$1.time"
    [ -e "$tests/$1.kernels" ] || : >"$tests/$1.kernels"
}
if [ "${2:-}" = --survey ]; then
    survey_one "$3"
    exit 0
fi

survey() {
    if [ -e "$tests/done" ] && [ "$tests/done" -nt "$program" ] && [ "$tests/done" -nt "$plain_objects" ]; then return; fi
    rm -rf "$tests"
    mkdir -p "$tests" "$work/kernels"
    "$program" --list | xargs -P "$(nproc)" -I{} sh "$0" "$settings" --survey {}
    for source in "$sources"/*/*.cu; do
        object=$(grep "/$(basename "$(dirname "$source")")/$(basename "$source").o\$" "$plain_objects")
        nm --defined-only "$object" | sed 's/.* //' \
            >"$work/kernels/$(basename "$(dirname "$source")").$(basename "$source" .cu)"
    done
    : >"$tests/done"
}

# Files to compile for a mutant: itself, or those that include its header.
files_of() {
    case $1 in
        *.cu) echo "$1" ;;
        *) # what the compiler said when it built the objects
            for user in "$sources"/*/*.cu; do
                depends="$code/$(basename "$(dirname "$user")")_$(basename "$user" .cu).d"
                if grep -qF "/${1##*/src/}" "$depends"; then echo "$user"; fi
            done ;;
    esac
}

is_fresh() { # result source
    [ -e "$1" ] && [ "$1" -nt "$program" ] && ! grep -q survived "$1" || return 1
    for object in $(grep -v '/src/' "$checked_objects") \
        $(grep "/$(basename "$(dirname "$2")")/$(basename "$2").o\$" "$checked_objects"); do
        [ "$1" -nt "$object" ] || return 1
    done
}

mkdir -p "$results" "$work/sources"
survey
status=0
: >"$work/wanted"
: >"$work/all"
for source in $(grep -lE '__global__|GPU_MUTANT' "$sources"/*/*.cu "$sources"/*/*.cuh "$sources"/*/*.h |
    grep -v /kernel/gpu.h); do
    names=$(tr -d ' \n' <"$source" | grep -oE 'GPU_MUTANT\([a-z0-9_]+' | cut -d'(' -f2 | sort -u)
    if [ -z "$names" ]; then
        case $source in *.h) ;; *) echo "$source has kernels, but no GPU_MUTANT" && status=1 ;; esac
    fi
    for name in $names; do
        case $name in *"${2:-}"*) ;; *) continue ;; esac
        mutant="$(basename "$(dirname "$source")").$(basename "$source")@$name"
        files_of "$source" >"$work/sources/$mutant"
        echo "$mutant" >>"$work/all"
        is_fresh "$results/$mutant" "$(head -1 "$work/sources/$mutant")" || echo "$mutant" >>"$work/wanted"
    done
done
xargs -P "$(nproc)" -I{} sh "$0" "$settings" --one {} <"$work/wanted" || status=1
while read -r mutant; do
    result=$(cat "$results/$mutant" 2>/dev/null || echo "not built")
    printf '%-60s %s\n' "$(echo "$mutant" | tr '@' ' ')" "$result"
    case $result in survived | "not built") status=1 ;; esac
done <"$work/all"
echo "$(wc -l <"$work/all") mutants, of which $(wc -l <"$work/wanted") were built now"
[ "$status" = 0 ] || echo "NOT every mutant was killed"
exit "$status"
