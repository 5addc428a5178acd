"""Times Morula and PyTorch or CuPy on a GPU by turns, in a process each, and reports medians and their ratios.

    python bench/peers/compare_gpu.py --json FILE --table FILE [--quick] [--rounds 5] [--widths 32768 131072]
        [--program java/cli/target/morula/bin/morula] [--folder FOLDER] [--device cpu]

Training: milliseconds a step of `morula train` on the bundled mnist-mini, from the wall time of its epochs but for the first,
beside gpu_train.py in float32 and in tf32. Correlation: a layer of a network that Morula trains here on the device, N =
10,000, threshold 0.9, beside gpu_correlate.py. Two ratios: of whole processes, from start to end, and of stages: Morula's
standardise and correlate (which read, copy and decide exactly) against copying, standardising and products there. A ratio
above 1 says that Morula takes less time. bench/gpu.sh runs this; MORULA_PYTHON names the Python that has the libraries.
What a library lacks is null. Exit code 1 if Morula fails, 0 else. --device cpu tries the script where there is no GPU.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import peers

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SGD = "sgd,lr=1e-4,momentum=0.9,weight-decay=5e-4"
# The network, the shape of a sample, how mnist-mini becomes such samples, and the batch.
TRAINING = [("mlp:784-256-256-8192", "1x28x28", "set", 128), ("mlp:784-256-256-65536", "1x28x28", "set", 128),
            ("mlp:784-256-256-65536", "1x28x28", "set", 1024), ("resnet20", "1x32x32", "set,pad=32x32", 128),
            ("conv-L8-H64", "1x32x32", "set,pad=32x32", 128)]


class Failure(Exception):
    pass


def say(text):
    print(text, flush=True)


def morula(options, *words):
    """Seconds of the process, and the object that it printed."""
    command = [str(word) for word in [options.program, *words, "--device", options.device, "--json"]]
    start = time.perf_counter()
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if process.returncode != 0:
        raise Failure(f"{' '.join(command)}: exit code {process.returncode}: {process.stderr.strip()[-300:]}")
    return seconds, json.loads(process.stdout)


def peer(options, script, *words):
    """The object that it printed, and the process's seconds; null if it failed, or was skipped, which it is asked once."""
    library = (script, "cupy" in words)
    if library in options.skipped:
        return None
    start = time.perf_counter()
    try:
        found = json.loads(peers.python(HERE / script, *words, "--device", options.device))
    except subprocess.CalledProcessError as failure:
        say(f"{script} {' '.join(map(str, words))} failed: exit code {failure.returncode}")
        return None
    seconds = time.perf_counter() - start
    if "skipped" in found:
        options.skipped.add(library)
        return None
    return {**found, "wholeSeconds": seconds}


def median(values):
    return None if None in values else statistics.median(values)


def ratio(theirs, ours):
    return None if theirs is None else theirs / ours


def morula_step(options, folder, net, prepare, batch):
    """Milliseconds."""
    _, result = morula(options, "train", "--net", net, "--data", "mnist-mini", "--prepare", prepare, "--batch", batch,
                       "--optimizer", SGD, "--epochs", options.epochs, "--seed", 7, "--out", folder / "run")
    training = result["training"]
    epoch = statistics.median(epoch["seconds"] for epoch in training["curve"][1:])
    return epoch * 1e3 / -(-training["trainSize"] // batch)


def torch_step(options, net, sample, batch, *words):
    found = peer(options, "gpu_train.py", "--net", net, "--sample", sample, "--batch", batch, "--epochs",
                 options.epochs, *words)
    return found and found["millisecondsPerStep"]


def train(options, net, sample, prepare, batch):
    times = {"morula": [], "torch": [], "torchTf32": []}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            times["morula"].append(morula_step(options, pathlib.Path(folder), net, prepare, batch))
        times["torch"].append(torch_step(options, net, sample, batch))
        times["torchTf32"].append(torch_step(options, net, sample, batch, "--tf32"))
    found = {name: median(values) for name, values in times.items()}
    say(f"{net}, batch {batch}: " + ", ".join(f"{name} {show(value, ' ms')}" for name, value in found.items()))
    return {"net": net, "sample": sample, "batch": batch, "rounds": options.rounds,
            **{f"{name}Milliseconds": value for name, value in found.items()},
            "ratio": ratio(found["torch"], found["morula"]), "ratioTf32": ratio(found["torchTf32"], found["morula"])}


def trained_layer(options, width, folder):
    run, layer = folder / "run", folder / "layer.npy"
    morula(options, "train", "--net", f"mlp:784-256-256-{width}", "--data", "mnist-mini", "--epochs", 12, "--seed", 7,
           "--out", run)
    morula(options, "activations", run, "--layer", "last", "--split", "train", "--out", layer)
    return layer


def correlation_peers(options, layer):
    words = ["--threshold", options.threshold]
    return {"torch": peer(options, "gpu_correlate.py", layer, *words),
            "torchTf32": peer(options, "gpu_correlate.py", layer, *words, "--tf32"),
            "cupy": peer(options, "gpu_correlate.py", layer, *words, "--with", "cupy")}


def peer_result(runs, ours):
    """Medians of a peer's runs, beside ours; null if one of them is missing."""
    if None in runs:
        return None
    stages = ["copySeconds", "standardiseSeconds", "productSeconds"]
    found = {name: median([run[name] for run in runs]) for name in ["wholeSeconds", *stages]}
    found["stageSeconds"] = median([sum(run[name] for name in stages) for run in runs])
    return {**found, "edges": runs[0]["edges"], "wholeRatio": found["wholeSeconds"] / ours["wholeSeconds"],
            "stageRatio": found["stageSeconds"] / ours["stageSeconds"]}


def correlate(options, width):
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = pathlib.Path(name)
        layer = trained_layer(options, width, folder)
        whole, stages, theirs = [], [], []
        for _ in range(options.rounds):
            with open(layer, "rb") as file:  # so that it comes from the page cache
                while file.read(1 << 24):
                    pass
            seconds, result = morula(options, "correlate", layer, "--threshold", options.threshold, "--out",
                                     folder / "edges.npz")
            whole.append(seconds)
            stages.append(result["seconds"]["standardise"] + result["seconds"]["correlate"])
            theirs.append(correlation_peers(options, layer))
    ours = {"wholeSeconds": median(whole), "stageSeconds": median(stages), "edges": result["edges"],
            "plan": result["plan"]["method"], "device": result["device"], "seconds": result["seconds"]}
    found = {name: peer_result([run[name] for run in theirs], ours) for name in theirs[0]}
    say(f"W = {width}: morula {ours['wholeSeconds']:.3g} s, of which stages {ours['stageSeconds']:.3g} s; " + "; ".join(
        f"{name} {'null' if run is None else show(run['wholeSeconds'], ' s')}" for name, run in found.items()))
    return {"neurons": width, "samples": result["samples"], "threshold": options.threshold, "rounds": options.rounds,
            "morula": ours, **found}


def show(value, unit=""):
    return "not measured" if value is None else f"{value:.3g}{unit}"


def table(results):
    lines = ["| network | batch | Morula | PyTorch, float32 | ratio | PyTorch, tf32 | ratio |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in results["training"]:
        cells = [row["net"], row["batch"], *(show(row[f"{name}Milliseconds"], " ms") for name in ("morula", "torch")),
                 show(row["ratio"]), show(row["torchTf32Milliseconds"], " ms"), show(row["ratioTf32"])]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += ["", "| W | by | edges | whole process | ratio | stages | ratio | products alone |",
              "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in results["correlation"]:
        for name in ("morula", "torch", "torchTf32", "cupy"):
            run = row[name] or {}
            cells = [row["neurons"], name, run.get("edges", "not measured"), show(run.get("wholeSeconds"), " s"),
                     show(run.get("wholeRatio")) if name != "morula" else "", show(run.get("stageSeconds"), " s"),
                     show(run.get("stageRatio")) if name != "morula" else "",
                     show(run.get("productSeconds"), " s") if name != "morula" else ""]
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", required=True)
    parser.add_argument("--table", required=True)
    parser.add_argument("--quick", action="store_true", help="one round, the smaller networks and widths")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--widths", type=int, nargs="*")
    parser.add_argument("--threshold", type=float, default=0.9)
    parser.add_argument("--program", default=ROOT / "java/cli/target/morula/bin/morula")
    parser.add_argument("--folder", default=None, help="for layers, 40 kB a neuron")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    options = parser.parse_args()
    options.skipped = set()
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.widths = ([32768] if options.quick else [32768, 131072]) if options.widths is None else options.widths
    return options


def collect(results, what, function, *words):
    try:
        results.append(function(*words))
    except Failure as failure:
        say(f"failed: {what}: {failure}")
        return False
    return True


def main():
    options = arguments()
    results = {"training": [], "correlation": []}
    cases = [TRAINING[0], TRAINING[3]] if options.quick else TRAINING
    succeeded = [collect(results["training"], case[0], train, options, *case) for case in cases]
    succeeded += [collect(results["correlation"], f"W = {width}", correlate, options, width) for width in options.widths]
    pathlib.Path(options.json).write_text(json.dumps(results) + "\n")
    pathlib.Path(options.table).write_text(table(results))
    sys.exit(0 if all(succeeded) else 1)


if __name__ == "__main__":
    main()
