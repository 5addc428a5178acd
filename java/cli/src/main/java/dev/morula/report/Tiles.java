package dev.morula.report;

import java.util.ArrayList;
import java.util.List;

/** The headline numbers, each with its name and what it is measured against; the page and the terminal show the same. */
final class Tiles {
    /**
     * One number.
     *
     * @param name what it counts
     * @param value as text
     * @param note what it is measured against, or empty
     */
    record Tile(String name, String value, String note) {}

    private Tiles() {}

    static List<Tile> of(Headline headline) {
        List<Tile> tiles = new ArrayList<>();
        if (headline.layer() != null) {
            addLayer(tiles, headline.layer());
        }
        if (headline.graph() != null) {
            Headline.Graph graph = headline.graph();
            tiles.add(new Tile("Edges", Numbers.count(graph.edges()), "threshold " + Numbers.plain(graph.threshold())));
        }
        if (headline.clusters() != null) {
            addClusters(tiles, headline.clusters(), headline.layer());
        }
        if (headline.errors() != null) {
            tiles.add(new Tile("Test error", Numbers.percent(headline.errors().test()), ""));
            tiles.add(new Tile("Train error", Numbers.percent(headline.errors().train()), ""));
        }
        return tiles;
    }

    private static void addLayer(List<Tile> tiles, Headline.Layer layer) {
        tiles.add(new Tile("Neurons", Numbers.count(layer.neurons()), Numbers.count(layer.samples(), "sample")));
        tiles.add(new Tile("Never active", Numbers.count(layer.neverActive()), share(layer.neverActive(), layer)));
        long constant = layer.constant() - layer.neverActive();
        tiles.add(new Tile("Constant, not 0", Numbers.count(constant), share(constant, layer)));
    }

    private static void addClusters(List<Tile> tiles, Headline.Clusters clusters, Headline.Layer layer) {
        tiles.add(new Tile("Clusters", Numbers.count(clusters.count()), "method " + clusters.method()));
        tiles.add(new Tile("Neurons in clusters", Numbers.count(clusters.neurons()), share(clusters.neurons(), layer)));
        tiles.add(new Tile("Copies", Numbers.count(clusters.copies()), share(clusters.copies(), layer)));
        tiles.add(new Tile("Largest cluster", Numbers.count(clusters.largest()), share(clusters.largest(), layer)));
    }

    private static String share(long neurons, Headline.Layer layer) {
        return layer == null ? "" : Numbers.percent((double) neurons / layer.neurons()) + " of neurons";
    }
}
