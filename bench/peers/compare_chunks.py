"""Times Morula's fits of chunks and scikit-learn's by turns, in a process each, and prints the ratio of medians.

    python bench/peers/compare_chunks.py LAYER.npy [--size 256] [--draws 40] [--peer-draws 4] [--rounds 3] [--threads 2]

LAYER.npy is samples x neurons, float32. Of both everything counts from the layer on that is read: Morula's Gram matrix is
among it, scikit-learn's conversion to float64 is not. --peer-draws has scikit-learn fit fewer chunks and scales its time.
The two draw other chunks, so that the figures agree only as means over chunks do. MORULA_PYTHON names the Python that has
numpy and scikit-learn.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def measured(command):
    """What the command prints, and its peak of resident memory."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}")
    return dict(json.loads(output), peak=usage.ru_maxrss * 1024)


def morula(options):
    flags = ROOT / "java/cli/target/morula/lib/java.flags"
    classes = f"{ROOT}/bench/target/classes:{ROOT}/bench/target/lib/*"
    return measured(["java", f"@{flags}", "-cp", classes, "dev.morula.redundancy.ChunkFitsMain", options.layer,
                     options.size, options.draws, options.threads])


def peer(options):
    python = os.environ.get("MORULA_PYTHON", sys.executable)
    return measured([python, HERE / "chunks.py", options.layer, "--size", options.size, "--draws",
                     options.peer_draws or options.draws, "--threads", options.threads])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--peer-draws", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    scale = options.draws / (options.peer_draws or options.draws)
    ours, theirs = [], []
    for number in range(1, options.rounds + 1):
        mine, other = morula(options), peer(options)
        if "skipped" in other:
            return
        ours.append(mine["seconds"])
        theirs.append(other["seconds"] * scale)
        print(f"round {number}: morula {ours[-1]:.2f} s, scikit-learn {theirs[-1]:.2f} s", flush=True)
        for name, result in (("morula", mine), ("scikit-learn", other)):
            print(f"  {name}: R^2 {result['r2']:.6f}, residual correlation {result['residualCorrelation']:.6f} held out, "
                  f"{result['residualCorrelationAllPairs']:.6f} all pairs; peak {result['peak'] / 2**30:.2f} GiB")
    mine, other = statistics.median(ours), statistics.median(theirs)
    scaled = " (scaled)" if scale != 1 else ""
    print(f"{options.draws} chunks of {options.size} of {options.layer}: "
          f"morula {mine:.2f} s, scikit-learn {other:.2f} s{scaled}, ratio {other / mine:.1f}")


if __name__ == "__main__":
    main()
