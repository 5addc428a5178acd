"""Makes the graphs beside it as SciPy writes them: pip install numpy scipy. edges.npz is Morula's own; see GraphFileTest."""
import pathlib

import numpy
import scipy.sparse

here = pathlib.Path(__file__).parent
graph = numpy.zeros((8, 8))
for a, b, r in [(0, 1, 1), (0, 4, 0.5), (1, 4, 0.5), (2, 4, 0.5)]:
    graph[a, b] = graph[b, a] = r
scipy.sparse.save_npz(here / "scipy_single.npz", scipy.sparse.csr_matrix(graph.astype("<f4")))
scipy.sparse.save_npz(here / "scipy_double.npz", scipy.sparse.csr_array(graph))
