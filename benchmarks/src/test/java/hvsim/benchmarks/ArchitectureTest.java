package hvsim.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import hvsim.cpu.OpStream;
import hvsim.ept.TableEntries;
import hvsim.tlb.Snapshot;

/** The picture of ARCHITECTURE.md as rules. They stand in the highest module, which sees all the others. */
@AnalyzeClasses(packages = "hvsim", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] MODEL = {
        "hvsim.tlb..", "hvsim.multiqueue..", "hvsim.ept..", "hvsim.cpu..", "hvsim.vmm.."
    };

    @ArchTest
    static final ArchRule callsGoDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("tlb")
            .definedBy("hvsim.tlb..")
            .layer("multiqueue")
            .definedBy("hvsim.multiqueue..")
            .layer("ept")
            .definedBy("hvsim.ept..")
            .layer("cpu")
            .definedBy("hvsim.cpu..")
            .optionalLayer("vmm")
            .definedBy("hvsim.vmm..")
            .layer("scenarios")
            .definedBy("hvsim.scenarios..")
            .optionalLayer("benchmarks")
            .definedBy("hvsim.benchmarks..")
            .whereLayer("tlb")
            .mayNotAccessAnyLayer()
            .whereLayer("multiqueue")
            .mayOnlyAccessLayers("tlb")
            .whereLayer("ept")
            .mayOnlyAccessLayers("tlb")
            .whereLayer("cpu")
            .mayOnlyAccessLayers("tlb", "ept")
            .whereLayer("vmm")
            .mayOnlyAccessLayers("tlb", "multiqueue", "ept", "cpu")
            .whereLayer("benchmarks")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule devicesKnowNoProcessorsAndOnlyWhereStateGoes = noClasses()
            .that()
            .resideInAPackage("hvsim.multiqueue..")
            .should()
            .dependOnClassesThat(resideInAPackage("hvsim.tlb..").and(not(equivalentTo(Snapshot.class))));

    @ArchTest
    static final ArchRule theModelNeedsNoLibraryAndNoFile = classes()
            .that()
            .resideInAnyPackage(MODEL)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "hvsim..", "java.lang..", "java.util..", "java.math..", "java.nio", "org.jspecify..")
                    .or(resideInAPackage("java.io").and(nameMatching(".*\\.(Data.*|InputStream|.*Exception)"))));

    @ArchTest
    static final ArchRule noPackagesDependOnEachOther =
            slices().matching("hvsim.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule aHypervisorVirtualizesThreeThingsRunsSomewhereAndServesKernels = classes()
            .that()
            .resideInAPackage("hvsim.vmm..")
            .should()
            .resideInAnyPackage(
                    "hvsim.vmm",
                    "hvsim.vmm.cpu..",
                    "hvsim.vmm.memory..",
                    "hvsim.vmm.device..",
                    "hvsim.vmm.iommu..",
                    "hvsim.vmm.host..",
                    "hvsim.vmm.kernel..",
                    "hvsim.vmm.interrupt..",
                    "hvsim.vmm.schedule..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyOpStreamIsImplementedAboveTheModel =
            noClasses().that().resideOutsideOfPackages(MODEL).should().beAssignableTo(typeToImplement(MODEL));

    @ArchTest
    static final ArchRule onlyOpStreamAndWhatSoftwareReadsTablesThroughAreImplementedByHypervisors = noClasses()
            .that()
            .resideInAPackage("hvsim.vmm..")
            .should()
            .beAssignableTo(typeToImplement("hvsim.tlb..", "hvsim.ept..", "hvsim.cpu..")
                    .and(not(equivalentTo(TableEntries.class))))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule theModelReadsNoClock = noClasses()
            .that()
            .resideInAnyPackage(MODEL)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule theModelDrawsNoUnseededNumbersAndStartsNoThreads = noClasses()
            .that()
            .resideInAnyPackage(MODEL)
            .should()
            .dependOnClassesThat(resideInAPackage("java.util.concurrent..")
                    .or(nameMatching("java\\.util\\.(Random|UUID)|java\\.lang\\.Thread")))
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule textDoesNotDependOnTheUsersLocale = noClasses()
            .should()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .orShould()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .orShould()
            .callMethod(java.io.PrintStream.class, "printf", String.class, Object[].class)
            .orShould()
            .callMethod(java.io.PrintStream.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(java.io.PrintWriter.class, "printf", String.class, Object[].class)
            .orShould()
            .callMethod(java.io.PrintWriter.class, "format", String.class, Object[].class);

    /** Interfaces and open classes of these packages, the one allowed interface apart. */
    private static DescribedPredicate<JavaClass> typeToImplement(String... packages) {
        return resideInAnyPackage(packages)
                .and(not(equivalentTo(OpStream.class)))
                .as("types of a lower module other than OpStream");
    }
}
