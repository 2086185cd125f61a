package hvsim.ept;

import hvsim.ept.NaiveWalker.Translated;
import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a walk under some setting must end with: a fresh {@link NaiveWalker} for each, in terms of the walker. */
final class Oracle {
    private final NaiveMemory memory;
    private final Setting setting;
    private final NaiveLog log;

    Oracle(NaiveMemory memory, Setting setting, NaiveLog log) {
        this.memory = memory;
        this.setting = setting;
        this.log = log;
    }

    Seen walk(long gva, Access access) {
        NaiveSecondStage second = secondStage();
        NaiveWalker first = new NaiveWalker(memory, setting.format(), setting.root(), second, access);
        return seen(first, second, () -> translated(first.walk(gva)));
    }

    /** What MOV to CR3 ends with; {@code into} is changed if it loads. */
    Seen loadPdptes(long[] into) {
        NaiveSecondStage second = secondStage();
        NaiveWalker first = new NaiveWalker(memory, setting.format(), setting.root(), second, Access.USER_READ);
        return seen(first, second, () -> {
            System.arraycopy(first.loadPdptes(), 0, into, 0, into.length);
            return Seen.stopped("TRANSLATED", 0, 0, 0, false);
        });
    }

    private @Nullable NaiveSecondStage secondStage() {
        return setting.isNested()
                ? new NaiveSecondStage(memory, setting.can(), setting.eptp(), setting.modeBasedExecute(), log)
                : null;
    }

    private static Seen seen(NaiveWalker first, @Nullable NaiveSecondStage second, Supplier<Seen> walk) {
        Seen seen;
        try {
            seen = walk.get();
        } catch (NaiveStop stop) {
            seen = Seen.stopped(stop.outcome.name(), stop.errorCode, stop.gpa, stop.qualification, stop.convertible);
        }
        return seen.after(first.references, second == null ? 0 : second.references);
    }

    /** A {@link Translation} has the smaller of both stages' pages; 4 MiB, which it has not, come as pieces. */
    private Seen translated(Translated t) {
        int shift = Math.min(t.shift(), t.data().shift());
        PageSize size = shift >= 30 ? PageSize.SIZE_1G : shift >= 21 ? PageSize.SIZE_2M : PageSize.SIZE_4K;
        int key = setting.registers().mode().isLong() ? t.page().key() : 0;
        return new Seen("TRANSLATED", 0, 0, 0, false, t.data().hpa(), size, flags(t, size), key, 0, 0);
    }

    private int flags(Translated t, PageSize size) {
        long rights = t.data().rights();
        boolean byUser = setting.modeBasedExecute() && t.page().user();
        return (t.page().user() ? Translation.USER : Translation.SUPERVISOR)
                | (t.page().write() ? Translation.GUEST_WRITE : 0)
                | (t.page().executeDisable() ? 0 : Translation.GUEST_EXECUTE)
                | ((rights & NaiveSecondStage.READ) != 0 ? Translation.HOST_READ : 0)
                | ((rights & NaiveSecondStage.WRITE) != 0 ? Translation.HOST_WRITE : 0)
                | ((rights & (byUser ? NaiveSecondStage.USER_EXECUTE : NaiveSecondStage.EXECUTE)) != 0
                        ? Translation.HOST_EXECUTE
                        : 0)
                | (t.dirty() ? Translation.DIRTY : 0)
                | (t.data().dirty() ? Translation.HOST_DIRTY : 0)
                | (t.global() ? Translation.GLOBAL : 0)
                | cut(t.shift(), size);
    }

    private static int cut(int guestShift, PageSize size) {
        return guestShift <= size.shift()
                ? 0
                : switch (guestShift) {
                    case 21 -> Translation.cutFrom(PageSize.SIZE_2M);
                    case 30 -> Translation.cutFrom(PageSize.SIZE_1G);
                    case 22 -> Translation.cutFrom4M();
                    default -> 0;
                };
    }
}
