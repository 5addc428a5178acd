/** Data sets and the files that other tools read and write: .npy, .npz, .safetensors and IDX. */
package dev.morula.data;
