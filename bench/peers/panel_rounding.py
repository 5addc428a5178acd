"""What a panel of standardised rows loses in bfloat16 or in int8 with a scale a row, and how many pairs that leaves open.

    python bench/peers/panel_rounding.py layer.npy [--thresholds 0.9 0.7 0.3]

A layer of samples x neurons. A pair is ruled out if its product lies below the threshold by more than the bound of
native/src/correlate/README.md: with the errors of the two rows themselves, or with the largest of their panels of 4,096 rows,
as the tiles have it. Beside them the three tf32 products of kernel/tensor_product.cuh, whose rows lose nothing.
"""

import argparse

import numpy as np

ULP = 2.0**-24
PANEL = 4096
BLOCK = 1024


def standardised(path):
    rows = np.load(path, mmap_mode="r").T.astype(np.float64)
    rows -= rows.mean(axis=1, keepdims=True)
    norms = np.sqrt((rows * rows).sum(axis=1))
    return rows[norms > 0] / norms[norms > 0][:, None]


def bfloat16(rows):
    bits = rows.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)).view(np.float32)


def int8(rows):
    scales = 127 / np.abs(rows).max(axis=1, keepdims=True)
    return (np.rint(rows * scales) / scales).astype(np.float32)


def largest_of_panels(errors):
    starts = np.arange(0, len(errors), PANEL)
    return np.repeat(np.maximum.reduceat(errors, starts), PANEL)[: len(errors)]


class Kind:
    """Rows as a kernel multiplies them, what each has lost, and what sums lose."""

    def __init__(self, name, rows, errors, sums):
        self.name, self.rows, self.errors, self.sums = name, rows, errors, sums

    def cuts(self, first, end):
        left, right = self.errors[first:end, None], self.errors[None, first:]
        return left + right + left * right + self.sums * (1 + left) * (1 + right)


def kinds(exact):
    samples = exact.shape[1]
    tensor_sums = np.expm1((4 * (min(samples, 512) + 8) + np.ceil(samples / 512) + 6) * ULP)
    for name, rows, sums in (("bfloat16", bfloat16(exact), tensor_sums), ("int8", int8(exact), 3 * ULP)):
        errors = np.sqrt(((rows - exact) ** 2).sum(axis=1))
        print(f"{name}: a row loses {errors.mean():.2e} on average, {errors.max():.2e} at most")
        yield Kind(f"{name}, of a panel", rows, largest_of_panels(errors), sums)
        yield Kind(f"{name}, of a row", rows, errors, sums)
    yield Kind("tf32 x 3", exact.astype(np.float32), np.zeros(len(exact)), 3.2e-5)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--thresholds", type=float, nargs="+", default=[0.9, 0.7, 0.3])
    arguments = parser.parse_args()
    exact = standardised(arguments.layer)
    neurons = len(exact)
    all_kinds = [Kind("edges", exact.astype(np.float32), np.zeros(neurons), 0), *kinds(exact)]
    passed = np.zeros((len(all_kinds), len(arguments.thresholds)), dtype=np.int64)
    for first in range(0, neurons, BLOCK):
        end = min(neurons, first + BLOCK)
        upper = np.arange(first, neurons)[None, :] > np.arange(first, end)[:, None]
        for kind, counts in zip(all_kinds, passed):
            above = kind.rows[first:end] @ kind.rows[first:].T + kind.cuts(first, end)
            for at, threshold in enumerate(arguments.thresholds):
                counts[at] += np.count_nonzero(above[upper] >= threshold)
    print(f"{neurons:,} neurons that vary, {neurons * (neurons - 1) // 2:,} pairs; pairs that pass at {arguments.thresholds}:")
    for kind, counts in zip(all_kinds, passed):
        print(f"{kind.name:20}", *(f"{count:>12,} (+{count - edges:,})" for count, edges in zip(counts, passed[0])))


if __name__ == "__main__":
    main()
