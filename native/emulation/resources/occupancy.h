// How many blocks of a kernel run on a multiprocessor at once, as NVIDIA's cuda_occupancy.h has it.
#ifndef MORULA_RESOURCES_OCCUPANCY_H
#define MORULA_RESOURCES_OCCUPANCY_H

namespace morula::resources {

// architecture: 80, 90 or 100.
int blocks_per_multiprocessor(int architecture, int threads, int registers, int shared_bytes);

}  // namespace morula::resources

#endif
