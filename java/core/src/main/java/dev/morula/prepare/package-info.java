/** Makes network inputs of data: standardised, projected, augmented, and gathered in random batches. */
package dev.morula.prepare;
