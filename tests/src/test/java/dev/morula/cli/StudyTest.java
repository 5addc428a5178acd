package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.network.Presets;
import dev.morula.network.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The studies' sweeps as values: all can be planned, and are what the papers' experiments take. */
class StudyTest {
    static Stream<Arguments> studies() {
        return Stream.of(Study.Name.values())
                .flatMap(name -> Stream.of(Study.Size.values()).map(size -> Arguments.of(name, size)));
    }

    private static SweepPlan plan(Study.Named sweep) {
        return SweepPlan.of(SweepArguments.parse(sweep.options()));
    }

    @ParameterizedTest
    @MethodSource("studies")
    void everyNetworkCanBeBuilt(Study.Name name, Study.Size size) {
        for (Study.Named sweep : Study.of(name, size, "mnist-mini").sweeps()) {
            assertThat(plan(sweep).runs()).isNotEmpty().allSatisfy(run -> {
                TrainingSettings settings = run.settings();
                Shape shape = settings.data().contains("d=10000")
                        ? Shape.features(10_000)
                        : settings.data().contains("d=10")
                                ? Shape.features(10)
                                : settings.preparation().contains("32x32")
                                        ? new Shape(1, 32, 32)
                                        : settings.preparation().contains("pca=10")
                                                ? Shape.features(10)
                                                : new Shape(1, 28, 28);
                Presets.parse(settings.net(), shape, 10);
            });
        }
    }

    @Test
    void redundancyHasTheRecipeAndItsControls() {
        SweepPlan plan = plan(Study.of(Study.Name.REDUNDANCY, Study.Size.FULL, "mnist-mini")
                .sweeps()
                .get(0));
        assertThat(plan.runs()).hasSize(3 * (4 * 20 + 8));
        assertThat(plan.cells()).hasSize(15);
        assertThat(plan.cells().get(0).settings())
                .containsEntry("width", "32")
                .containsEntry("weightDecay", "0.002")
                .containsEntry("goal", "schedule-done");
        TrainingSettings widest = plan.cells().get(4).runs().get(0).settings();
        assertThat(widest.net()).isEqualTo("pmnist:512");
        assertThat(widest.epochs()).isEqualTo(160);
        assertThat(widest.schedule()).isEqualTo("cosine,warm-up=5");
        assertThat(widest.optimizer()).isEqualTo("sgd,momentum=0.9,weight-decay=2e-3,lr=0.05");
        TrainingSettings control = plan.cells().get(9).runs().get(0).settings();
        assertThat(control.optimizer()).isEqualTo("sgd,momentum=0.9,weight-decay=0,lr=0.05");
        assertThat(plan.cells().get(14).settings()).containsEntry("goal", "loss-at-most-0.04");
        assertThat(plan.cells()).element(0).extracting("name").isEqualTo(Map.of("width", "32", "variant", "baseline"));
        assertThat(plan.cells()).element(14).extracting("name").isEqualTo(Map.of("width", "512", "variant", "stopped"));
    }

    @Test
    void theSmallRedundancyHasSixSeedsToWidth256() {
        SweepPlan plan = plan(Study.of(Study.Name.REDUNDANCY, Study.Size.SMALL, "mnist-mini")
                .sweeps()
                .get(0));
        assertThat(plan.runs()).hasSize(3 * 4 * 6);
    }

    @Test
    void depthVariesTheDepthAlone() {
        SweepPlan plan = plan(Study.of(Study.Name.DEPTH, Study.Size.FULL, "mnist-mini")
                .sweeps()
                .get(0));
        assertThat(plan.runs()).hasSize(5 * 2 * 2);
        assertThat(plan.runs().get(0).settings().net()).isEqualTo("mlp-L2-H128");
        assertThat(plan.runs().get(0).folder()).isEqualTo("L2-as-given-s1");
        assertThat(plan.cells().get(5).settings()).isEqualTo(Map.of("depth", "2", "labels", "noise=0.2"));
    }

    @Test
    void theBoundHasCleanSamplesAndNoisyOnesBesideThem() {
        for (Study.Size size : Study.Size.values()) {
            SweepPlan plan =
                    plan(Study.of(Study.Name.DEPTH, size, "mnist-mini").sweeps().get(1));
            TrainingSettings clean = plan.runs().get(0).settings();
            TrainingSettings noisy = plan.runs().get(plan.runs().size() - 1).settings();
            assertThat(clean.labels()).isEqualTo("as-given");
            assertThat(noisy.labels()).isEqualTo("noise=0.1,from=" + clean.trainSize());
            assertThat(noisy.trainSize()).isEqualTo(2 * clean.trainSize());
            assertThat(plan.cells().get(0).name()).isEqualTo(Map.of("depth", "2", "variant", "baseline"));
        }
    }

    @Test
    void namesHaveWhatIsListedBesideTheVariant() {
        SweepPlan plan = SweepPlan.of(SweepArguments.parse(List.of(
                "--net",
                "mlp:784-W",
                "--data",
                "mnist-mini",
                "--widths",
                "8",
                "--inits",
                "he,glorot",
                "--variant",
                "stopped",
                "--until-loss 0.1",
                "--label-variants",
                "as-given")));
        assertThat(plan.cells())
                .extracting(SweepPlan.Cell::name)
                .containsExactly(
                        Map.of("width", "8", "variant", "baseline", "init", "he"),
                        Map.of("width", "8", "variant", "baseline", "init", "glorot"),
                        Map.of("width", "8", "variant", "stopped", "init", "he"),
                        Map.of("width", "8", "variant", "stopped", "init", "glorot"));
        SweepPlan plain = SweepPlan.of(
                SweepArguments.parse(List.of("--net", "mlp:784-W", "--data", "mnist-mini", "--widths", "8")));
        assertThat(plain.cells()).extracting(SweepPlan.Cell::name).containsExactly(Map.of("width", "8"));
    }

    @Test
    void dataAreThoseAskedFor() {
        Study study = Study.of(Study.Name.UNITS, Study.Size.FULL, "fashion-mnist:here");
        assertThat(study.sweeps()).extracting(Study.Named::folder).isEqualTo(List.of("mlp", "teacher", "alexnet"));
        assertThat(study.sweeps().get(0).options()).contains("fashion-mnist:here");
    }

    @Test
    void refusesAStudyThatIsNone(@TempDir Path folder) {
        assertThat(Run.of("study", "width", "--out", folder).exits(2).err())
                .contains("expected one of [REDUNDANCY, UNITS, DEPTH]");
    }
}
