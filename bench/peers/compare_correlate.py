"""Times Morula's correlation of a layer and other libraries' by turns, in a process each, and prints ratios of medians.

    ./morula train --net mlp:784-256-256-16384 --data fashion-mnist:DIR --train-size 10000 --epochs 12 --seed 7 --out run
    ./morula activations run --out run/layer.npy
    python bench/peers/compare_correlate.py run/layer.npy [--peers numpy32 numpy64] [--rounds 5] [--tier avx512]

Of Morula, what is compared is the stages standardise and correlate, since the peers standardise too (numpy) or are given
standardised rows (torch, faiss, which are favoured by that). MORULA_PYTHON names the Python that has the libraries.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def morula(options, folder):
    command = [HERE.parent.parent / "morula", "correlate", options.layer, "--threshold", options.threshold, "--json"]
    command += ["--threads", options.threads, "--out", pathlib.Path(folder) / "edges.npz"]
    environment = dict(os.environ, **({"MORULA_TIER": options.tier} if options.tier else {}))
    output = subprocess.run(
        [str(part) for part in command], check=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ).stdout
    result = json.loads(output)
    result["stages"] = result["seconds"]["standardise"] + result["seconds"]["correlate"]
    return result


def peer(options, name):
    python = os.environ.get("MORULA_PYTHON", sys.executable)
    command = [python, HERE / "correlate.py", options.layer, "--with", name]
    command += ["--threshold", options.threshold, "--threads", options.threads]
    process = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE)
    if process.returncode < 0:  # seen with numpy64, in the AVX-512 kernels of NumPy's own OpenBLAS
        sys.exit(f"{name} was killed by signal {-process.returncode}; OPENBLAS_CORETYPE=Haswell may help it")
    process.check_returncode()
    return json.loads(process.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--peers", nargs="+", default=["numpy32", "numpy64"])
    parser.add_argument("--threshold", type=float, default=0.9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tier", default="", help="cap Morula's CPU tier: portable, avx2, avx512 or amx")
    options = parser.parse_args()
    seconds = {name: [] for name in ["morula", *options.peers]}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, options.rounds + 1):
            ours = morula(options, folder)
            seconds["morula"].append(ours["stages"])
            line = f"round {number}: morula {ours['stages']:.2f} s, {ours['edges']} edges"
            for name in options.peers:
                theirs = peer(options, name)
                if "skipped" in theirs:
                    return
                seconds[name].append(theirs["seconds"])
                line += f"; {name} {theirs['seconds']:.2f} s, {theirs['edges']} edges"
            print(line, flush=True)
    mine = statistics.median(seconds["morula"])
    print(f"{ours['neurons']} neurons, {ours['samples']} samples, tier {ours['tier']}, {options.threads} threads, "
          f"medians of {options.rounds}: morula {mine:.2f} s, peak anonymous {ours['peakAnonymousBytes'] / 2**30:.2f} GiB")
    for name in options.peers:
        theirs = statistics.median(seconds[name])
        print(f"  {name} {theirs:.2f} s; {name} / morula = {theirs / mine:.2f}")


if __name__ == "__main__":
    main()
