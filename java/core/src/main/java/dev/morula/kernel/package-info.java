/** Off-heap matrices, the native kernels behind one interface, and the thread budget. Nobody else sees native code. */
package dev.morula.kernel;
