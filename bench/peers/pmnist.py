"""Trains networks of the pMNIST task in PyTorch eager, one after the other: the work that SeedsBenchmark does.

    python pmnist.py [--width 64] [--epochs 10] [--seeds 8] [--threads 2]

Five times linear, batch norm and ReLU, one output, square hinge, batches of 256 of 10,000 samples of 10 numbers, SGD with
momentum and weight decay. What the samples are does not matter to the time, so they are random. Prints one JSON object:
the seconds of all seeds. Without PyTorch it says so and succeeds: {"skipped": ...}.
"""
import argparse
import json
import sys
import time

try:
    import torch

    import networks
except ImportError:
    print("pmnist.py: skipped, PyTorch is not installed (bench/peers/README.md says how)", file=sys.stderr)
    print(json.dumps({"skipped": "torch is not installed"}))
    sys.exit(0)

SAMPLES, FEATURES, BATCH = 10_000, 10, 256


def train(seed, options):
    torch.manual_seed(seed)
    inputs = torch.randn(SAMPLES, FEATURES)
    targets = torch.randint(2, (SAMPLES, 1)).float() * 2 - 1
    net = networks.network(f"pmnist:{options.width}", (FEATURES, 1, 1), 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options.epochs)
    for _ in range(options.epochs):
        for batch in torch.randperm(SAMPLES).split(BATCH):
            optimizer.zero_grad()
            out = net(inputs[batch])
            (0.5 * torch.clamp(1 - targets[batch] * out, min=0).square().mean()).backward()
            optimizer.step()
        schedule.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    start = time.perf_counter()
    for seed in range(options.seeds):
        train(seed, options)
    print(json.dumps({"seconds": time.perf_counter() - start, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
