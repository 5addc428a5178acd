"""Trains the same networks by the same recipes in Morula and in PyTorch, seed by seed, and prints their errors.

    ./mvnw package -DskipTests
    python bench/peers/compare_accuracy.py fashion-mnist:DIR mnist:DIR cifar10:DIR [--seeds 5] [--cases NAME ...]

Seeds mean other numbers in the two, so the errors differ as those of other seeds do; the last line of each case has the
means, the deviations over seeds, and the difference of the means in its own standard errors. MORULA_PYTHON names the
Python that has torch; by default it is the one that runs this.
"""
import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

import peers

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parents[1] / "java" / "cli" / "target" / "morula" / "bin" / "morula"

RECIPES = {  # case: (data set, preset, what differs from the defaults)
    "mlp-10k": ("fashion-mnist", "mlp:784-256-256-512", {"train-size": 10000, "epochs": 15}),
    "mlp-60k": ("fashion-mnist", "mlp:784-256-256-512", {"epochs": 8}),
    "pmnist-128": ("mnist", "pmnist:128", {"train-size": 10000, "pca": 10, "parity": True, "loss": "hinge", "init": "he",
                                           "batch": 256, "epochs": 80, "lr": 0.1, "weight-decay": 2e-3}),
    "pmnist-512": ("mnist", "pmnist:512", {"train-size": 10000, "pca": 10, "parity": True, "loss": "hinge", "init": "he",
                                           "batch": 256, "epochs": 160, "lr": 0.05, "weight-decay": 2e-3, "warm-up": 5}),
    "resnet20": ("cifar10", "resnet20", {"train-size": 5000, "epochs": 20, "lr": 0.1, "augment": True}),
}
DEFAULTS = {"epochs": 10, "batch": 128, "lr": 0.05, "momentum": 0.9, "weight-decay": 5e-4, "init": "pytorch",
            "loss": "cross-entropy"}


def morula(net, data, recipe, seed):
    setting = {**DEFAULTS, **recipe}
    command = [PROGRAM, "train", "--net", net, "--data", data, "--seed", seed, "--json", "--batch", setting["batch"]]
    command += ["--epochs", setting["epochs"], "--init", setting["init"], "--loss", setting["loss"], "--optimizer",
                "sgd,lr={lr},momentum={momentum},weight-decay={weight-decay}".format(**setting)]
    command += ["--schedule", f"cosine,warm-up={setting['warm-up']}"] if "warm-up" in setting else []
    command += ["--train-size", setting["train-size"]] if "train-size" in setting else []
    command += ["--prepare", f"set,pca={setting['pca']},whitened"] if "pca" in setting else []
    command += ["--labels", "parity"] if "parity" in setting else []
    command += ["--augment", "crop-flip"] if "augment" in setting else []
    with tempfile.TemporaryDirectory() as folder:
        command += ["--out", folder + "/run"]
        output = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout
    training = json.loads(output)["training"]
    return training["trainError"], training["testError"]


def pytorch(net, data, recipe, seed):
    arguments = ["--net", net, "--data", data, "--seed", seed]
    for key, value in recipe.items():
        arguments += ["--" + key] if value is True else ["--" + key, value]
    result = json.loads(peers.python(HERE / "accuracy.py", *arguments))
    return result["trainError"], result["testError"]


def compare(name, net, data, recipe, seeds):
    runs = {"Morula": [], "PyTorch": []}
    for seed in range(1, seeds + 1):
        for who, train in (("Morula", morula), ("PyTorch", pytorch)):
            runs[who].append(train(net, data, recipe, seed))
        print(f"{name}, seed {seed}: " + "; ".join(
            f"{who} train {100 * errors[-1][0]:.2f} %, test {100 * errors[-1][1]:.2f} %"
            for who, errors in runs.items()), flush=True)
    tests = {who: [test for _, test in errors] for who, errors in runs.items()}
    means = {who: statistics.mean(errors) for who, errors in tests.items()}
    deviations = {who: statistics.stdev(errors) for who, errors in tests.items()}
    error = math.sqrt(sum(deviation**2 for deviation in deviations.values()) / seeds)
    print(f"{name}: test error " + ", ".join(
        f"{who} {100 * means[who]:.2f} % (deviation {100 * deviations[who]:.2f})" for who in tests)
          + f"; difference {(means['Morula'] - means['PyTorch']) / error:+.1f} standard errors", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", help="data sets as morula train takes them")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--cases", nargs="+", choices=RECIPES)
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("--seeds: at least 2, to have a deviation")
    folders = {data.split(":")[0]: data for data in options.data}
    for name, (kind, net, recipe) in RECIPES.items():
        if kind in folders and name in (options.cases or RECIPES):
            compare(name, net, folders[kind], recipe, options.seeds)
        else:
            print(f"{name}: skipped", file=sys.stderr)


if __name__ == "__main__":
    main()
