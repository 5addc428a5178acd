package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read by the tools it is written for, where they are installed: MORULA_PYTHON, or python3. */
class PythonReadsTest {
    private static final String PYTHON = System.getenv().getOrDefault("MORULA_PYTHON", "python3");

    @TempDir
    Path folder;

    @Test
    void numPyReadsAnNpyFile() throws Exception {
        requirePython("numpy");
        Path target = folder.resolve("layer.npy");
        try (Matrix matrix = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}})) {
            Npy.write(target, matrix);
        }
        run(
                "import numpy, sys; a = numpy.load(sys.argv[1]); assert a.dtype == 'f4' and (a == [[1,2,3],[4,5,6]]).all()",
                target);
    }

    @Test
    void sciPyReadsACompressedSparseRowGraph() throws Exception {
        requirePython("scipy.sparse");
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
        run(
                "import numpy, scipy.sparse, sys; a = scipy.sparse.load_npz(sys.argv[1]); assert a.format == 'csr'; "
                        + "assert (a.toarray() == [[0, .5, 0], [.5, 0, 0], [0, 0, 0]]).all() and a.dtype == 'f4'",
                target);
    }

    @Test
    void safetensorsReadsWeights() throws Exception {
        requirePython("safetensors.numpy");
        Path target = folder.resolve("weights.safetensors");
        try (Matrix weight = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}})) {
            SafetensorsWriter.write(target, List.of(Tensor.matrix("0.weight", weight)), Map.of("seed", "1"));
        }
        run(
                "import sys; from safetensors import safe_open; f = safe_open(sys.argv[1], 'np'); "
                        + "assert f.metadata() == {'seed': '1'}; assert f.get_tensor('0.weight')[1, 2] == 6",
                target);
    }

    private static void requirePython(String module) throws Exception {
        assumeTrue(python(List.of("-c", "import " + module)) == 0, PYTHON + " has no " + module);
    }

    private static void run(String program, Path argument) throws Exception {
        assertThat(python(List.of("-c", program, argument.toString()))).isZero();
    }

    private static int python(List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // no Python here
        }
    }
}
