#!/bin/bash
# Builds, tests and times Morula's CUDA backend on a machine with a GPU, which needs neither Maven nor the internet.
#
#   bash bench/gpu.sh [--quick] [--out FOLDER]
#
# Copy there: of the repository the folders native/, tests/native/, bench/ and cmake/; for the comparison end to end also
# java/cli/target/morula (what ./mvnw package built on a machine with nvcc; its GPU library wants a driver for the CUDA
# that it was built with).
# Needed there: nvcc 12.8 or newer, cmake 3.22, a C++17 compiler, make, and NVIDIA's driver.
# Optional: compute-sanitizer; cuBLAS (libcublas.so.13; .12 serves for the ceilings); for the comparison Java 17 and python3
# with numpy, and torch or cupy (MORULA_PYTHON names another Python). What is missing is said, and skipped.
#
# Steps: the GPU library without the CPU's; the tests of its kernels on the GPU, and under compute-sanitizer's memcheck,
# racecheck, initcheck and synccheck; every call of its C ABI timed beside what the device can do (bench/gpu); training
# and correlation beside PyTorch and CuPy (bench/peers/compare_gpu.py).
# Results: FOLDER/gpu.json and FOLDER/gpu.md, beside the logs; FOLDER is bench/target/gpu unless --out names another.
# --quick: fewer timings and sizes, and memcheck alone.
#
# Exit codes: 0 all that could be run passed, 1 something failed, 2 bad usage, 5 something needed is missing, such as a
# GPU. The two files are written in all cases but bad usage; what was not run is null in gpu.json, and listed there.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$root/bench/target/gpu
quick=()

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }

refuse() {
    echo "bench/gpu.sh: $*; --help says what there is" >&2
    exit 2
}

while (($# > 0)); do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --quick) quick=(--quick) ;;
        --out)
            out=${2:-}
            [[ -n $out ]] || refuse "--out needs a folder"
            shift
            ;;
        *) refuse "\"$1\" is no option" ;;
    esac
    shift
done
mkdir -p "$out" || refuse "the folder $out cannot be made"
out=$(cd "$out" && pwd)
build=$out/build

# ---- what came of the steps ----------------------------------------------------------------------------------------

declare -A state=() # of a step: passed or failed; none if it was not run
skipped=()
lacking=0

say() { echo "gpu.sh: $*"; }

skip() {
    say "skipped: $*"
    skipped+=("$*")
}

# Something that is needed is not there.
lack() {
    skip "$*"
    lacking=1
}

# step NAME COMMAND...: runs it with its output in NAME.log. Fails as the command does.
step() {
    local name=$1 status=0
    shift
    say "$name ..."
    "$@" >"$out/$name.log" 2>&1 || status=$?
    if ((status == 0)); then
        state[$name]=passed
    else
        state[$name]=failed
        say "$name FAILED (exit code $status); the end of $out/$name.log:"
        tail -n 5 "$out/$name.log" | sed 's/^/    /'
    fi
    return "$status"
}

# ---- JSON --------------------------------------------------------------------------------------------------------------

# A string, or null where it is empty.
text() {
    local value=${1//\\/\\\\}
    value=${value//\"/\\\"}
    value=${value//[[:cntrl:]]/ }
    if [[ -z $value ]]; then echo null; else echo "\"$value\""; fi
}

# The lines of a kind that the benchmark wrote, as an array; null if there are none.
lines_of() {
    local found
    found=$(grep "^{\"kind\":\"$1\"" "$out/kernels.jsonl" 2>/dev/null | paste -sd,)
    if [[ -z $found ]]; then echo null; else echo "[$found]"; fi
}

list() {
    local item items=
    for item in "$@"; do items+=${items:+,}$(text "$item"); done
    echo "[$items]"
}

# The first line that a command prints, or nothing.
version() { "$@" 2>/dev/null | head -n 1; }
nvcc_version() { nvcc --version 2>/dev/null | sed -n 's/.*release.*V\([0-9.]*\).*/\1/p'; }
module_version() { "$python" -c "import $1; print($1.__version__)" 2>/dev/null; }

write_json() {
    local device tool sanitizer=
    device=$(lines_of device)
    device=${device#[}
    for tool in "${tools[@]}"; do sanitizer+=${sanitizer:+,}"\"$tool\":$(text "${state[$tool]:-}")"; done
    cat >"$out/gpu.json" <<END
{"schema":1,"date":"$(date -u +%Y-%m-%dT%H:%M:%SZ)","quick":$([[ -n ${quick[*]} ]] && echo true || echo false),
"revision":$(text "$(git -C "$root" rev-parse HEAD 2>/dev/null)"),
"system":$(text "$(uname -sr)"),
"driver":$(text "$(version nvidia-smi --query-gpu=driver_version --format=csv,noheader)"),
"clocks":$(text "$(version nvidia-smi --query-gpu=clocks.max.sm,clocks.max.mem,power.limit --format=csv,noheader)"),
"versions":{"nvcc":$(text "$(nvcc_version)"),"cmake":$(text "$(version cmake --version)"),
"compiler":$(text "$(version "${CXX:-c++}" --version)"),"python":$(text "$(version "$python" --version)"),
"torch":$(text "$(module_version torch)"),"cupy":$(text "$(module_version cupy)")},
"device":${device%]},
"build":$(text "${state[build]:-}"),"tests":$(text "${state[tests]:-}"),"sanitizer":{$sanitizer},
"benchmark":$(text "${state[benchmark]:-}"),"ceilings":$(lines_of ceiling),
"kernels":$(lines_of kernel),
"endToEnd":$(if [[ -s $out/end-to-end.json ]]; then cat "$out/end-to-end.json"; else echo null; fi),
"endToEndState":$(text "${state[end-to-end]:-}"),
"skipped":$(list ${skipped[@]+"${skipped[@]}"})}
END
}

write_table() {
    local step device
    {
        echo "# Morula's CUDA backend on a GPU"
        echo
        device=$(version nvidia-smi --query-gpu=name,driver_version --format=csv,noheader)
        echo "${device:-no GPU}; nvcc $(nvcc_version); $(date -u +%Y-%m-%d)"
        echo
        echo "| step | result |"
        echo "| --- | --- |"
        for step in build tests "${tools[@]}" benchmark end-to-end; do echo "| $step | ${state[$step]:-not run} |"; done
        for step in ${skipped[@]+"${skipped[@]}"}; do printf '\nSkipped: %s\n' "$step"; done
        for step in kernels end-to-end; do
            if [[ -s $out/$step.md ]]; then printf '\n## %s\n\n' "$step"; cat "$out/$step.md"; fi
        done
    } >"$out/gpu.md"
}

# Writes both files and exits with what came of it all.
finish() {
    local step code=0
    write_json
    write_table
    ((lacking == 0)) || code=5
    for step in "${!state[@]}"; do [[ ${state[$step]} == passed ]] || code=1; done
    say "$out/gpu.json, $out/gpu.md; exit code $code"
    exit "$code"
}

# ---- steps -----------------------------------------------------------------------------------------------------------

tools=(memcheck racecheck initcheck synccheck)
python=${MORULA_PYTHON:-python3}
program=$root/java/cli/target/morula/bin/morula
rm -f "$out"/{kernels,end-to-end}.{md,json,jsonl} "$out"/*.log

find_nvcc() {
    local folder
    for folder in "${CUDA_HOME:-}" "${CUDA_PATH:-}" /usr/local/cuda /opt/cuda; do
        if ! type -P nvcc >/dev/null && [[ -n $folder && -x $folder/bin/nvcc ]]; then PATH=$PATH:$folder/bin; fi
    done
    type -P nvcc >/dev/null || return 1
    folder=$(dirname "$(dirname "$(readlink -f "$(type -P nvcc)")")")
    export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder/lib64 # where cuBLAS may be
    PATH=$PATH:$folder/bin:$folder/compute-sanitizer
}

look_for_tools() {
    local tool major minor rest
    for tool in cmake make "${CXX:-c++}"; do
        type -P "$tool" >/dev/null || lack "everything: there is no $tool"
    done
    if ! find_nvcc; then
        lack "everything: there is no nvcc in PATH, CUDA_HOME, CUDA_PATH or /usr/local/cuda"
        return
    fi
    IFS=. read -r major minor rest <<<"$(nvcc_version)"
    ((${major:-0} > 12 || (${major:-0} == 12 && ${minor:-0} >= 8))) ||
        lack "everything: nvcc is ${major:-0}.${minor:-0}${rest:+.$rest}, but 12.8 or newer is needed"
}

# shellcheck disable=SC2317 # a step
build_all() {
    cmake -S "$root/native" -B "$build" -DCMAKE_BUILD_TYPE=Release -DMORULA_CPU=OFF -DMORULA_CUDA=ON \
        -DMORULA_GPU_BENCHMARK=ON &&
        cmake --build "$build" --parallel "$(nproc)" --target morula_cuda morula_cuda_tests morula_gpu_benchmark
}

# The benchmark itself says whether there is a device: exit code 5 if none.
has_device() {
    local status=0
    "$build/gpu/morula_gpu_benchmark" --tiny --only nothing >"$out/device.log" 2>&1 || status=$?
    ((status != 5))
}

sanitize() {
    local tool wanted=("${tools[@]}")
    if ! type -P compute-sanitizer >/dev/null; then
        skip "compute-sanitizer is not there: memcheck, racecheck, initcheck, synccheck"
        return
    fi
    if [[ -n ${quick[*]} ]]; then
        wanted=(memcheck)
        skip "racecheck, initcheck and synccheck, because of --quick"
    fi
    for tool in "${wanted[@]}"; do
        step "$tool" compute-sanitizer --tool "$tool" --error-exitcode 9 "$build/morula_cuda_tests"
    done
}

# shellcheck disable=SC2317 # a step
benchmark() {
    local status=0
    "$build/gpu/morula_gpu_benchmark" "${quick[@]}" --table "$out/kernels.md" >"$out/kernels.jsonl" || status=$?
    grep '"failure":' "$out/kernels.jsonl"
    return "$status"
}

# Why ceilings were not measured, which the benchmark says with them.
look_for_ceilings() {
    local why
    why=$(sed -n 's/^{"kind":"ceiling".*"rate":null,"why":"\([^"]*\)".*/\1/p' "$out/kernels.jsonl" | head -n 1)
    [[ -z $why ]] || skip "the ceilings of products: $why"
}

# shellcheck disable=SC2317 # a step
end_to_end() {
    "$python" "$root/bench/peers/compare_gpu.py" --json "$out/end-to-end.json" --table "$out/end-to-end.md" \
        --program "$program" --folder "$out" "${quick[@]}"
}

compare() {
    if [[ ! -x $program ]]; then
        skip "end to end: the program is not built, java/cli/target/morula (./mvnw package, there or elsewhere)"
    elif ! "$program" --version >/dev/null 2>&1; then
        skip "end to end: the program does not start: $("$program" --version 2>&1 | head -n 1)"
    elif ! "$python" -c "import numpy" 2>/dev/null; then
        skip "end to end: $python with numpy is not there"
    else
        [[ -n $(module_version torch) ]] || skip "PyTorch's part of end to end: $python has no torch"
        [[ -n $(module_version cupy) ]] || skip "CuPy's part of end to end: $python has no cupy"
        step end-to-end end_to_end
    fi
}

look_for_tools
((lacking == 0)) || finish
step build build_all || finish
if ! has_device; then
    lack "tests, compute-sanitizer, benchmark and end to end: $(head -n 1 "$out/device.log")"
    finish
fi
step tests "$build/morula_cuda_tests"
sanitize
step benchmark benchmark
look_for_ceilings
compare
finish
