"""Writes golden.safetensors: errors and ridge regressions of chunks as numpy and scikit-learn find them in float64.

    python make_golden.py      (made with numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1 and safetensors)

Layers are samples x neurons, float32. NAME.layer and NAME.chunks (one a row) give NAME.fits, one a chunk: R^2, mean absolute
correlation of residuals over held-out pairs, the same over all pairs of neurons that vary, and held-out neurons of which
nothing is left. NAME.weight, .bias and .labels give NAME.wrong (chunks x samples). law.shares ((networks * sizes) x samples)
of law.sizes give law.joint and law.given, for errInf = 0.031: exponent, errInf and factor.
"""
import pathlib

import numpy as np
from safetensors.numpy import save_file
from scipy.optimize import least_squares
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score

HERE = pathlib.Path(__file__).resolve().parent
ALPHA, NOTHING = 1e-8, 1e-12


def fit(layer, chunk):
    layer = layer.astype(np.float64)
    samples, neurons = layer.shape
    predicted = Ridge(ALPHA).fit(layer[:, chunk], layer).predict(layer[:, chunk])
    r2 = r2_score(layer, predicted, multioutput="variance_weighted")
    residuals = layer - predicted
    varies = np.ptp(layer, axis=0) > 0
    left = varies & (residuals.var(axis=0) >= NOTHING * layer.var(axis=0))
    correlations = np.zeros((neurons, neurons))
    correlations[np.ix_(left, left)] = np.abs(np.corrcoef(residuals[:, left].T))
    outside = np.ones(neurons, bool)
    outside[chunk] = False
    held_out = left & outside
    upper = np.triu_indices(neurons, 1)
    held = correlations[np.ix_(held_out, held_out)][np.triu_indices(held_out.sum(), 1)]
    pairs = varies.sum() * (varies.sum() - 1) / 2
    return [r2, held.mean(), correlations[upper].sum() / pairs, (varies & outside & ~left).sum()]


def wrong(layer, chunk, weight, bias, labels):
    logits = layer[:, chunk].astype(np.float64) @ weight[:, chunk].astype(np.float64).T + bias
    predicted = logits[:, 0] > 0 if len(bias) == 1 else logits.argmax(axis=1)
    margins = logits if len(bias) == 1 else np.diff(np.sort(logits), axis=1)
    assert np.abs(margins).min() > 1e-5  # so that float32 cannot predict another class
    return predicted != labels


def mixed(random, samples, neurons, hidden, noise):
    """ReLU neurons that share fewer signals than they are, unequal in scale."""
    signals = random.standard_normal((samples, hidden)) @ random.standard_normal((hidden, neurons))
    layer = np.maximum(signals + noise * random.standard_normal((samples, neurons)), 0)
    return (layer * np.exp(random.standard_normal(neurons)) + random.standard_normal(neurons)).astype(np.float32)


def layers(random):
    yield "mixed", mixed(random, 211, 23, 6, 0.3), [[0, 1, 2, 3], [5, 11, 17, 22], [9, 10, 13, 20]]
    wide = mixed(random, 160, 299, 20, 0.2)  # more than one tile
    yield "wide", wide, [np.sort(random.permutation(299)[:37]).tolist() for _ in range(3)]
    collinear = mixed(random, 150, 19, 5, 0.3)
    collinear[:, 1] = collinear[:, 0] + 1e-3 * random.standard_normal(150)
    collinear[:, 2] = collinear[:, 0] - 2 * collinear[:, 1] + 1e-3 * random.standard_normal(150)
    yield "collinear", collinear, [[0, 1, 2, 3], [0, 1, 7, 9], [1, 2, 15, 16]]
    repeated = mixed(random, 150, 19, 5, 0.3)
    repeated[:, 1] = repeated[:, 0]
    repeated[:, 4] = 2 * repeated[:, 0]
    repeated[:, 8] = repeated[:, 0]  # held out, and predicted exactly
    yield "repeated", repeated, [[0, 1, 2, 3], [0, 1, 4, 7], [1, 2, 4, 16]]
    large = 30000 * repeated  # alpha is below what rounding leaves of a product
    yield "large", large, [[0, 1, 2, 3], [0, 1, 4, 7], [1, 2, 4, 16]]
    dead = mixed(random, 150, 19, 5, 0.3)
    dead[:, [0, 5]] = 0
    dead[:, [1, 6]] = 0.1
    yield "dead", dead, [[0, 1, 2, 3], [0, 1, 4, 7], [7, 8, 9, 10]]
    tiny = mixed(random, 60, 19, 5, 0.3) * np.float32(1e-5)  # where alpha is much
    yield "tiny", tiny, [[0, 1, 2, 3], [3, 5, 6, 7], [7, 8, 9, 10]]
    few = mixed(random, 12, 19, 5, 0.3)
    yield "few", few, [[0, 1, 2, 3], [3, 5, 6, 7], [7, 8, 9, 10]]


def law(sizes, shares):
    """Weighted by the errors' standard errors over networks."""
    errors = shares.astype(np.float64).mean(axis=2)
    mean, deviation = errors.mean(axis=0), errors.std(axis=0, ddof=1) / len(errors) ** 0.5

    def best(residuals, bounds):
        starts = [[p, *rest] for p in (-2, -1, -0.5, -0.2) for rest in [[0.1, 0.01][: len(bounds[0]) - 1]]]
        fits = [least_squares(residuals, s, bounds=bounds, xtol=1e-15, ftol=1e-15, gtol=1e-15) for s in starts]
        return min(fits, key=lambda fit: fit.cost).x

    model = lambda p, factor, inf: (inf + factor * (sizes / sizes[-1]) ** p - mean) / deviation
    p, factor, inf = best(lambda x: model(*x), ([-4, 0, 0], [-0.01, 9, 1]))
    given_p, given_factor = best(lambda x: model(*x, 0.031), ([-4, 0], [-0.01, 9]))
    return [p, inf, factor * sizes[-1] ** -p], [given_p, 0.031, given_factor * sizes[-1] ** -given_p]


def main():
    random = np.random.default_rng(7)
    arrays = {}
    for name, layer, chunks in layers(random):
        arrays[f"{name}.layer"] = layer
        arrays[f"{name}.chunks"] = np.array(chunks, np.int32)
        arrays[f"{name}.fits"] = np.array([fit(layer, chunk) for chunk in chunks], np.float64)
        print(name, arrays[f"{name}.fits"].tolist())
    for name, outputs in (("mixed", 4), ("wide", 1)):
        layer = arrays[f"{name}.layer"]
        weight = random.standard_normal((outputs, layer.shape[1])).astype(np.float32)
        bias = random.standard_normal(outputs).astype(np.float32)
        labels = random.integers(0, max(2, outputs), len(layer)).astype(np.int32)
        chunks = arrays[f"{name}.chunks"]
        arrays[f"{name}.weight"], arrays[f"{name}.bias"], arrays[f"{name}.labels"] = weight, bias[None], labels
        arrays[f"{name}.wrong"] = np.array([wrong(layer, c, weight, bias, labels) for c in chunks], np.int32)
    sizes = np.array([16, 32, 64, 128, 256])
    truth = 0.03 + 0.2 * sizes**-0.5
    shares = random.binomial(20, (truth * random.uniform(0.8, 1.2, (4, 1)))[:, :, None], (4, 5, 400)) / 20
    arrays["law.sizes"], arrays["law.shares"] = sizes.astype(np.int32), shares.astype(np.float32).reshape(20, 400)
    joint, given = law(sizes, shares.astype(np.float32))
    print("law", joint, given)
    arrays["law.joint"], arrays["law.given"] = np.array(joint), np.array(given)
    save_file(arrays, HERE / "golden.safetensors")


if __name__ == "__main__":
    main()
