"""Times Morula's convolutions and PyTorch's by turns, in a process each, and prints the ratios of the medians.

    ./mvnw package -DskipTests
    python bench/peers/compare_convolution.py [--layers 64x64x32x3x1 ...] [--threads 2] [--rounds 3]

A layer is inputs x outputs x size of the image x kernel x stride, as in ConvolutionBenchmark. By turns, because the speed
of a shared machine drifts. MORULA_PYTHON names the Python that has torch; by default it is the one that runs this.
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
LAYERS = ["64x64x32x3x1", "16x16x32x3x1", "64x64x8x3x1", "3x16x32x3x1"]


def morula(options):
    jar = next((HERE.parent / "target").glob("morula-bench-*.jar"), None)
    if jar is None:
        sys.exit("bench/target has no morula-bench jar: run ./mvnw package -DskipTests first")
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = ["java", "--enable-native-access=ALL-UNNAMED", "-jar", jar, "ConvolutionBenchmark", "-foe", "true"]
        command += ["-p", "layer=" + ",".join(options.layers), "-p", f"threads={options.threads}", "-p", "tier=best"]
        command += ["-bm", "avgt", "-tu", "ms", "-wi", "1", "-i", "3", "-rf", "json", "-rff", result.name, "-v", "SILENT"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times = {}
        for run in json.load(open(result.name)):
            name = run["benchmark"].rpartition(".")[2]
            times[run["params"]["layer"], name] = run["primaryMetric"]["scorePercentiles"]["50.0"]
        return {layer: [times[layer, "forward"], times[layer, "backward"]] for layer in options.layers}


def pytorch(options):
    python = os.environ.get("MORULA_PYTHON", sys.executable)
    command = [python, HERE / "convolution.py", "--threads", options.threads, "--layers", *options.layers]
    output = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layers", nargs="+", default=LAYERS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ours, theirs = [], []
    for _ in range(options.rounds):
        peer = pytorch(options)
        if "skipped" in peer:
            return  # convolution.py has said why
        theirs.append(peer)
        ours.append(morula(options))
    print(f"{options.threads} threads, medians of {options.rounds}, milliseconds forward + backward")
    for layer in options.layers:
        mine = [statistics.median(times[layer][k] for times in ours) for k in (0, 1)]
        peer = [statistics.median(times[layer][k] for times in theirs) for k in (0, 1)]
        print(f"{layer}: Morula {mine[0]:.2f} + {mine[1]:.2f}, PyTorch {peer[0]:.2f} + {peer[1]:.2f}; "
              f"PyTorch / Morula = {sum(peer) / sum(mine):.2f}")


if __name__ == "__main__":
    main()
