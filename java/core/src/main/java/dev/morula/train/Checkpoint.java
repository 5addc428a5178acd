package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.data.SafetensorsFile;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.data.StoredArray;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that training goes on from, in a safetensors file: tensors {@code network.NAME}, {@code optimizer.NAME}, and
 * {@code best.NAME} where the best epoch is kept, all in Morula's own order of channels; {@code epochs} (F64, epochs x 6),
 * the reports; and numbers as strings.
 */
final class Checkpoint {
    private static final String NETWORK = "network.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BEST = "best.";
    private static final String REPORTS = "epochs";
    private static final String STEPS = "steps";
    private static final String BEST_ERROR = "bestError";
    private static final String BEST_EPOCH = "bestEpoch";
    private static final int NUMBERS = 6;

    private Checkpoint() {}

    static void write(
            Path file,
            Network network,
            OptimizerState optimizer,
            BestWeights best,
            List<EpochReport> reports,
            Map<String, String> metadata) {
        Map<String, String> strings = new LinkedHashMap<>(metadata);
        strings.put(STEPS, Long.toString(optimizer.steps()));
        strings.put(BEST_ERROR, Double.toString(best.error()));
        strings.put(BEST_EPOCH, Integer.toString(best.epoch()));
        try (Matrix numbers = numbers(reports)) {
            List<Tensor> tensors = new ArrayList<>();
            matrices(network, optimizer).forEach((name, matrix) -> tensors.add(tensor(name, matrix)));
            best.copies().forEach((name, matrix) -> tensors.add(tensor(BEST + name, matrix)));
            tensors.add(tensor(REPORTS, numbers));
            SafetensorsWriter.write(file, tensors, strings);
        }
    }

    private static Tensor tensor(String name, Matrix matrix) {
        return new Tensor(name, List.of(matrix.rows(), matrix.columns()), matrix);
    }

    private static Map<String, Matrix> matrices(Network network, OptimizerState optimizer) {
        Map<String, Matrix> matrices = new LinkedHashMap<>();
        network.parameters().forEach(parameter -> matrices.put(NETWORK + parameter.name(), parameter.values()));
        optimizer.tensors().forEach((name, matrix) -> matrices.put(OPTIMIZER + name, matrix));
        return matrices;
    }

    /** Fills everything with what {@code file} has, and returns the reports. */
    static List<EpochReport> read(Path file, Network network, OptimizerState optimizer, BestWeights best) {
        SafetensorsFile stored = SafetensorsFile.open(file);
        matrices(network, optimizer).forEach((name, matrix) -> fill(matrix, stored.tensor(name)));
        Map<String, String> strings = stored.metadata();
        optimizer.resume(Long.parseLong(string(file, strings, STEPS)));
        int bestEpoch = Integer.parseInt(string(file, strings, BEST_EPOCH));
        if (bestEpoch > 0) {
            best.resume(Double.parseDouble(string(file, strings, BEST_ERROR)), bestEpoch)
                    .forEach((name, matrix) -> fill(matrix, stored.tensor(BEST + name)));
        }
        try (Matrix numbers = stored.tensor(REPORTS).map()) {
            return reports(numbers);
        }
    }

    private static String string(Path file, Map<String, String> strings, String key) {
        if (!strings.containsKey(key)) {
            throw MorulaException.input("%s: is no checkpoint: it does not say \"%s\"", file, key);
        }
        return strings.get(key);
    }

    private static void fill(Matrix matrix, StoredArray tensor) {
        List<Long> needed = List.of(matrix.rows(), matrix.columns());
        if (tensor.type() != ElementType.F32 || !tensor.shape().equals(needed)) {
            throw MorulaException.input(
                    "%s: has shape %s of %s, but this training needs %s of F32",
                    tensor.name(), tensor.shape(), tensor.type(), needed);
        }
        try (Matrix values = tensor.map()) {
            values.copyTo(0, matrix, 0, tensor.count());
        }
    }

    private static Matrix numbers(List<EpochReport> reports) {
        Matrix numbers = Matrix.allocate(ElementType.F64, reports.size(), NUMBERS);
        for (int i = 0; i < reports.size(); i++) {
            EpochReport report = reports.get(i);
            double validation = report.validationError() == null ? Double.NaN : report.validationError();
            double[] row = {
                report.epoch(), report.rate(), report.trainLoss(), report.trainError(), validation, report.seconds()
            };
            numbers.write((long) i * NUMBERS, row, 0, NUMBERS);
        }
        return numbers;
    }

    private static List<EpochReport> reports(Matrix numbers) {
        List<EpochReport> reports = new ArrayList<>();
        double[] row = new double[NUMBERS];
        for (long i = 0; i < numbers.rows(); i++) {
            numbers.read(i * NUMBERS, row, 0, NUMBERS);
            Double validation = Double.isNaN(row[4]) ? null : row[4];
            reports.add(new EpochReport((int) row[0], row[1], row[2], row[3], validation, row[5]));
        }
        return reports;
    }
}
