// The copies that a thread has under way (copy_async.h).
#ifndef MORULA_EMULATION_COPIES_H
#define MORULA_EMULATION_COPIES_H

#include "device.h"

namespace morula::emulation {

// Forgets them, as the end of a block does.
void drop_copies(Fiber* thread);

}  // namespace morula::emulation

#endif
