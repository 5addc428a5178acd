package dev.morula;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The flow is the architecture: a stage knows those before it and none after it. */
class ArchitectureTest {
    private static final List<String> FLOW = List.of(
            "network", "data", "train", "activations", "standardise", "correlate", "graph", "cluster", "redundancy");
    private static final String[] PROGRAM = {"dev.morula.cli..", "dev.morula.report.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.morula");

    static IntStream stages() {
        return IntStream.range(0, FLOW.size() - 1);
    }

    @ParameterizedTest
    @MethodSource("stages")
    void noStageKnowsALaterOne(int stage) {
        noClasses()
                .that()
                .resideInAPackage(packageOf(FLOW.get(stage)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packagesFrom(stage + 1))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theFoundationKnowsNoStage() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.morula", "dev.morula.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packagesFrom(0))
                .check(CLASSES);
    }

    @Test
    void theLibraryDoesNotKnowTheProgram() {
        noClasses()
                .that()
                .resideOutsideOfPackages(PROGRAM)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROGRAM)
                .check(CLASSES);
    }

    @Test
    void onlyTheKernelPackageKnowsNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.morula.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    private static String[] packagesFrom(int stage) {
        return FLOW.subList(stage, FLOW.size()).stream()
                .map(ArchitectureTest::packageOf)
                .toArray(String[]::new);
    }

    private static String packageOf(String stage) {
        return "dev.morula." + stage + "..";
    }
}
