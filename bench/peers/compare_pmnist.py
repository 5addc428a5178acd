"""Times eight seeds of a pMNIST network, side by side in Morula and one after the other in PyTorch, by turns.

    ./mvnw package -DskipTests
    python bench/peers/compare_pmnist.py [--width 64] [--epochs 10] [--threads 2] [--rounds 3]

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
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ours, theirs = [], []
    for number in range(1, options.rounds + 1):
        peer = json.loads(peers.python(HERE / "pmnist.py", "--width", options.width, "--epochs", options.epochs,
                                       "--threads", options.threads))
        if "skipped" in peer:
            return  # pmnist.py has said why
        theirs.append(peer["seconds"])
        ours.append(peers.benchmark("SeedsBenchmark", width=options.width, epochs=options.epochs,
                                    threads=options.threads)["score"])
        print(f"round {number}: Morula {ours[-1]:.2f} s, PyTorch {theirs[-1]:.2f} s", flush=True)
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(f"width {options.width}, {options.epochs} epochs, 8 seeds, medians of {options.rounds}: Morula {mine:.2f} s, "
          f"PyTorch {peer:.2f} s; PyTorch / Morula = {peer / mine:.2f}")


if __name__ == "__main__":
    main()
