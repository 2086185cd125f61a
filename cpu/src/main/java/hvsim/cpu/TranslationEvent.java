package hvsim.cpu;

/** What happens where a guest's kernel is translated, beside the passages to the hypervisor, which are counted as such. */
public enum TranslationEvent {
    /** A block was translated. */
    TRANSLATED,
    /** A translation went on to the next by itself. */
    CHAINED,
    /** The translation of an address was looked up. */
    LOOKED_UP,
    /** An instruction was emulated by translated code. */
    IN_LINE,
    /** A block was translated anew, so that its writes call out. */
    RETRANSLATED,
    /** A translation was given up because the code cache was full. */
    EVICTED,
    /** A translation was given up because the guest has written its code. */
    INVALIDATED
}
