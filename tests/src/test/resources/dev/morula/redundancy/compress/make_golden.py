"""Makes a layer, a read-out and what forward selection and folding come to: pip install numpy. See
CompressionTest. Every candidate is tried with a least-squares fit of its own, from the samples."""
import pathlib

import numpy

here = pathlib.Path(__file__).parent
rng = numpy.random.default_rng(8)
SAMPLES, NEURONS, OUTPUTS, KEPT = 150, 24, 3, 9

signals = numpy.maximum(rng.standard_normal((SAMPLES, 10)), 0)
layer = (signals @ rng.standard_normal((10, NEURONS)) + 0.4 * rng.standard_normal((SAMPLES, NEURONS))).clip(0)
layer[:, 5] = 0  # dead
layer[:, 9] = 1.5  # constant
layer[:, 14] = layer[:, 3]  # a copy
layer = layer.astype("<f4")
weight = rng.standard_normal((OUTPUTS, NEURONS)).astype("<f4")
bias = rng.standard_normal(OUTPUTS).astype("<f4")

h = layer.astype(float)
logits = h @ weight.T.astype(float) + bias
total = ((logits - logits.mean(0)) ** 2).sum()


def fit(kept):
    design = numpy.column_stack([h[:, kept], numpy.ones(SAMPLES)])
    solution = numpy.linalg.lstsq(design, logits, rcond=None)[0]
    return solution, 1 - ((logits - design @ solution) ** 2).sum() / total


kept, explained = [], []
for _ in range(KEPT):
    candidates = [j for j in range(NEURONS) if j not in kept + [5, 9] and not (j in (3, 14) and {3, 14} & set(kept))]
    scores = [fit(kept + [j])[1] for j in candidates]
    kept.append(candidates[int(numpy.argmax(scores))])
    explained.append(max(scores))
order = sorted(kept)
solution = fit(order)[0]

numpy.save(here / "layer.npy", layer)
numpy.save(here / "weight.npy", weight)
numpy.save(here / "bias.npy", bias.reshape(1, -1))
numpy.save(here / "kept.npy", numpy.array(kept, "<i4").reshape(1, -1))
numpy.save(here / "explained.npy", numpy.array(explained).reshape(1, -1))
numpy.save(here / "folded_weight.npy", solution[:-1].T.copy())
numpy.save(here / "folded_bias.npy", solution[-1:].copy())
print(kept, explained)
