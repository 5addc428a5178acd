"""A preset's training steps in PyTorch eager on a GPU: what `morula train --device cuda` does in an epoch.

    python gpu_train.py [--net mlp:784-256-256-8192] [--sample 1x28x28] [--batch 128] [--samples 10000] [--epochs 4]
                        [--tf32] [--device cpu]

Samples are random and lie in device memory, as Morula's do; every step gathers a random batch of them, goes forward and
back and updates with momentum and weight decay. All is float32; --tf32 lets products and convolutions round to tf32.
Images are tried in both of PyTorch's memory formats, and the faster one counts. Prints one JSON object: the median over the
epochs, but for the first, of milliseconds a step. Without PyTorch, or the device, it says so and succeeds: {"skipped": ...}.
"""
import argparse
import json
import statistics
import sys
import time

CLASSES, RATE = 10, 1e-4


def skip(why):
    print(f"gpu_train.py: skipped, {why}", file=sys.stderr)
    print(json.dumps({"skipped": why}))
    sys.exit(0)


try:
    import torch

    import networks
except ImportError:
    skip("PyTorch is not installed (bench/peers/README.md says how)")


def synchronise(options):
    if options.device == "cuda":
        torch.cuda.synchronize()


class Steps:
    """A network with its optimiser, and samples in one of the memory formats."""

    def __init__(self, options, memory_format):
        torch.manual_seed(1)
        sample = tuple(int(size) for size in options.sample.split("x"))
        self.options, self.net = options, networks.network(options.net, sample, CLASSES).to(options.device)
        self.samples = torch.randn(options.samples, *sample, device=options.device)
        if isinstance(self.net, torch.nn.Sequential) and isinstance(self.net[0], torch.nn.Linear):
            self.samples = self.samples.flatten(1)
        else:
            self.net = self.net.to(memory_format=memory_format)
            self.samples = self.samples.contiguous(memory_format=memory_format)
        self.labels = torch.randint(CLASSES, (options.samples,), device=options.device)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=RATE, momentum=0.9, weight_decay=5e-4)

    def epoch(self):
        """Seconds a step; the losses are added up on the device, so that no step waits."""
        synchronise(self.options)
        start, loss_sum = time.perf_counter(), 0
        batches = torch.randperm(self.options.samples, device=self.options.device).split(self.options.batch)
        for indices in batches:
            self.optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(self.net(self.samples[indices]), self.labels[indices])
            loss.backward()
            self.optimizer.step()
            loss_sum += loss.detach()
        synchronise(self.options)
        return (time.perf_counter() - start) / len(batches)


def median(options, memory_format):
    steps = Steps(options, memory_format)
    return statistics.median([steps.epoch() for _ in range(options.epochs)][1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--net", default="mlp:784-256-256-8192")
    parser.add_argument("--sample", default="1x28x28")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--samples", type=int, default=10000)
    parser.add_argument("--epochs", type=int, default=4, help="2 at least, of which the first warms up")
    parser.add_argument("--tf32", action="store_true")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        skip("PyTorch sees no GPU")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = options.tf32
    formats = [torch.contiguous_format] + ([] if "mlp" in options.net else [torch.channels_last])
    best = min(median(options, memory_format) for memory_format in formats)
    print(json.dumps({"millisecondsPerStep": best * 1e3, "tf32": options.tf32, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
