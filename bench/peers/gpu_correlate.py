"""Counts the pairs of a layer's neurons whose correlation reaches a threshold, by blocked products on a GPU.

    python gpu_correlate.py LAYER.npy [--threshold 0.9] [--with torch|cupy] [--tf32] [--block 8192] [--device cpu]

LAYER.npy is samples x neurons, float32, and must fit the device's memory. Products are float32, or with --tf32 (PyTorch
alone) tf32, which is off by up to 1e-3 and finds other pairs. Prints one JSON object: the edges, and the seconds of copying
to the device, standardising, and products with the threshold, of which the last are what a ratio between kernels would take.
Pairs are counted, not listed. With --device cpu CuPy is replaced by NumPy, to try the script. Without the library or the
device it says so and succeeds: {"skipped": ...}.
"""
import argparse
import json
import sys
import time

ROWS = 2048  # standardised at a time, in float64


def skip(why):
    print(f"gpu_correlate.py: skipped, {why}", file=sys.stderr)
    print(json.dumps({"skipped": why}))
    sys.exit(0)


class Torch:
    def __init__(self, options):
        import torch

        self.library, self.device = torch, options.device
        self.triu = torch.triu
        torch.backends.cuda.matmul.allow_tf32 = options.tf32
        if self.device == "cuda" and not torch.cuda.is_available():
            skip("PyTorch sees no GPU")

    def rows(self, layer):
        return self.library.from_numpy(layer).to(self.device).T.contiguous()

    def synchronise(self):
        if self.device == "cuda":
            self.library.cuda.synchronize()

    def as_float64(self, rows):
        return rows.double()


class Cupy:
    def __init__(self, options):
        self.is_device = options.device == "cuda"
        if self.is_device:
            import cupy

            self.library = cupy
            try:
                cupy.cuda.runtime.getDeviceCount()
            except cupy.cuda.runtime.CUDARuntimeError:
                skip("CuPy sees no GPU")
        else:
            import numpy

            self.library = numpy
        self.triu = self.library.triu

    def rows(self, layer):
        return self.library.ascontiguousarray(self.library.asarray(layer).T)

    def synchronise(self):
        if self.is_device:
            self.library.cuda.get_current_stream().synchronize()

    def as_float64(self, rows):
        return rows.astype(self.library.float64)


def standardise(rows, library):
    """Unit rows, in place; constant ones become zeros."""
    for first in range(0, len(rows), ROWS):
        z = library.as_float64(rows[first : first + ROWS])
        z -= z.mean(1).reshape(-1, 1)
        norms = ((z * z).sum(1) ** 0.5).reshape(-1, 1)
        rows[first : first + ROWS] = z / (norms + (norms == 0))


def count_edges(rows, options, library):
    edges = 0
    for i in range(0, len(rows), options.block):
        for j in range(i, len(rows), options.block):
            found = rows[i : i + options.block] @ rows[j : j + options.block].T >= options.threshold
            edges = edges + (library.triu(found, 1) if i == j else found).sum()  # on the device: nothing waits
    return int(edges)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--threshold", type=float, default=0.9)
    parser.add_argument("--with", dest="peer", choices=["torch", "cupy"], default="torch")
    parser.add_argument("--tf32", action="store_true")
    parser.add_argument("--block", type=int, default=8192)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    options = parser.parse_args()
    try:
        import numpy

        library = Torch(options) if options.peer == "torch" else Cupy(options)
    except ImportError as missing:
        skip(f"{missing.name} is not installed")
    layer = numpy.load(options.layer)
    warm = library.rows(layer[:, :64])  # starts the device, and the library of products
    count_edges(warm, options, library)
    marks = [time.perf_counter()]

    def mark():
        library.synchronise()
        marks.append(time.perf_counter())

    rows = library.rows(layer)
    mark()
    standardise(rows, library)
    mark()
    edges = count_edges(rows, options, library)
    mark()
    copy, standardised, products = (after - before for before, after in zip(marks, marks[1:]))
    print(json.dumps({"edges": edges, "copySeconds": copy, "standardiseSeconds": standardised,
                      "productSeconds": products, "tf32": options.tf32, "version": library.library.__version__}))


if __name__ == "__main__":
    main()
