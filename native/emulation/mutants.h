// GPU_MUTANT (kernel/gpu.h) in the checker's library, which holds every mutant: the program's environment chooses one.
#ifndef MORULA_EMULATION_MUTANTS_H
#define MORULA_EMULATION_MUTANTS_H

#include <cstddef>

namespace morula::emulation {

class Mutant {
  public:
    explicit Mutant(const char* name);
    // Whether MORULA_EMULATION_MUTANT is its name. Remembers that somebody came here.
    bool is_chosen();

  private:
    static void note_reached();

    const char* const name_;
    const bool chosen_;
    bool reached_ = false;
    Mutant* const next_;  // of all
};

template <size_t size>
struct MutantName {
    consteval MutantName(const char (&name)[size]) {
        for (size_t i = 0; i < size; i++) text[i] = name[i];
    }
    char text[size];
};

template <MutantName name>
struct NamedMutant {
    static inline Mutant mutant{name.text};
};

}  // namespace morula::emulation

#endif
