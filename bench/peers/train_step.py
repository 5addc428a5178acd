"""One training step of a preset in PyTorch eager on the CPU: the work that TrainingStepBenchmark times.

    python train_step.py [--net mlp:784-256-256-8192] [--sample 1x28x28] [--threads 2] [--seconds 5]

Prints one JSON object: the median step in milliseconds and the most memory the process took. Images are tried in both
of PyTorch's memory formats; the faster one counts. Without PyTorch it says so and succeeds: {"skipped": ...}.
"""
import argparse
import json
import resource
import statistics
import sys
import time

try:
    import torch

    import networks
except ImportError:
    print("train_step.py: skipped, PyTorch is not installed (bench/peers/README.md says how)", file=sys.stderr)
    print(json.dumps({"skipped": "torch is not installed"}))
    sys.exit(0)

BATCH, CLASSES, RATE = 128, 10, 1e-4


def step_function(options, memory_format):
    torch.manual_seed(1)
    sample = tuple(int(size) for size in options.sample.split("x"))
    net = networks.network(options.net, sample, CLASSES)
    inputs, labels = torch.randn(BATCH, *sample), torch.randint(CLASSES, (BATCH,))
    if isinstance(net, torch.nn.Sequential) and isinstance(net[0], torch.nn.Linear):
        inputs = inputs.flatten(1)
    else:
        net, inputs = net.to(memory_format=memory_format), inputs.contiguous(memory_format=memory_format)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=0.9, weight_decay=5e-4)

    def step():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(inputs), labels).backward()
        optimizer.step()

    return step


def timed(step, seconds):
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def median(options, memory_format):
    step = step_function(options, memory_format)
    timed(step, 2)  # warm up
    return statistics.median(timed(step, options.seconds)) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--net", default="mlp:784-256-256-8192")
    parser.add_argument("--sample", default="1x28x28")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    formats = [torch.contiguous_format] + ([] if "mlp" in options.net else [torch.channels_last])
    best = min(median(options, memory_format) for memory_format in formats)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"medianMilliseconds": best, "peakBytes": memory, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
