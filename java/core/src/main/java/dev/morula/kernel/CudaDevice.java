package dev.morula.kernel;

import java.util.Optional;

/**
 * A GPU.
 *
 * @param index its number in the driver's order, from 0
 * @param name what its maker calls it
 * @param computeCapability major and minor, such as "9.0"
 * @param memoryBytes its memory
 * @param multiprocessors how many it has
 * @param blas which cuBLAS does its large products, or why there is none and Morula's own kernels do them
 * @param fault why a small kernel did not run or computed a wrong result on it; absent when all is well
 */
public record CudaDevice(
        int index,
        String name,
        String computeCapability,
        long memoryBytes,
        int multiprocessors,
        String blas,
        Optional<String> fault) {}
