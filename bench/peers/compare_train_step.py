"""Times Morula's training step and PyTorch's by turns, in a process each, and prints the ratio of the medians.

    ./mvnw package -DskipTests
    python bench/peers/compare_train_step.py [--width 8192] [--threads 2] [--rounds 5]

By turns, because the speed of a shared machine drifts: a ratio within one run can be compared, milliseconds cannot.
MORULA_PYTHON names the Python that has torch; by default it is the one that runs this.
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


def morula(options):
    jar = next((HERE.parent / "target").glob("morula-bench-*.jar"), None)
    if jar is None:
        sys.exit("bench/target has no morula-bench jar: run ./mvnw package -DskipTests first")
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = ["java", "--enable-native-access=ALL-UNNAMED", "-jar", jar, "TrainingStepBenchmark", "-foe", "true"]
        command += ["-p", f"width={options.width}", "-p", f"threads={options.threads}"]
        command += ["-rf", "json", "-rff", result.name, "-v", "SILENT"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        metric = json.load(open(result.name))[0]["primaryMetric"]
        return metric["scorePercentiles"]["50.0"]


def pytorch(options):
    python = os.environ.get("MORULA_PYTHON", sys.executable)
    command = [python, HERE / "train_step.py", "--width", options.width, "--threads", options.threads]
    output = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(output).get("medianMilliseconds")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--width", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ours, theirs = [], []
    for number in range(1, options.rounds + 1):
        peer = pytorch(options)
        if peer is None:
            return  # train_step.py has said why
        theirs.append(peer)
        ours.append(morula(options))
        print(f"round {number}: Morula {ours[-1]:.2f} ms, PyTorch {theirs[-1]:.2f} ms", flush=True)
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(f"width {options.width}, {options.threads} threads, medians of {options.rounds}: Morula {mine:.2f} ms, "
          f"PyTorch {peer:.2f} ms; PyTorch / Morula = {peer / mine:.2f}")


if __name__ == "__main__":
    main()
