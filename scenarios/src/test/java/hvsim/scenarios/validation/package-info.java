/** Micro-benchmarks as others ran them on KVM, on the model's machines: published figures beside the model's. */
@NullMarked
package hvsim.scenarios.validation;

import org.jspecify.annotations.NullMarked;
