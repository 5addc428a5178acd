package dev.morula.correlate;

import dev.morula.data.DataSet;
import dev.morula.data.DataSource;
import dev.morula.data.Split;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Tap;
import dev.morula.prepare.FittedPreparation;
import dev.morula.prepare.Preparation;
import dev.morula.prepare.Samples;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.Network;
import dev.morula.train.Training;
import dev.morula.train.TrainingListener;
import dev.morula.train.TrainingOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
            FittedPreparation preparation = Preparation.DEFAULT.fit(images, kernels, workers);
            TrainingOptions options = TrainingOptions.builder().epochs(3).build();
            try (Samples inputs = Samples.of(images, preparation, definition, kernels, workers);
                    Training training = new Training(kernels, workers, network, inputs, Optional.empty(), options)) {
                training.run(TrainingListener.NONE);
                new ActivationRecorder(kernels, workers)
                        .record(network, inputs, Map.of(Tap.of(definition, "last"), (first, outputs) -> {
                            for (int k = 0; k < outputs.rows(); k++) {
                                float[] row = outputs.row(k);
                                for (int i = 0; i < width; i++) {
                                    layer[i][(int) first + k] = row[i];
                                }
                            }
                        }));
            }
        }
        return layer;
    }
}
