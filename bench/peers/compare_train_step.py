"""Times Morula's training step and those of others by turns, in a process each, and prints the ratios of the medians.

    ./mvnw package -DskipTests
    python bench/peers/compare_train_step.py [--net mlp:784-256-256-8192] [--sample 1x28x28] [--threads 2] [--rounds 5]
                                             [--peers torch dl4j]

By turns, because the speed of a shared machine drifts: a ratio within one run can be compared, milliseconds cannot.
MORULA_PYTHON names the Python that has torch; by default it is the one that runs this. Deeplearning4j takes Maven, and
knows perceptrons of the form mlp:784-256-256-W alone.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess

import peers

HERE = pathlib.Path(__file__).resolve().parent


def morula(options):
    return peers.benchmark("TrainingStepBenchmark", net=options.net, sample=options.sample,
                           threads=options.threads)["scorePercentiles"]["50.0"]


def torch(options):
    """None if it is not installed, as train_step.py has said then."""
    return json.loads(peers.python(HERE / "train_step.py", "--net", options.net, "--sample", options.sample,
                                   "--threads", options.threads)).get("medianMilliseconds")


def dl4j(options):
    width = options.net.removeprefix("mlp:784-256-256-")
    command = ["mvn", "-q", "compile", "exec:java", f"-Dexec.args={int(width)} 5"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=HERE / "dl4j",
                            env={**os.environ, "OMP_NUM_THREADS": str(options.threads)}).stdout.decode()
    return json.loads(output[output.index("{"):output.index("}") + 1])["medianMilliseconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--net", default="mlp:784-256-256-8192")
    parser.add_argument("--sample", default="1x28x28")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", nargs="+", choices=["torch", "dl4j"], default=["torch"])
    options = parser.parse_args()
    runs = {"Morula": morula, **{name: globals()[name] for name in options.peers}}
    times = {name: [] for name in runs}
    for number in range(1, options.rounds + 1):
        for name, run in runs.items():
            time = run(options)
            if time is None:
                return
            times[name].append(time)
        print(f"round {number}: " + ", ".join(f"{name} {found[-1]:.2f} ms" for name, found in times.items()), flush=True)
    medians = {name: statistics.median(found) for name, found in times.items()}
    print(f"{options.net}, {options.threads} threads, medians of {options.rounds}: " + "; ".join(
        f"{name} {median:.2f} ms" + ("" if name == "Morula" else f", ratio {median / medians['Morula']:.2f}")
        for name, median in medians.items()))


if __name__ == "__main__":
    main()
