package dev.morula.correlate;

import dev.morula.data.DataSet;
import dev.morula.data.DataSource;
import dev.morula.data.Split;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Tap;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.Network;
import dev.morula.train.Trainer;
import dev.morula.train.TrainingListener;
import dev.morula.train.TrainingOptions;
import dev.morula.train.TrainingResult;
import java.util.List;

/** The last hidden layer of a small network trained on some of the bundled images. */
final class TrainedLayer {
    private TrainedLayer() {}

    /** Activations of {@code width} neurons on {@code samples} images, neurons x samples; the same every time. */
    static double[][] of(int width, int samples) {
        DataSet images = DataSource.MNIST_MINI.load(Split.TRAIN).first(samples);
        NetworkDefinition definition =
                Presets.multilayerPerceptron(images.shape().size(), List.of(8, width), images.classes());
        double[][] layer = new double[width][samples];
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Network network = Network.initialise(definition, 1)) {
            TrainingOptions options = TrainingOptions.builder().epochs(3).build();
            TrainingResult trained =
                    new Trainer(kernels, workers).train(network, images, options, TrainingListener.NONE);
            new ActivationRecorder(kernels, workers)
                    .record(network, images, trained.preparation(), Tap.of(definition, "last"), (first, outputs) -> {
                        for (int k = 0; k < outputs.rows(); k++) {
                            float[] row = outputs.row(k);
                            for (int i = 0; i < width; i++) {
                                layer[i][(int) first + k] = row[i];
                            }
                        }
                    });
        }
        return layer;
    }
}
