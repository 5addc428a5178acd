"""Makes a sparse graph and its average linkage as SciPy has it: pip install numpy scipy. See AverageLinkageTest."""
import pathlib

import numpy
import scipy.cluster.hierarchy
import scipy.sparse
import scipy.spatial.distance

here = pathlib.Path(__file__).parent
rng = numpy.random.default_rng(5)

# 12 signals with 1 to 14 noisy copies each, some negated, and a few neurons of their own.
copies = numpy.repeat(numpy.arange(12), rng.integers(1, 15, 12))
signals = rng.standard_normal((12, 60))
signals[1] = signals[0] + 0.8 * signals[1]
layer = signals[copies] + rng.uniform(0.1, 1.2, (copies.size, 1)) * rng.standard_normal((copies.size, 60))
layer *= rng.choice([-1, 1], (copies.size, 1), p=[0.1, 0.9])
layer = layer[rng.permutation(copies.size)]

correlations = numpy.corrcoef(layer).astype("<f4")
correlations[abs(correlations) < 0.5] = 0
numpy.fill_diagonal(correlations, 0)
scipy.sparse.save_npz(here / "graph.npz", scipy.sparse.csr_matrix(correlations))

distances = 1 - abs(correlations.astype(float))
numpy.fill_diagonal(distances, 0)
linkage = scipy.cluster.hierarchy.linkage(scipy.spatial.distance.squareform(distances), "average")
numpy.save(here / "linkage.npy", linkage)
numpy.save(here / "labels.npy", scipy.cluster.hierarchy.fcluster(linkage, 0.3, "distance").astype("<i4"))
