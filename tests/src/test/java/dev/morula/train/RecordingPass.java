package dev.morula.train;

import dev.morula.kernel.Block;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A backward pass that keeps the gradients of parameters. */
final class RecordingPass implements BackwardPass {
    private final Workers workers;
    private final List<Task> waiting = new ArrayList<>();
    private final Map<Parameter, double[]> gradients = new ConcurrentHashMap<>();

    RecordingPass(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void run(List<Task> tasks) {
        List<Task> all = new ArrayList<>(tasks);
        all.addAll(waiting);
        waiting.clear();
        workers.forEach(all.size(), (part, worker) -> all.get((int) part).run(worker));
    }

    @Override
    public void later(List<Task> tasks) {
        waiting.addAll(tasks);
    }

    @Override
    public void gradient(Parameter parameter, Block block, Matrix gradient) {
        double[] all = gradients.computeIfAbsent(
                parameter, p -> new double[(int) (p.values().rows() * p.values().columns())]);
        float[] row = new float[(int) block.columns()];
        for (long r = 0; r < block.rows(); r++) {
            gradient.read(r * block.columns(), row, 0, row.length);
            for (int c = 0; c < row.length; c++) {
                int at = (int) ((block.firstRow() + r) * parameter.values().columns() + block.firstColumn()) + c;
                all[at] += row[c];
            }
        }
    }

    /** The gradient of {@code parameter}, row by row, once all tasks were done. */
    double[] of(Parameter parameter) {
        run(List.of());
        return gradients.get(parameter);
    }
}
