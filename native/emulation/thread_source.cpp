// The emulation runs kernels as the host's compiler made them.
#include "launch.h"

namespace morula::emulation {

void prepare_launch(const Launch&) {}
void run_thread(const Launch& launch) { launch.call(launch); }

}  // namespace morula::emulation
