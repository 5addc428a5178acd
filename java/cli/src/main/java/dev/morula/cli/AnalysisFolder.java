package dev.morula.cli;

import dev.morula.data.Npy;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Analysis;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of an analysis.
 *
 * @param path the folder
 */
record AnalysisFolder(Path path) {
    static AnalysisFolder create(Path path) {
        return new AnalysisFolder(RunFolder.create(path).path());
    }

    /** The analysis itself; where it is, all files beside it are whole. */
    Path analysis() {
        return path.resolve("analysis.json");
    }

    /** What the network puts out for test samples: samples x outputs, F32. */
    Path testLogits() {
        return path.resolve("test-logits.npy");
    }

    /** Chunk sizes, ascending as in analysis.json, x test samples, F32: the share of chunks that get a sample wrong. */
    Path chunkTestErrors() {
        return path.resolve("chunk-test-errors.npy");
    }

    void writeChunkTestErrors(List<float[]> shares) {
        try (Matrix matrix = Matrix.allocate(ElementType.F32, shares.size(), shares.get(0).length)) {
            for (int size = 0; size < shares.size(); size++) {
                matrix.write(size * matrix.columns(), shares.get(size), 0, shares.get(size).length);
            }
            Npy.write(chunkTestErrors(), matrix);
        }
    }

    void write(Analysis analysis) {
        Json.write(analysis(), analysis);
    }
}
