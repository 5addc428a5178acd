"""A convolution of 128 images, forward and back, in PyTorch eager on the CPU: the work of ConvolutionBenchmark.

    python convolution.py [--layers 64x64x32x3x1 ...] [--threads 2] [--seconds 2]

Prints one JSON object: for each layer the medians of forward and backward in milliseconds, in the memory format whose sum
is less. Without PyTorch it says so and succeeds: {"skipped": ...}.
"""
import argparse
import json
import statistics
import sys
import time

try:
    import torch
except ImportError:
    print("convolution.py: skipped, PyTorch is not installed (bench/peers/README.md says how)", file=sys.stderr)
    print(json.dumps({"skipped": "torch is not installed"}))
    sys.exit(0)

BATCH = 128


def timed(layer, memory_format, seconds):
    inputs, outputs, size, kernel, stride = (int(number) for number in layer.split("x"))
    torch.manual_seed(1)
    convolution = torch.nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    convolution = convolution.to(memory_format=memory_format)
    images = torch.randn(BATCH, inputs, size, size).to(memory_format=memory_format)
    images.requires_grad_(inputs != 3)  # nobody wants the gradient of a network's input
    dout = torch.randn_like(convolution(images))
    forward, backward = [], []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(forward) < 5:
        images.grad = convolution.weight.grad = None
        start = time.perf_counter()
        out = convolution(images)
        middle = time.perf_counter()
        out.backward(dout)
        forward.append(middle - start)
        backward.append(time.perf_counter() - middle)
    return [statistics.median(times) * 1e3 for times in (forward, backward)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layers", nargs="+", default=["64x64x32x3x1"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    formats = (torch.contiguous_format, torch.channels_last)
    print(json.dumps({layer: min((timed(layer, f, options.seconds) for f in formats), key=sum)
                      for layer in options.layers}))


if __name__ == "__main__":
    main()
