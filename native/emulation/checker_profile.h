// MORULA_EMULATION_PROFILE=1: how well the accesses of warps fit memory, printed by line of the source when the program
// ends. Global memory is counted in sectors of 32 bytes a request, shared memory in wavefronts of its 32 banks.
#ifndef MORULA_EMULATION_CHECKER_PROFILE_H
#define MORULA_EMULATION_CHECKER_PROFILE_H

#include "checker.h"

namespace morula::emulation::checker {

void profile_access(uintptr_t address, size_t bytes, Space space, bool write, int thread, uintptr_t site);
void profile_block_ends();

}  // namespace morula::emulation::checker

#endif
