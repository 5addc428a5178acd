package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.Python;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** SciPy opens graphs over 4 GiB and of over 2^31 entries, written as ever, but to a file that keeps no zeros on the disk. */
@EnabledIfSystemProperty(named = "morula.full", matches = "true", disabledReason = "takes a minute: .ci/run --full")
class LargeArchiveTest {
    private static final int PIECE = 1 << 22;

    @TempDir
    private Path folder;

    /** One row of {@code entries} entries, all of them 0 in column 0 but the last, which is 0.5 in column 7. */
    private Path write(ElementType indexType, long entries) throws IOException {
        Path file = folder.resolve("large.npz");
        Path temporary = folder.resolve("large.tmp");
        FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (NpzWriter writer = new NpzWriter(new OutputFile(file, temporary, new SparseChannel(channel)));
                Matrix zeros = Matrix.allocate(ElementType.I32, PIECE, 1);
                Matrix zeroValues = Matrix.allocate(ElementType.F32, PIECE, 1);
                Matrix last = Matrix.allocate(ElementType.I32, 1, 1);
                Matrix lastValue = Matrix.of(new float[][] {{0.5f}})) {
            last.write(0, new int[] {7}, 0, 1);
            writer.begin("indices", indexType, entries);
            for (long from = 0; from < entries - 1; from += PIECE) {
                appendIndices(writer, indexType, zeros.slice(0, Math.min(PIECE, entries - 1 - from)));
            }
            appendIndices(writer, indexType, last);
            writer.end();
            if (indexType == ElementType.I64) {
                writer.write("indptr", new long[] {0, entries});
            } else {
                writer.write("indptr", new int[] {0, (int) entries});
            }
            writer.writeText("format", "csr");
            writer.write("shape", new long[] {1, 10});
            writer.begin("data", ElementType.F32, entries);
            for (long from = 0; from < entries - 1; from += PIECE) {
                writer.append(zeroValues.slice(0, Math.min(PIECE, entries - 1 - from)));
            }
            writer.append(lastValue);
            writer.end();
            writer.commit();
        }
        assertThat(Files.size(file)).isGreaterThan(1L << 32);
        return file;
    }

    private static void appendIndices(NpzWriter writer, ElementType type, Matrix piece) {
        if (type == ElementType.I64) {
            writer.appendWidened(piece);
        } else {
            writer.append(piece);
        }
    }

    @Test
    void sciPyOpensAnArchiveOverFourGigabytes() throws IOException {
        Python.require("scipy.sparse");
        long entries =
                (1L << 29) + 5; // 2 GiB of indices, 2 GiB of values; one entry does not reach zip64, the file does
        Python.run(CHECK, write(ElementType.I32, entries), entries, "int32", "");
    }

    /** 25 GiB, more than fits memory: SciPy loads it as ever, but NumPy maps the arrays that it would copy. */
    @Test
    void sciPyOpensMoreThanInt32Entries() throws IOException {
        Python.require("scipy.sparse");
        long entries = (1L << 31) + 5;
        Python.run(CHECK, write(ElementType.I64, entries), entries, "int64", MAP);
    }

    @Test
    void morulaMapsMoreThanInt32Entries() throws IOException {
        long entries = (1L << 31) + 5;
        NpzArray indices = NpzFile.open(write(ElementType.I64, entries)).array("indices");
        try (Matrix mapped = indices.matrix(Matrix::allocate)) {
            long[] last = new long[2];
            mapped.read(entries - 2, last, 0, 2);
            assertThat(last).containsExactly(0, 7);
        }
    }

    private static final String CHECK = """
            import sys, zipfile, numpy, scipy.sparse
            path, entries, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
            exec(sys.argv[4])
            graph = scipy.sparse.load_npz(path)
            assert graph.shape == (1, 10) and graph.nnz == entries and graph.dtype == numpy.float32
            assert graph.indices.dtype == graph.indptr.dtype == kind, (graph.indices.dtype, graph.indptr.dtype)
            assert graph.indices[-1] == 7 and graph.data[-1] == 0.5
            assert not graph.indices[-1000:-1].any() and not graph.data[:1000].any()
            """;

    private static final String MAP = """
            def mapped(file, array_name):
                entry = file.zip.getinfo(array_name + ".npy")
                assert entry.compress_type == zipfile.ZIP_STORED
                with file.zip.open(entry) as content:
                    version = numpy.lib.format.read_magic(content)
                    shape, fortran, dtype = numpy.lib.format.read_array_header_1_0(content)
                    header = content.tell()
                with open(path, "rb") as raw:
                    raw.seek(entry.header_offset + 26)
                    lengths = numpy.frombuffer(raw.read(4), "<u2")
                start = entry.header_offset + 30 + int(lengths.sum()) + header
                return numpy.memmap(path, dtype, "r", start, shape) if shape else numpy.fromfile(path, dtype, 1, offset=start)[0]

            numpy.lib.npyio.NpzFile.__getitem__ = mapped
            """;
}
