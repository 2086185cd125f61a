/**
 * What SVM calls the exits of VT-x: names for the reports of machines by AMD. The model's rules are those of VT-x; where
 * they differ is on the page docs/machines.md.
 *
 * <p>Follows AMD64 Architecture Programmer's Manual vol. 2, appendix C, by its codes as Linux lists them.
 */
package hvsim.cpu.svm;
