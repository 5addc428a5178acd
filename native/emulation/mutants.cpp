#include "mutants.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace morula::emulation {
namespace {

Mutant* newest = nullptr;

bool is_named(const char* variable, const char* name) {
    const char* const text = std::getenv(variable);
    return text != nullptr && std::strcmp(text, name) == 0;
}

}  // namespace

Mutant::Mutant(const char* name) : name_(name), chosen_(is_named("MORULA_EMULATION_MUTANT", name)), next_(newest) {
    if (newest == nullptr) std::atexit(note_reached);
    newest = this;
}

bool Mutant::is_chosen() {
    reached_ = true;
    return chosen_;
}

// MORULA_EMULATION_REACHED: a file that takes the names of the mutants that the program came to.
void Mutant::note_reached() {
    const char* const path = std::getenv("MORULA_EMULATION_REACHED");
    std::FILE* const file = path == nullptr ? nullptr : std::fopen(path, "w");
    if (file == nullptr) return;
    for (const Mutant* mutant = newest; mutant != nullptr; mutant = mutant->next_) {
        if (mutant->reached_) std::fprintf(file, "%s\n", mutant->name_);
    }
    std::fclose(file);
}

}  // namespace morula::emulation
