"""Correlates the neurons of a layer with another library and prints one JSON object; see compare_correlate.py.

    python bench/peers/correlate.py LAYER.npy --with NAME [--threshold 0.9 | --top-k 10] [--metric cosine] [--threads 2]

LAYER.npy is samples x neurons, or neurons x samples with --layout neurons-first. What is timed ends when the edges are
known, and begins for
  numpy32, numpy64  with the raw layer in memory, neuron-major: numpy.corrcoef (dtype=float32, or its float64 default), then
                    the entries of the upper half that reach the threshold
  torch, numpy      with standardised float32 rows in memory: products of blocks of the upper half, then the threshold
  faiss             with the same: IndexFlatIP.range_search, which finds each pair twice
For --top-k torch takes products of all blocks of both halves and keeps each row's largest. --tiles T times a random sample
of T blocks and scales it to all of them; the result says so.
"""
import argparse
import json
import os
import random
import resource
import sys
import time

BLOCK = 2048


def raw_rows(options):
    import numpy

    layer = numpy.load(options.layer, mmap_mode="r")
    return numpy.ascontiguousarray(layer if options.layout == "neurons-first" else layer.T)


def standardised_rows(options):
    """Unit rows, made in place a block at a time: a wide layer does not fit the memory many times."""
    import numpy

    rows = raw_rows(options).astype(numpy.float32, copy=False)
    if not rows.flags.writeable:
        rows = rows.copy()
    for first in range(0, len(rows), BLOCK):
        z = rows[first : first + BLOCK].astype(numpy.float64)
        if options.metric == "pearson":
            z -= z.mean(axis=1, keepdims=True)
        norms = numpy.sqrt((z * z).sum(axis=1, keepdims=True))
        rows[first : first + BLOCK] = numpy.divide(z, norms, out=numpy.zeros_like(z), where=norms > 0)
    return rows


def with_corrcoef(options, dtype):
    import numpy

    rows = raw_rows(options)
    numpy.seterr(invalid="ignore", divide="ignore")  # constant neurons give NaN
    start = time.perf_counter()
    r = numpy.corrcoef(rows, dtype=dtype)
    edges = 0
    for i in range(r.shape[0]):
        edges += int((r[i, i + 1 :] >= options.threshold).sum())
    return edges, time.perf_counter() - start


def blocks_of(rows, options):
    """The blocks of the upper half to be multiplied, and what their time is to be multiplied by."""
    starts = range(0, rows, BLOCK)
    blocks = [(i, j) for i in starts for j in starts if i <= j]
    if not options.tiles:
        return blocks, 1.0
    return random.Random(1).sample(blocks, options.tiles), len(blocks) / options.tiles


def in_blocks(z, options, triu):
    blocks, scale = blocks_of(len(z), options)
    start = time.perf_counter()
    edges = 0
    for i, j in blocks:
        found = z[i : i + BLOCK] @ z[j : j + BLOCK].T >= options.threshold
        edges += int((triu(found, 1) if i == j else found).sum())
    return round(edges * scale), (time.perf_counter() - start) * scale


def top_k(z, options):
    import torch

    starts = list(range(0, len(z), BLOCK))
    scale = 1.0
    if options.tiles:
        rows_of_blocks = max(1, options.tiles // len(starts))
        scale = len(starts) / rows_of_blocks
        starts = random.Random(1).sample(starts, rows_of_blocks)
    start = time.perf_counter()
    for i in starts:
        best = torch.full((min(BLOCK, len(z) - i), options.top_k), -2.0)
        for j in range(0, len(z), BLOCK):
            product = z[i : i + BLOCK] @ z[j : j + BLOCK].T
            if i == j:
                product.fill_diagonal_(-2.0)
            k = min(options.top_k, product.shape[1])
            best = torch.cat([best, torch.topk(product, k).values], 1).topk(options.top_k).values
    return len(z) * options.top_k, (time.perf_counter() - start) * scale


def with_faiss(options):
    import faiss

    faiss.omp_set_num_threads(options.threads)
    z = standardised_rows(options)
    index = faiss.IndexFlatIP(z.shape[1])
    index.add(z)
    start = time.perf_counter()
    limits, _, neighbours = index.range_search(z, options.threshold)
    edges = 0
    for i in range(len(z)):
        edges += int((neighbours[limits[i] : limits[i + 1]] > i).sum())
    return edges, time.perf_counter() - start


def with_torch(options):
    import torch

    torch.set_num_threads(options.threads)
    z = torch.from_numpy(standardised_rows(options))
    return top_k(z, options) if options.top_k else in_blocks(z, options, torch.triu)


def measure(options):
    import numpy

    if options.peer == "torch":
        return with_torch(options)
    if options.peer == "faiss":
        return with_faiss(options)
    if options.peer == "numpy":
        return in_blocks(standardised_rows(options), options, numpy.triu)
    return with_corrcoef(options, numpy.float32 if options.peer == "numpy32" else None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--with", dest="peer", required=True, choices=["numpy32", "numpy64", "numpy", "torch", "faiss"])
    parser.add_argument("--threshold", type=float, default=0.9)
    parser.add_argument("--top-k", type=int, default=0)
    parser.add_argument("--metric", choices=["pearson", "cosine"], default="pearson")
    parser.add_argument("--layout", choices=["samples-first", "neurons-first"], default="samples-first")
    parser.add_argument("--tiles", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    try:
        edges, seconds = measure(options)
    except ImportError as e:
        print(f"skipped: {e.name} is not installed for {sys.executable}", file=sys.stderr)
        print(json.dumps({"skipped": e.name}))
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"edges": edges, "seconds": seconds, "sampled": bool(options.tiles), "peakResidentBytes": peak}))


if __name__ == "__main__":
    main()
