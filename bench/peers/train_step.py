"""One training step of 784-256-256-WIDTH-10 in PyTorch eager on the CPU: the work that TrainingStepBenchmark times.

    python train_step.py [--width 8192] [--threads 2] [--seconds 5]

Prints one JSON object: the median step in milliseconds. Without PyTorch it says so and succeeds: {"skipped": ...}.
"""
import argparse
import json
import statistics
import sys
import time

try:
    import torch
except ImportError:
    print("train_step.py: skipped, PyTorch is not installed (bench/peers/README.md says how)", file=sys.stderr)
    print(json.dumps({"skipped": "torch is not installed"}))
    sys.exit(0)

BATCH, PIXELS, CLASSES, RATE = 128, 784, 10, 1e-4


def network(width):
    sizes = [PIXELS, 256, 256, width, CLASSES]
    modules = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def step_function(width):
    torch.manual_seed(1)
    net = network(width)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=0.9, weight_decay=5e-4)
    inputs, labels = torch.randn(BATCH, PIXELS), torch.randint(CLASSES, (BATCH,))

    def step():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(inputs), labels).backward()
        optimizer.step()

    return step


def timed(step, seconds):
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--width", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    step = step_function(options.width)
    timed(step, 2)  # warm up
    median = statistics.median(timed(step, options.seconds)) * 1e3
    print(json.dumps({"medianMilliseconds": median, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
