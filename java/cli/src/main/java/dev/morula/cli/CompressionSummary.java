package dev.morula.cli;

import java.util.Map;

/**
 * What became of a network: compression.json. Errors are shares of samples.
 *
 * @param run the folder of the network that was made smaller
 * @param net its network
 * @param smallerNet the preset that loads the smaller one; null where none does, since the last hidden layer alone is smaller
 * @param neurons of the last hidden layer before
 * @param kept after
 * @param maxErrorRise points of train error that were allowed; null if a number of neurons was asked for
 * @param explained share of the logits' variance on train samples that is kept; null if they have none
 * @param testErrorWithoutFolding with the same neurons kept, the read-out's weights left as they were
 */
record CompressionSummary(
        String run,
        String net,
        String smallerNet,
        int neurons,
        int kept,
        Double maxErrorRise,
        Double explained,
        double trainErrorBefore,
        double trainErrorAfter,
        double testErrorBefore,
        double testErrorAfter,
        double testErrorWithoutFolding,
        String sentence,
        Map<String, Double> seconds) {}
