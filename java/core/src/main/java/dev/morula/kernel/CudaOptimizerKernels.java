package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Forwards to the GPU library, which steps all parameters at once. */
final class CudaOptimizerKernels implements OptimizerKernels {
    private final CudaContext context;

    CudaOptimizerKernels(CudaContext context) {
        this.context = context;
    }

    /** A call on a list of {@code morula_cuda_parameter}; returns its status. */
    private interface Call {
        int on(long[] parameters, long count);
    }

    @Override
    public void sgdSteps(List<Step> steps, SgdRule rule) {
        steps.forEach(TrainShapes::sgdStep);
        make(
                steps,
                (parameters, count) -> MorulaCudaLibrary.morula_cuda_sgd_steps(
                        context.address(), parameters, count, rule.descriptor(), rule.nesterov() ? 1 : 0));
    }

    @Override
    public void adamSteps(List<Step> steps, AdamRule rule) {
        steps.forEach(TrainShapes::adamStep);
        make(
                steps,
                (parameters, count) -> MorulaCudaLibrary.morula_cuda_adam_steps(
                        context.address(), parameters, count, rule.descriptor()));
    }

    /** All at once, or in halves where the device's memory has not room for all of them. */
    private void make(List<Step> steps, Call call) {
        try (CudaPins p = new CudaPins(context)) {
            List<long[]> parameters = new ArrayList<>();
            if (pin(steps, parameters, p)) {
                check(call.on(parameters.stream().flatMapToLong(Arrays::stream).toArray(), parameters.size()));
                return;
            }
        }
        make(steps.subList(0, steps.size() / 2), call);
        make(steps.subList(steps.size() / 2, steps.size()), call);
    }

    /** Lists what {@code steps} change; false if there is not room for them, but would be for fewer. */
    private static boolean pin(List<Step> steps, List<long[]> parameters, CudaPins p) {
        try {
            steps.forEach(step -> pin(step, parameters, p));
            return true;
        } catch (MorulaException e) {
            if (e.kind() != Kind.RESOURCES || steps.size() == 1) {
                throw e;
            }
            return false;
        }
    }

    /** The kernels know no gaps: a block that is narrower than its parameter is as many parameters as it has rows. */
    private static void pin(Step step, List<long[]> parameters, CudaPins p) {
        long parameter = p.update(step.parameter());
        long first = p.updateNullable(step.first());
        long second = p.updateNullable(step.second());
        long gradient = p.read(step.gradient());
        Block block = step.block();
        long columns = step.parameter().columns();
        boolean whole = block.columns() == columns;
        long size = whole ? block.rows() * columns : block.columns();
        for (long row = 0; row < (whole ? 1 : block.rows()); row++) {
            long at = ((block.firstRow() + row) * columns + block.firstColumn()) * Float.BYTES;
            parameters.add(new long[] {
                parameter + at,
                first == 0 ? 0 : first + at,
                second == 0 ? 0 : second + at,
                gradient + row * size * Float.BYTES,
                size
            });
        }
    }
}
