"""Correlates the neurons of a layer with another library and prints one JSON object; see compare_correlate.py.

    python bench/peers/correlate.py LAYER.npy --with numpy32|numpy64|torch|faiss [--threshold 0.9] [--threads 2]

LAYER.npy is samples x neurons. What is timed begins with the layer in memory, neuron-major and contiguous, and ends when
the edges are known:
  numpy32, numpy64  numpy.corrcoef(dtype=float32 or its float64 default), then the entries of the upper half that reach
                    the threshold
  torch             rows already standardised; float32 products of blocks of the upper half, then the threshold
  faiss             rows already standardised; IndexFlatIP.range_search (it finds each pair twice)
"""
import argparse
import json
import os
import resource
import sys
import time


def rows_of(path):
    import numpy

    return numpy.ascontiguousarray(numpy.load(path).T)


def standardise(rows):
    import numpy

    rows = rows - rows.mean(axis=1, dtype=numpy.float64, keepdims=True)
    norms = numpy.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return numpy.divide(rows, norms, out=numpy.zeros_like(rows), where=norms > 0).astype(numpy.float32)


def with_numpy(rows, threshold, dtype):
    import numpy

    numpy.seterr(invalid="ignore", divide="ignore")  # constant neurons give NaN
    start = time.perf_counter()
    r = numpy.corrcoef(rows, dtype=dtype)
    edges = 0
    for i in range(r.shape[0]):
        edges += int((r[i, i + 1 :] >= threshold).sum())
    return edges, time.perf_counter() - start


def with_torch(rows, threshold, block=2048):
    import torch

    z = torch.from_numpy(standardise(rows))
    start = time.perf_counter()
    edges = 0
    for i in range(0, len(z), block):
        for j in range(i, len(z), block):
            found = z[i : i + block] @ z[j : j + block].T >= threshold
            edges += int((found.triu(1) if i == j else found).sum())
    return edges, time.perf_counter() - start


def with_faiss(rows, threshold):
    import faiss

    z = standardise(rows)
    index = faiss.IndexFlatIP(z.shape[1])
    index.add(z)
    start = time.perf_counter()
    limits, _, neighbours = index.range_search(z, threshold)
    edges = 0
    for i in range(len(z)):
        edges += int((neighbours[limits[i] : limits[i + 1]] > i).sum())
    return edges, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--with", dest="peer", required=True, choices=["numpy32", "numpy64", "torch", "faiss"])
    parser.add_argument("--threshold", type=float, default=0.9)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    try:
        import numpy

        rows = rows_of(options.layer)
        if options.peer == "torch":
            import torch

            torch.set_num_threads(options.threads)
            edges, seconds = with_torch(rows, options.threshold)
        elif options.peer == "faiss":
            import faiss

            faiss.omp_set_num_threads(options.threads)
            edges, seconds = with_faiss(rows, options.threshold)
        else:
            dtype = numpy.float32 if options.peer == "numpy32" else None
            edges, seconds = with_numpy(rows, options.threshold, dtype)
    except ImportError as e:
        print(f"skipped: {e.name} is not installed for {sys.executable}", file=sys.stderr)
        print(json.dumps({"skipped": e.name}))
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"edges": edges, "seconds": seconds, "peakResidentBytes": peak}))


if __name__ == "__main__":
    main()
