import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * One training step of 784-256-256-width-10 in Deeplearning4j, batch 128: the work of TrainingStepBenchmark, with Nesterov's
 * momentum, which is the only one it has. Prints one JSON object: the median step in milliseconds.
 */
public final class TrainStep {
    private static final int BATCH = 128;

    private TrainStep() {}

    public static void main(String[] arguments) {
        int width = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        MultiLayerNetwork network = network(new int[] {784, 256, 256, width, 10});
        INDArray inputs = Nd4j.randn(DataType.FLOAT, BATCH, 784);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, 10);
        IntStream.range(0, BATCH).forEach(sample -> labels.putScalar(sample, sample % 10, 1));
        timed(network, inputs, labels, 3);
        List<Double> times = timed(network, inputs, labels, seconds);
        times.sort(null);
        System.out.printf("{\"medianMilliseconds\": %.4f}%n", times.get(times.size() / 2));
    }

    private static MultiLayerNetwork network(int[] sizes) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Nesterovs(1e-4, 0.9))
                .weightDecay(5e-4)
                .list();
        for (int layer = 0; layer + 2 < sizes.length; layer++) {
            layers.layer(new DenseLayer.Builder()
                    .nIn(sizes[layer])
                    .nOut(sizes[layer + 1])
                    .activation(Activation.RELU)
                    .build());
        }
        MultiLayerConfiguration configuration = layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(sizes[sizes.length - 2])
                        .nOut(sizes[sizes.length - 1])
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    private static List<Double> timed(MultiLayerNetwork network, INDArray inputs, INDArray labels, int seconds) {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            network.fit(inputs, labels);
            times.add((System.nanoTime() - start) * 1e-6);
        }
        return times;
    }
}
