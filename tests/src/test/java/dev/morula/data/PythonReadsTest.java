package dev.morula.data;

import dev.morula.Python;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read by the tools it is written for, where they are installed: MORULA_PYTHON, or python3. */
class PythonReadsTest {
    @TempDir
    Path folder;

    @Test
    void numPyReadsAnNpyFile() {
        Python.require("numpy");
        Path target = folder.resolve("layer.npy");
        try (Matrix matrix = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}})) {
            Npy.write(target, matrix);
        }
        Python.run(
                "import numpy, sys; a = numpy.load(sys.argv[1]); assert a.dtype == 'f4' and (a == [[1,2,3],[4,5,6]]).all()",
                target);
    }

    @Test
    void sciPyReadsACompressedSparseRowGraph() {
        Python.require("scipy.sparse");
        Path target = folder.resolve("graph.npz");
        try (Matrix data = Matrix.of(new float[][] {{0.5f}, {0.5f}});
                NpzWriter writer = NpzWriter.create(target)) {
            writer.write("indices", new int[] {1, 0});
            writer.write("indptr", new int[] {0, 1, 2, 2});
            writer.writeText("format", "csr");
            writer.write("shape", new long[] {3, 3});
            writer.write("data", List.of(data));
            writer.commit();
        }
        Python.run(
                "import numpy, scipy.sparse, sys; a = scipy.sparse.load_npz(sys.argv[1]); assert a.format == 'csr'; "
                        + "assert (a.toarray() == [[0, .5, 0], [.5, 0, 0], [0, 0, 0]]).all() and a.dtype == 'f4'",
                target);
    }

    @Test
    void safetensorsReadsWeights() {
        Python.require("safetensors.numpy");
        Path target = folder.resolve("weights.safetensors");
        try (Matrix weight = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}})) {
            SafetensorsWriter.write(target, List.of(Tensor.matrix("0.weight", weight)), Map.of("seed", "1"));
        }
        Python.run(
                "import sys; from safetensors import safe_open; f = safe_open(sys.argv[1], 'np'); "
                        + "assert f.metadata() == {'seed': '1'}; assert f.get_tensor('0.weight')[1, 2] == 6",
                target);
    }
}
