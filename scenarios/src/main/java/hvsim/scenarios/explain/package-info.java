/**
 * Answers to {@code hvsim explain}: what an instruction, exit reason, control or invalidating operation does. What can
 * be computed is asked of the model itself; the words around it are in the resource folder {@code explain}. Start at
 * {@link hvsim.scenarios.explain.Explainer}.
 */
package hvsim.scenarios.explain;
