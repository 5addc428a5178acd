// Where in the source an access stands.
#ifndef MORULA_EMULATION_SITE_H
#define MORULA_EMULATION_SITE_H

#include <cstdint>
#include <string>

namespace morula::emulation::checker {

// "file.cu:12", and behind it where that was inlined, of the code before that address; "PTX line 12" for the number of
// a line.
std::string site_text(uintptr_t site);

}  // namespace morula::emulation::checker

#endif
