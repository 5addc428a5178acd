package dev.morula.redundancy;

import dev.morula.data.SafetensorsFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** What numpy and scikit-learn computed: units_and_depth.safetensors, as make_units_and_depth.py wrote it. */
public final class Golden {
    private static final SafetensorsFile FILE = SafetensorsFile.open(file());

    private Golden() {}

    /** All numbers of a tensor. */
    public static double[] values(String name) {
        try (Matrix stored = FILE.tensor(name).map()) {
            int count = Math.toIntExact(stored.rows() * stored.columns());
            double[] values = new double[count];
            if (stored.type() == ElementType.F64) {
                stored.read(0, values, 0, count);
                return values;
            }
            float[] floats = new float[count];
            stored.read(0, floats, 0, count);
            for (int i = 0; i < count; i++) {
                values[i] = floats[i];
            }
            return values;
        }
    }

    /** All numbers of a tensor that are integers. */
    public static int[] integers(String name) {
        double[] values = values(name);
        int[] integers = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (int) values[i];
        }
        return integers;
    }

    /** A matrix. The caller closes it. */
    public static Matrix matrix(String name) {
        return FILE.tensor(name).map();
    }

    /** A split, {@code train} or {@code test}, of a case, with the classes of its read-out. The caller closes its activations. */
    public static Features features(String name, String split) {
        int classes;
        try (Matrix readOut = matrix(name + "/readOut")) {
            classes = (int) readOut.rows();
        }
        return new Features(name, matrix(name + "/" + split), integers(name + "/" + split + "Labels"), classes);
    }

    private static Path file() {
        try {
            return Path.of(
                    Golden.class.getResource("units_and_depth.safetensors").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
