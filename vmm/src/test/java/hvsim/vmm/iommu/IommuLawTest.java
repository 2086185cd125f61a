package hvsim.vmm.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.ept.EptEntry;
import hvsim.ept.WalkSpec.StructureCache;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.iommu.mapping.Domain;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random pages of both sizes come and go in three domains; each is invalidated when it goes. Devices of five requesters then
 * reach what a map says, and nothing else.
 */
class IommuLawTest {
    private static final int STEPS = 20_000;
    private static final int DOMAINS = 3;
    private static final int REQUESTERS = 5;
    private static final long SPACE = 8L << 21;
    private static final long[] RIGHTS = {EptEntry.READ, EptEntry.WRITE, EptEntry.READ | EptEntry.WRITE};

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<TreeMap<Long, Page>> oracle = new ArrayList<>();
    private final List<Domain> domains = new ArrayList<>();

    private record Page(long hpa, PageSize size, long rights) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void devicesReachWhatIsMappedAndNothingElse(int iotlb) throws Exception {
        Remapped machine = new Remapped(new IommuSpec(16, 2, iotlb, new StructureCache(1, 1, 2), 4, 1));
        for (int i = 0; i < DOMAINS; i++) {
            oracle.add(new TreeMap<>());
            domains.add(machine.domain(i));
        }
        for (int i = 0; i < REQUESTERS; i++) {
            machine.tables.attach(i, i % DOMAINS, domains.get(i % DOMAINS).tables());
        }
        for (int step = 0; step < STEPS; step++) {
            int domain = random.nextInt(DOMAINS);
            long iova = random.nextLong(SPACE);
            if (random.nextInt(4) == 0) {
                change(machine, domain, iova);
            } else {
                reach(machine, domain, iova);
            }
            if (step == STEPS / 2) {
                saveAndLoad(machine.iommu);
            }
        }
        assertEquals(0, machine.iommu.stats().stale());
    }

    private void change(Remapped machine, int domain, long iova) {
        PageSize size = (iova >>> 21) % 2 == 0 ? PageSize.SIZE_4K : PageSize.SIZE_2M;
        long page = iova & -size.bytes();
        if (oracle.get(domain).remove(page) != null) {
            domains.get(domain).unmap(page, size);
            machine.queue.submit(invalidation(domain, page));
            return;
        }
        Page made = new Page(random.nextLong(1L << 30) & -size.bytes(), size, RIGHTS[random.nextInt(RIGHTS.length)]);
        oracle.get(domain).put(page, made);
        domains.get(domain).map(page, made.hpa(), size, made.rights());
    }

    private InvalidationDescriptor invalidation(int domain, long page) {
        return switch (random.nextInt(8)) {
            case 0 -> InvalidationDescriptor.everything();
            case 1 -> InvalidationDescriptor.ofDomain(domain);
            default -> InvalidationDescriptor.pages(domain, page, 1, random.nextBoolean());
        };
    }

    private void reach(Remapped machine, int domain, long iova) {
        boolean write = random.nextBoolean();
        int requester = domain + (domain + DOMAINS < REQUESTERS && random.nextBoolean() ? DOMAINS : 0);
        assertEquals(expected(domain, iova, write), machine.iommu.translate(requester, iova, write, machine.dma));
    }

    private long expected(int domain, long iova, boolean write) {
        var below = oracle.get(domain).floorEntry(iova);
        if (below == null || iova - below.getKey() >= below.getValue().size().bytes()) {
            return Iommu.REFUSED;
        }
        boolean allowed = (below.getValue().rights() & (write ? EptEntry.WRITE : EptEntry.READ)) != 0;
        return allowed ? below.getValue().hpa() + iova - below.getKey() : Iommu.REFUSED;
    }

    private static void saveAndLoad(Iommu iommu) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        iommu.transfer(Snapshot.savingTo(new DataOutputStream(out)));
        iommu.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray()))));
    }
}
