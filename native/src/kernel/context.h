// What every kernel's entry point shares: the context, the table of a tier's kernels, and how a failure is reported.
#ifndef MORULA_KERNEL_CONTEXT_H
#define MORULA_KERNEL_CONTEXT_H

#include "kernel/table.h"
#include "morula.h"

struct morula_context {
    int tier;
    morula::Table kernels;
};

namespace morula {

// Keeps the message for morula_last_error() and returns the status, so that a check reads: return fail(STATUS, ...).
__attribute__((format(printf, 2, 3))) int fail(int status, const char* format, ...);

// Projections of some neurons of a sample-major layer on a basis that is not that of coordinates
// (standardise/piece.cpp).
int project_in_place(morula_context* context, float* projections, const morula_layer* layer,
                     const morula_neurons* neurons, const morula_basis* basis);

}  // namespace morula

#endif
