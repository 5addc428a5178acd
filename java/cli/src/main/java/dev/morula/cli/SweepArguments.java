package dev.morula.cli;

import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe a sweep. */
final class SweepArguments {
    private static final String COMMA = ",";

    /** An initialisation's own option stays with it: orthogonal,gain=1. */
    private static final String COMMA_BEFORE_NAME = ",(?!gain=)";

    /** Labels have commas themselves. */
    private static final String SLASH = "/";

    @Mixin
    private TrainingArguments training;

    @Option(names = "--widths", paramLabel = "LIST", description = "for W in --net: 32,64,128")
    private String widths;

    @Option(names = "--depths", paramLabel = "LIST", description = "for L in --net: 2,4,8 for mlp-L{L}-H128")
    private String depths;

    @Option(names = "--weight-decays", paramLabel = "LIST", description = "2e-3,0: instead of that of --optimizer")
    private String weightDecays;

    @Option(names = "--inits", paramLabel = "LIST", description = "he,glorot: instead of --init")
    private String initialisations;

    @Option(
            names = "--label-variants",
            paramLabel = "LIST",
            description = "as-given/random/noise=0.2, with slashes between them: instead of --labels")
    private String labels;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "networks of each kind, from --seed upwards (default: 1)")
    private int seeds = 1;

    @Option(
            names = "--at-width",
            arity = "2",
            paramLabel = "W OPTIONS",
            description =
                    "options of train, --lr X, --weight-decay X and --seeds N that networks of width W and above have "
                            + "instead: --at-width 512 \"--lr 0.05 --epochs 160\"; may be repeated")
    private List<String> atWidth = List.of();

    @Option(
            names = "--variant",
            arity = "2",
            paramLabel = "NAME OPTIONS",
            description =
                    "trains every network once more with such options: --variant stopped \"--until-loss 0.1\"; may be "
                            + "repeated")
    private List<String> variants = List.of();

    @Option(
            names = "--layers",
            paramLabel = "WHICH",
            description = "last (default) or all: which layers are analysed, as analyze takes it")
    private AnalysisSettings.Layers layers = AnalysisSettings.DEFAULT.layers();

    @Option(names = "--chunks", paramLabel = "N", description = "random chunks a size for the errors (default: 100)")
    private int chunks = AnalysisSettings.DEFAULT.chunks();

    @Option(
            names = "--chunks-r2",
            paramLabel = "N",
            description = "of them how many for R^2 and residual correlations; 0 for none (default: 40)")
    private int chunksR2 = AnalysisSettings.DEFAULT.chunksR2();

    /** The sweep that {@code words} describe. */
    static SweepSettings parse(List<String> words) {
        SweepArguments arguments = new SweepArguments();
        new CommandLine(arguments).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words.toArray(String[]::new));
        return arguments.settings();
    }

    SweepSettings settings() {
        return new SweepSettings(
                training.settings(),
                training.keepEvery(),
                numbers("--widths", widths),
                numbers("--depths", depths),
                numbers("--weight-decays", weightDecays),
                list("--inits", initialisations, COMMA_BEFORE_NAME),
                list("--label-variants", labels, SLASH),
                seeds,
                rules(),
                named(),
                new AnalysisSettings(
                        layers,
                        chunks,
                        chunksR2,
                        AnalysisSettings.DEFAULT.depthErrors(),
                        training.settings().seed()));
    }

    private static List<String> numbers(String option, String text) {
        return list(option, text, COMMA).stream()
                .map(value -> OptimizerText.number(option, value))
                .toList();
    }

    private static List<String> list(String option, String text, String separator) {
        List<String> values = text == null ? List.of() : List.of(text.split(separator, -1));
        if (new LinkedHashSet<>(values).size() < values.size() || values.contains("")) {
            throw MorulaException.usage("%s %s: its values must differ, and none may be empty", option, text);
        }
        return values;
    }

    private List<SweepSettings.AtWidth> rules() {
        List<SweepSettings.AtWidth> rules = new ArrayList<>();
        for (int i = 0; i < atWidth.size(); i += 2) {
            String width = OptimizerText.number("--at-width", atWidth.get(i));
            rules.add(new SweepSettings.AtWidth(width, atWidth.get(i + 1)));
        }
        rules.sort(Comparator.comparingDouble(SweepSettings.AtWidth::least));
        return rules;
    }

    private Map<String, String> named() {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < variants.size(); i += 2) {
            String name = variants.get(i);
            if (name.equals(SweepSettings.BASELINE)) {
                throw MorulaException.usage(
                        "--variant %s: so the networks without a variant are called; name it otherwise", name);
            }
            if (!name.matches("[A-Za-z0-9.-]+") || named.put(name, variants.get(i + 1)) != null) {
                throw MorulaException.usage(
                        "--variant %s: a name of letters, digits, dots and hyphens is needed, another for each variant",
                        name);
            }
        }
        return named;
    }
}
