"""Fits random chunks of a layer to it with scikit-learn, and correlates what is left with numpy; see compare_chunks.py.

    python bench/peers/chunks.py LAYER.npy --size 256 [--draws 40] [--threads 2]

LAYER.npy is samples x neurons. Prints one JSON object; what is timed begins with the layer in memory as float64.
"""
import argparse
import json
import os
import resource
import sys
import time


def fit(layer, chunk):
    import numpy
    from sklearn.linear_model import Ridge
    from sklearn.metrics import r2_score

    predicted = Ridge(1e-8).fit(layer[:, chunk], layer).predict(layer[:, chunk])
    r2 = r2_score(layer, predicted, multioutput="variance_weighted")
    residuals = layer - predicted
    variances = layer.var(axis=0)
    left = (variances > 0) & (residuals.var(axis=0) >= 1e-12 * variances)
    left[chunk] = False
    correlations = numpy.abs(numpy.corrcoef(residuals[:, left].T))
    pairs = left.sum() * (left.sum() - 1.0)
    total = correlations.sum() - numpy.trace(correlations)
    varying = (variances > 0).sum()
    return r2, total / pairs, total / (varying * (varying - 1.0))


def measure(options):
    import numpy
    import sklearn.linear_model  # noqa: F401, so that importing it is not timed
    import sklearn.metrics  # noqa: F401

    layer = numpy.load(options.layer).astype(numpy.float64)
    random = numpy.random.default_rng(1)
    start = time.perf_counter()
    fits = [fit(layer, numpy.sort(random.permutation(layer.shape[1])[: options.size])) for _ in range(options.draws)]
    seconds = time.perf_counter() - start
    return seconds, numpy.mean(fits, axis=0).tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    try:
        seconds, (r2, held_out, all_pairs) = measure(options)
    except ImportError as e:
        print(f"skipped: {e.name} is not installed for {sys.executable}", file=sys.stderr)
        print(json.dumps({"skipped": e.name}))
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "r2": r2, "residualCorrelation": held_out,
                      "residualCorrelationAllPairs": all_pairs, "peakResidentBytes": peak}))


if __name__ == "__main__":
    main()
