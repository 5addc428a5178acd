"""Times Morula's training step and PyTorch's by turns, in a process each, and prints the ratio of the medians.

    ./mvnw package -DskipTests
    python bench/peers/compare_train_step.py [--net mlp:784-256-256-8192] [--sample 1x28x28] [--threads 2] [--rounds 5]

By turns, because the speed of a shared machine drifts: a ratio within one run can be compared, milliseconds cannot.
MORULA_PYTHON names the Python that has torch; by default it is the one that runs this.
"""
import argparse
import json
import pathlib
import statistics

import peers

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--net", default="mlp:784-256-256-8192")
    parser.add_argument("--sample", default="1x28x28")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ours, theirs = [], []
    for number in range(1, options.rounds + 1):
        peer = json.loads(peers.python(HERE / "train_step.py", "--net", options.net, "--sample", options.sample,
                                       "--threads", options.threads))
        if "skipped" in peer:
            return  # train_step.py has said why
        theirs.append(peer["medianMilliseconds"])
        ours.append(peers.benchmark("TrainingStepBenchmark", net=options.net, sample=options.sample,
                                    threads=options.threads)["scorePercentiles"]["50.0"])
        print(f"round {number}: Morula {ours[-1]:.2f} ms, PyTorch {theirs[-1]:.2f} ms", flush=True)
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(f"{options.net}, {options.threads} threads, medians of {options.rounds}: Morula {mine:.2f} ms, "
          f"PyTorch {peer:.2f} ms; PyTorch / Morula = {peer / mine:.2f}")


if __name__ == "__main__":
    main()
