package dev.morula.train;

import dev.morula.data.SafetensorsFile;
import dev.morula.kernel.Matrix;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** What PyTorch computed: golden.safetensors, as make_golden.py wrote it. */
final class PyTorchGolden {
    private PyTorchGolden() {}

    static Matrix tensor(String name) {
        try {
            Path file = Path.of(
                    PyTorchGolden.class.getResource("golden.safetensors").toURI());
            return SafetensorsFile.open(file).tensor(name).map();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static double[][] values(String name) {
        try (Matrix matrix = tensor(name)) {
            return Floats.doubles(matrix);
        }
    }
}
