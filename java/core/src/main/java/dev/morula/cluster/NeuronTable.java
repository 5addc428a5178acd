package dev.morula.cluster;

import dev.morula.data.OutputFile;
import dev.morula.graph.Partners;
import dev.morula.standardise.StandardisedLayer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One row a neuron, as CSV: index, state, mean, std, degree, best_partner, best_r, cluster, representative. A field that
 * does not apply is empty; best partner and r are those of the graph, so a neuron without edges has none.
 */
public final class NeuronTable {
    private static final String HEADER = "index,state,mean,std,degree,best_partner,best_r,cluster,representative\n";

    private NeuronTable() {}

    /** Writes the table; {@code clusters} is null where neurons were not clustered. */
    public static void write(Path file, StandardisedLayer layer, Partners partners, Clusters clusters) {
        try (OutputFile output = OutputFile.create(file)) {
            append(output, HEADER);
            for (int neuron = 0; neuron < layer.neurons(); neuron++) {
                append(output, row(layer, neuron, partners) + clusterFields(clusters, neuron) + "\n");
            }
            output.commit();
        }
    }

    private static void append(OutputFile output, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        output.write(bytes, bytes.length);
    }

    private static String row(StandardisedLayer layer, int neuron, Partners partners) {
        return String.format(
                Locale.ROOT,
                "%d,%s,%s,%s,%d,%s",
                neuron,
                layer.state(neuron),
                number(layer.mean(neuron)),
                number(layer.deviation(neuron)),
                partners.degree(neuron),
                best(partners, neuron));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    private static String best(Partners partners, int neuron) {
        return partners.degree(neuron) == 0 ? "," : partners.strongest(neuron) + "," + partners.correlation(neuron);
    }

    private static String clusterFields(Clusters clusters, int neuron) {
        int cluster = clusters == null ? -1 : clusters.labels()[neuron];
        return cluster < 0 ? ",," : "," + cluster + "," + clusters.representatives()[cluster];
    }
}
