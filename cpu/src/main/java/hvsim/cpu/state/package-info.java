/** What a logical processor holds: control and general registers, model-specific registers. */
package hvsim.cpu.state;
