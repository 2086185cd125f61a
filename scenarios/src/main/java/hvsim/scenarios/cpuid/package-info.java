/**
 * A machine preset from what a processor says of itself: the text of the tool {@code cpuid}, decoded ({@code cpuid -1})
 * or as registers ({@code cpuid -r}).
 *
 * <pre>
 *   text -- CpuidReader --> CpuidDump (registers by leaf) -- Tlbs --> arrays -- CpuidPreset --> YAML
 * </pre>
 *
 * <p>Start reading at {@link hvsim.scenarios.cpuid.CpuidPreset}. Not modelled: what no leaf tells, which are latencies,
 * transition costs and what VMX offers (that is in MSRs); these come from the nearest preset.
 *
 * <p>Follows: Intel SDM vol. 2A, CPUID; AMD64 Architecture Programmer's Manual vol. 3, appendix E.
 */
package hvsim.scenarios.cpuid;
