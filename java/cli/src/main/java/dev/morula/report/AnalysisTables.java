package dev.morula.report;

import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NeuralCollapse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tables of one network. */
final class AnalysisTables {
    private AnalysisTables() {}

    static TextTable layers(AnalysedNetwork network) {
        DataTable data = DataTable.of(
                "layer",
                "neurons",
                "samples",
                "deadUnits",
                "constantUnits",
                "similarUnits",
                "compressability",
                "selectivity",
                "unselective");
        List<List<String>> rows = new ArrayList<>();
        network.layers().forEach((name, layer) -> {
            data.add(
                    name,
                    layer.neurons(),
                    layer.samples(),
                    layer.deadUnits(),
                    layer.constantUnits(),
                    layer.similarUnits(),
                    layer.compressability(),
                    layer.selectivity(),
                    layer.unselective());
            rows.add(List.of(
                    name,
                    Numbers.count(layer.neurons()),
                    Numbers.count(layer.deadUnits()),
                    Numbers.count(layer.constantUnits()),
                    Numbers.value(layer.similarUnits()),
                    Numbers.share(layer.compressability()),
                    Numbers.value(layer.selectivity()),
                    Numbers.share(layer.unselective())));
        });
        return new TextTable(
                "layers",
                "Every layer in numbers",
                "“None” stands for what is not defined there or was not measured.",
                data,
                List.of(
                        "Layer",
                        "Neurons",
                        "Never active",
                        "Constant",
                        "Similar units",
                        "Compress\u00adability",
                        "Selec\u00adtivity",
                        "Not selective"),
                rows,
                TextTable.NUMBERS);
    }

    static TextTable neuralCollapse(AnalysedNetwork network) {
        DataTable data = DataTable.of(
                "layer",
                "nc1",
                "nc1PerClass",
                "nc2EquinormMeans",
                "nc2EquinormReadOut",
                "nc2EquiangularMeans",
                "nc2EquiangularReadOut",
                "nc3",
                "nc4");
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, LayerAnalysis> layer : network.layers().entrySet()) {
            NeuralCollapse collapse = layer.getValue().neuralCollapse();
            if (collapse != null) {
                List<Double> values = values(collapse);
                data.add(Stream.concat(Stream.<Object>of(layer.getKey()), values.stream())
                        .toArray());
                rows.add(
                        Stream.concat(Stream.of(layer.getKey()), values.stream().map(Numbers::value))
                                .toList());
            }
        }
        return new TextTable(
                "neural-collapse",
                "Neural collapse",
                "All of these are 0 where classes have collapsed entirely: NC1 to points, NC2 to points of equal norm and "
                        + "equal angles, NC3 to the directions of the read-out, NC4 to nearest class centres.",
                data,
                List.of(
                        "Layer",
                        "NC1",
                        "NC1 / classes",
                        "NC2 norms of means",
                        "NC2 norms of read-out",
                        "NC2 angles of means",
                        "NC2 angles of read-out",
                        "NC3",
                        "NC4"),
                rows,
                TextTable.NUMBERS);
    }

    private static List<Double> values(NeuralCollapse collapse) {
        return Stream.of(
                        collapse.nc1(),
                        collapse.nc1PerClass(),
                        collapse.nc2EquinormMeans(),
                        collapse.nc2EquinormReadOut(),
                        collapse.nc2EquiangularMeans(),
                        collapse.nc2EquiangularReadOut(),
                        collapse.nc3(),
                        collapse.nc4())
                .toList();
    }

    static TextTable effectiveDepth(AnalysedNetwork network) {
        DataTable data = DataTable.of("allowedError", "layer", "position");
        List<List<String>> rows = new ArrayList<>();
        List<String> names = new ArrayList<>(network.inDepth().keySet());
        network.effectiveDepth().forEach((allowed, layer) -> {
            int position = names.indexOf(layer) + 1;
            data.add(allowed, layer, position == 0 ? null : position);
            rows.add(List.of(
                    Numbers.round(Double.parseDouble(allowed)),
                    layer == null ? "none" : layer,
                    position == 0 ? "none" : Numbers.count(position) + " of " + Numbers.count(names.size())));
        });
        return new TextTable(
                "effective-depth",
                "Effective depth",
                "The first layer whose nearest class centres get at most that share of the train samples wrong.",
                data,
                List.of("Error allowed", "Layer", "Position"),
                rows,
                TextTable.NUMBERS);
    }
}
