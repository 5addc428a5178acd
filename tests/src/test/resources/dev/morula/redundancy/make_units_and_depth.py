"""Writes units_and_depth.safetensors: quantities of units and of depth, by their definitions, for dev.morula.redundancy.

    python make_units_and_depth.py      (needs numpy, scikit-learn and safetensors)

Sums are written out, and W x W matrices formed, where Morula avoids that. NaN stands for what is undefined. The choices of
the papers' code: the mean of class means is the centre, standard deviations of norms are those of a sample.
"""
import pathlib

import numpy as np
from safetensors.numpy import save_file
from sklearn.neighbors import NearestCentroid

HERE = pathlib.Path(__file__).resolve().parent


def layer(seed, samples, width, classes, spread, missing=None):
    """A ReLU layer whose first neuron is dead, second constant, third a copy of the fourth, fifth its negative plus 9."""
    random = np.random.default_rng(seed)
    centres = random.normal(1, 1, (classes, width))

    def split(count):
        labels = random.integers(0, classes, count)
        labels = np.where(labels == missing, (labels + 1) % classes, labels)
        values = np.maximum(0, centres[labels] + spread * random.normal(0, 1, (count, width)))
        values[:, 0], values[:, 1] = 0, 2.5
        values[:, 2], values[:, 4] = values[:, 3], 9 - values[:, 3]
        return values.astype(np.float32), labels

    train, train_labels = split(samples)
    test, test_labels = split(samples // 2)
    read_out = (centres + random.normal(0, 0.5, centres.shape)).astype(np.float32)
    return train, train_labels, test, test_labels, read_out


def similar_units(x):
    varying = [i for i in range(x.shape[1]) if x[:, i].min() != x[:, i].max()]
    r = np.corrcoef(x[:, varying].T)
    return np.array([sum(abs(r[i, j]) >= 0.5 for j in range(len(varying)) if j != i) for i in range(len(varying))])


def compressability(x):
    eigenvalues = np.sort(np.clip(np.linalg.eigvalsh(np.cov(x.T)), 0, None))
    shares = np.cumsum(eigenvalues) / eigenvalues.sum()
    return (np.argmax(shares > 0.05) + 1) / x.shape[1]


def selectivity(x, y):
    values = []
    for unit in range(x.shape[1]):
        means = sorted(x[y == label, unit].mean() for label in np.unique(y))
        largest, rest = means[-1], np.mean(means[:-1])
        if largest + rest > 0:
            values.append((largest - rest) / (largest + rest))
    return np.array(values)


def centroids(x, y):
    return NearestCentroid().fit(x, y)


def cdnv(x, y):
    labels, pairs = np.unique(y), []
    for i in labels:
        for j in labels:
            if i < j:
                a, b = x[y == i], x[y == j]
                variances = [(c * c).sum(1).mean() - (c.mean(0) ** 2).sum() for c in (a, b)]
                pairs.append(sum(variances) / (2 * ((a.mean(0) - b.mean(0)) ** 2).sum()))
    return np.mean(pairs)


def simplex(vectors):
    norms = np.linalg.norm(vectors, axis=1)
    count = len(vectors)
    angles = [vectors[i] @ vectors[j] / norms[i] / norms[j] for i in range(count) for j in range(i)]
    return norms.std(ddof=1) / norms.mean(), np.mean(np.abs(np.array(angles) + 1 / (count - 1)))


def collapse(x, y, v, predicted):
    labels = np.unique(y)
    means = np.array([x[y == label].mean(0) for label in labels])
    m = means - means.mean(0)
    within = sum(np.outer(h - means[list(labels).index(label)], h - means[list(labels).index(label)])
                 for h, label in zip(x, y)) / len(x)
    between = m.T @ m / len(labels)
    nc1 = np.trace(within @ np.linalg.pinv(between, rcond=1e-12, hermitian=True))
    norm, angle = simplex(m)
    v_norm, v_angle = simplex(v)
    nc3 = ((v / np.linalg.norm(v) - m / np.linalg.norm(m)) ** 2).sum() if len(m) == len(v) else np.nan
    nearest = centroids(x, y).predict(x)
    return [nc1, nc1 / len(labels), norm, v_norm, angle, v_angle, nc3, 1 - np.mean(nearest == predicted)]


def case(name, arguments):
    x32, y, xt32, yt, v32 = layer(*arguments)
    x, xt, v = (part.astype(np.float64) for part in (x32, xt32, v32))
    predicted = np.argmax(x @ v.T, 1)
    nearest = centroids(x, y)
    return {
        f"{name}/train": x32, f"{name}/trainLabels": y.astype(np.float32),
        f"{name}/test": xt32, f"{name}/testLabels": yt.astype(np.float32),
        f"{name}/readOut": v32, f"{name}/predicted": predicted.astype(np.float32),
        f"{name}/similarUnits": similar_units(x).astype(np.float64),
        f"{name}/compressability": np.array([compressability(x)]),
        f"{name}/selectivity": selectivity(x, y),
        f"{name}/accuracy": np.array([np.mean(nearest.predict(x) == y), np.mean(nearest.predict(xt) == yt)]),
        f"{name}/cdnv": np.array([cdnv(x, y)]),
        f"{name}/collapse": np.array(collapse(x, y, v, predicted)),
    }


def curve(scores):
    shares = np.arange(7) / 6
    below = next((k for k in range(1, 7) if scores[k] < 0.8 <= scores[k - 1]), None)
    part = slice(below - 1, below + 1) if below else None
    pruned = np.nan if below is None else np.interp(0.8, scores[part][::-1], shares[part][::-1])
    return np.array([np.mean(scores), pruned])


def main():
    tensors = {}
    tensors.update(case("narrow", (1, 90, 13, 4, 1.5)))
    tensors.update(case("wide", (2, 50, 530, 5, 4.0)))  # more neurons than samples, and than a block has
    tensors.update(case("missing", (3, 300, 37, 6, 2.0, 2)))  # no sample of class 2
    curves = [
        [1, 0.97, 0.9, 0.7, 0.5, 0.3, 0.1],
        [1, 0.6, 0.85, 0.4, 0.2, 0.1, 0.1],  # crosses twice
        [1, 0.99, 0.98, 0.97, 0.9, 0.85, 0.8],  # never does
    ]
    for number, scores in enumerate(curves):
        tensors[f"curve{number}/scores"] = np.array(scores)
        tensors[f"curve{number}/expected"] = curve(scores)
    save_file({key: np.ascontiguousarray(value) for key, value in tensors.items()}, HERE / "units_and_depth.safetensors")


if __name__ == "__main__":
    main()
