"""Times Morula's correlation of a layer and other libraries' by turns, in a process each, and prints ratios of medians.

    python bench/peers/compare_correlate.py run/layer.npy [--peers torch numpy faiss] [--rounds 5] [--threshold 0.9]
        [--top-k 10] [--metric cosine] [--layout neurons-first] [--tier avx2] [--tiles 40] [--stages] [--options ...]

Of Morula the whole process counts: start, reading, everything, the file written. Of the others only products and threshold
count, on rows given standardised (correlate.py); with --stages, for the peers that standardise themselves (numpy32 and
numpy64), Morula's stages standardise and correlate. --tiles has the peers time a sample of their blocks and scale it, for
layers that would take them too long. The file is read once before each run of Morula, so that it comes from the page
cache. MORULA_PYTHON names the Python that has the libraries. What follows --options goes to morula correlate.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def query(options):
    words = ["--top-k", options.top_k] if options.top_k else ["--threshold", options.threshold]
    return [options.layer, *words, "--metric", options.metric, "--layout", options.layout, "--threads", options.threads]


def warm(path):
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass


def morula(options, folder):
    command = [HERE.parent.parent / "morula", "correlate", *query(options), "--json", *options.options]
    command += ["--out", pathlib.Path(folder) / "edges.npz"]
    environment = dict(os.environ, **({"MORULA_TIER": options.tier} if options.tier else {}))
    warm(options.layer)
    start = time.perf_counter()
    output = subprocess.run(
        [str(part) for part in command], check=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ).stdout
    whole = time.perf_counter() - start
    result = json.loads(output)
    stages = result["seconds"]["standardise"] + result["seconds"]["correlate"]
    result["counted"] = stages if options.stages else whole
    return result


def peer(options, name):
    python = os.environ.get("MORULA_PYTHON", sys.executable)
    command = [python, HERE / "correlate.py", *query(options), "--with", name, "--tiles", options.tiles]
    process = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE)
    if process.returncode < 0:  # seen with numpy64, in the AVX-512 kernels of NumPy's own OpenBLAS
        sys.exit(f"{name} was killed by signal {-process.returncode}; OPENBLAS_CORETYPE=Haswell may help it")
    process.check_returncode()
    return json.loads(process.stdout)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--peers", nargs="+", default=["torch"])
    parser.add_argument("--threshold", type=float, default=0.9)
    parser.add_argument("--top-k", type=int, default=0)
    parser.add_argument("--metric", default="pearson")
    parser.add_argument("--layout", default="samples-first")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tiles", type=int, default=0)
    parser.add_argument("--stages", action="store_true")
    parser.add_argument("--tier", default="", help="cap Morula's CPU tier: portable, avx2, avx512 or amx")
    parser.add_argument("--options", nargs=argparse.REMAINDER, default=[])
    return parser.parse_args()


def main():
    options = arguments()
    seconds = {name: [] for name in ["morula", *options.peers]}
    with tempfile.TemporaryDirectory(dir=pathlib.Path(options.layer).resolve().parent) as folder:
        for number in range(1, options.rounds + 1):
            ours = morula(options, folder)
            seconds["morula"].append(ours["counted"])
            line = f"round {number}: morula {ours['counted']:.2f} s, {ours['edges']} edges"
            for name in options.peers:
                theirs = peer(options, name)
                if "skipped" in theirs:
                    return
                seconds[name].append(theirs["seconds"])
                about = "about " if theirs["sampled"] else ""
                line += f"; {name} {about}{theirs['seconds']:.2f} s, {about}{theirs['edges']} edges"
            print(line, flush=True)
    mine = statistics.median(seconds["morula"])
    print(f"{ours['neurons']} neurons, {ours['samples']} samples, tier {ours['tier']}, {options.threads} threads, "
          f"{ours['plan']['method']} {ours['plan']['rank']}, medians of {options.rounds}: morula {mine:.2f} s, "
          f"peak anonymous {ours['peakAnonymousBytes'] / 2**30:.2f} GiB")
    print("  " + json.dumps({"seconds": ours["seconds"], "plan": ours["plan"]["seconds"], "stages": ours.get("stages")}))
    for name in options.peers:
        theirs = statistics.median(seconds[name])
        print(f"  {name} {theirs:.2f} s{' (scaled from a sample)' if options.tiles else ''}; "
              f"{name} / morula = {theirs / mine:.2f}")


if __name__ == "__main__":
    main()
