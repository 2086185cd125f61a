package hvsim.cpu.vmx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.ept.PagingCapability;
import hvsim.ept.PhysicalMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** VMCSs on both sides of a border: which rule refuses them, or none (SDM vol. 3, 325384-059US, 26.2 and 26.3). */
class EntryBordersTest {
    // As a CSV source has them: those with a comma in quotes.
    private static final String CS_DATA = "CS of a data type has DPL 0";
    private static final String CS_OTHER = "non-conforming CS has the DPL of SS";
    private static final String CS_CONFORMING = "conforming CS has a DPL of at most that of SS";
    private static final String SS_RPL = "SS has the DPL that is its RPL unless the guest is unrestricted";
    private static final String SS_REAL = "SS has DPL 0 if CS is of a data type or CR0.PE is 0";
    private static final String DS_TYPE = "'a usable DS is accessed, and readable if code'";
    private static final String DS_DPL =
            "'a usable DS has a DPL of at least its RPL, unless conforming code or an unrestricted guest''s'";
    private static final String HIGH_RIP = "RIP has bits 63:32 0 outside 64-bit mode";
    private static final String WIDE_RIP = "RIP is canonical in 64-bit mode";
    private static final String SINGLE_STEP =
            "'a single step is pending as RFLAGS.TF and DEBUGCTL.BTF say, where debug exceptions wait'";
    private static final String LENGTH = "'a software event has an instruction length of 1 to 15, or 0 where allowed'";

    private final PhysicalMemory memory = GoodVmcs.memory();

    /** The rule that refuses the VMCS with {@code changes}, FIELD=VALUE after FIELD=VALUE; empty if it may enter. */
    private String refusal(GoodVmcs kind, String changes, VmxCapability capability) {
        Vmcs vmcs = kind.make();
        for (String change : changes.split(" ", -1)) {
            int equals = change.indexOf('=');
            long value = Long.parseUnsignedLong(change.substring(equals + 1), 16);
            vmcs.write(VmcsField.valueOf(change.substring(0, equals)), value);
        }
        EntryContext context = new EntryContext(capability, memory, GoodVmcs.CURRENT, kind.isUnder64BitHost());
        return VmEntryChecks.check(vmcs, context).rule().replaceFirst(" \\(SDM.*", "");
    }

    private void assertRefusal(String rule, GoodVmcs kind, String changes) {
        assertEquals(rule == null ? "" : rule, refusal(kind, changes, VmxCapability.ALL));
    }

    @ParameterizedTest
    @CsvSource({
        "REAL_MODE, GUEST_CS_ACCESS_RIGHTS=B3, " + CS_DATA,
        "REAL_MODE, GUEST_CS_ACCESS_RIGHTS=93,",
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A0B9, " + CS_OTHER,
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A0BB, " + CS_OTHER,
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A099,",
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A0BD, " + CS_CONFORMING,
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A0BF, " + CS_CONFORMING,
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A09D,",
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A09F,",
    })
    void privilegesOfCsGoByItsType(GoodVmcs kind, String changes, String rule) {
        assertRefusal(rule, kind, changes);
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A0BB GUEST_SS_ACCESS_RIGHTS=C0B3, " + SS_RPL,
        "PLAIN_64_BIT, GUEST_CS_ACCESS_RIGHTS=A09F GUEST_SS_ACCESS_RIGHTS=C0B3, " + SS_RPL,
        "REAL_MODE, GUEST_SS_ACCESS_RIGHTS=C0B3, " + SS_REAL,
        "REAL_MODE, GUEST_CR0=21 GUEST_SS_ACCESS_RIGHTS=C0B3, " + SS_REAL,
        "REAL_MODE, GUEST_CS_ACCESS_RIGHTS=9F GUEST_SS_ACCESS_RIGHTS=C0B3, " + SS_REAL,
        "REAL_MODE, GUEST_CR0=21 GUEST_CS_ACCESS_RIGHTS=9F GUEST_SS_ACCESS_RIGHTS=C0B3,",
    })
    void privilegesOfSsGoByRplUnlessUnrestricted(GoodVmcs kind, String changes, String rule) {
        assertRefusal(rule, kind, changes);
    }

    @ParameterizedTest
    @CsvSource({
        "C092, 0, " + DS_TYPE,
        "C099, 0, " + DS_TYPE,
        "C091, 0,",
        "C09B, 0,",
        "C09B, 3, " + DS_DPL,
        "C0FB, 3,",
        "C09F, 3,",
    })
    void dataSegmentsAreReadableAndAsPrivilegedAsTheirSelectors(String rights, String rpl, String rule) {
        String changes = "GUEST_DS_LIMIT=FFFFFFFF GUEST_DS_SELECTOR=" + rpl + " GUEST_DS_ACCESS_RIGHTS=" + rights;
        assertRefusal(rule, GoodVmcs.PLAIN_64_BIT, changes);
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN_64_BIT, GUEST_RIP=FFFF800000000000,",
        "PLAIN_64_BIT, GUEST_RIP=8000000000000000, " + WIDE_RIP,
        "PLAIN_64_BIT, GUEST_RIP=100000000 GUEST_CS_ACCESS_RIGHTS=C09B, " + HIGH_RIP,
        "VIRTUAL_8086, GUEST_RIP=100000000, " + HIGH_RIP,
        "PAE_WITHOUT_EPT, GUEST_RIP=FFFFFFFF,",
    })
    void ripIsAsWideAsTheMode(GoodVmcs kind, String changes, String rule) {
        assertRefusal(rule, kind, changes);
    }

    @ParameterizedTest
    @CsvSource({
        "GUEST_RFLAGS=302 GUEST_DEBUGCTL=0 GUEST_PENDING_DEBUG_EXCEPTIONS=0, " + SINGLE_STEP,
        "GUEST_RFLAGS=302 GUEST_DEBUGCTL=0 GUEST_PENDING_DEBUG_EXCEPTIONS=4000,",
        "GUEST_RFLAGS=302 GUEST_DEBUGCTL=2 GUEST_PENDING_DEBUG_EXCEPTIONS=0,",
        "GUEST_RFLAGS=302 GUEST_DEBUGCTL=2 GUEST_PENDING_DEBUG_EXCEPTIONS=4000, " + SINGLE_STEP,
        "GUEST_RFLAGS=202 GUEST_DEBUGCTL=0 GUEST_PENDING_DEBUG_EXCEPTIONS=4000, " + SINGLE_STEP,
    })
    void aSingleStepWaitsUnderBlockingUnlessBranchesStep(String changes, String rule) {
        assertRefusal(rule, GoodVmcs.PLAIN_64_BIT, "GUEST_INTERRUPTIBILITY_STATE=1 " + changes);
    }

    @ParameterizedTest
    @CsvSource({"0, false,", "0, true, " + LENGTH, "1, true,", "F, false,", "10, false, " + LENGTH})
    void aSoftwareInterruptHasALength(String length, boolean without0, String rule) {
        long misc = VmxMisc.ALL & ~(without0 ? VmxMisc.INJECTS_LENGTH_0 : 0);
        String changes = "ENTRY_INTERRUPTION_INFO=80000480 ENTRY_INSTRUCTION_LENGTH=" + length;
        VmxCapability capability = new VmxCapability(PagingCapability.ALL, misc);
        assertEquals(rule == null ? "" : rule, refusal(GoodVmcs.PLAIN_64_BIT, changes, capability));
    }

    @Test
    void onlyFourPageDirectoryPointersAreLookedAt() {
        memory.write(GoodVmcs.PDPT + 32, 3);
        assertRefusal("", GoodVmcs.PAE_WITHOUT_EPT, "GUEST_RIP=0");
        memory.write(GoodVmcs.PDPT + 24, 3);
        assertRefusal("present PDPTEs in memory at CR3 have no reserved bit", GoodVmcs.PAE_WITHOUT_EPT, "GUEST_RIP=0");
    }

    @Test
    void trIsInTheGlobalTableAndFsHasACanonicalBase() {
        assertRefusal("TR has TI 0", GoodVmcs.PLAIN_64_BIT, "GUEST_TR_SELECTOR=1C");
        assertRefusal("the base of FS is canonical", GoodVmcs.PLAIN_64_BIT, "GUEST_FS_BASE=8000000000000000");
    }

    @Test
    void lmaIsLmeWherePagingIsOn() {
        assertRefusal("guest EFER.LMA, if loaded, is EFER.LME if CR0.PG = 1", GoodVmcs.ALL_FEATURES, "GUEST_EFER=400");
    }

    @Test
    void aHostOf32BitsHasNoProcessContexts() {
        assertRefusal("a 32-bit host has CR4.PCIDE = 0", GoodVmcs.UNDER_32_BIT_HOST, "HOST_CR4=22020");
    }
}
