"""Makes the golden files beside it, as NumPy, SciPy and safetensors write them: pip install numpy scipy safetensors."""
import pathlib
import zipfile

import numpy
import scipy.sparse
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
counting = numpy.arange(15).reshape(3, 5)

for name, dtype in {"half": "<f2", "single": "<f4", "double": "<f8", "int": "<i4", "long": "<i8"}.items():
    numpy.save(here / f"{name}.npy", counting.astype(dtype))
numpy.save(here / "fortran.npy", numpy.asfortranarray(counting.astype("<f4")))
numpy.save(here / "big_endian.npy", counting.astype(">f4"))
numpy.save(here / "complex.npy", counting.astype("<c8"))
numpy.save(here / "object.npy", numpy.array([[None, 1]], dtype=object), allow_pickle=True)
numpy.save(here / "structured.npy", numpy.zeros((2, 2), dtype=[("a", "<f4")]))
for version in ((2, 0), (3, 0)):
    with open(here / f"version{version[0]}.npy", "wb") as file:
        numpy.lib.format.write_array(file, counting.astype("<f4"), version=version)

arrays = {"single": counting.astype("<f4"), "long": numpy.array([1, -2, 1 << 40]), "name": numpy.bytes_(b"csr")}
numpy.savez(here / "stored.npz", **arrays)
numpy.savez_compressed(here / "deflated.npz", **arrays)
zipfile.ZIP64_LIMIT = zipfile.ZIP_FILECOUNT_LIMIT = 0  # every field as in an archive over 4 GiB
numpy.savez(here / "zip64.npz", **arrays)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = (1 << 31) - 1, (1 << 16) - 1
graph = scipy.sparse.csr_matrix(numpy.array([[0, 0.5, 0], [0.5, 0, 0.25], [0, 0.25, 0]], dtype="<f4"))
scipy.sparse.save_npz(here / "scipy.npz", graph)

save_file(
    {"half": counting.astype("<f2"), "single": counting.astype("<f4"), "double": counting.astype("<f8"),
     "bias": numpy.arange(3, dtype="<f4"), "mask": numpy.ones(2, dtype=bool)},
    here / "golden.safetensors", metadata={"made": "by safetensors"})
save_file({"only": counting.astype("<f4"), "bias": numpy.arange(3, dtype="<f4")}, here / "one.safetensors")
