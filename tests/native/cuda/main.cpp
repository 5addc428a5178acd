// Runs the tests of the CUDA kernels: all of them, or those whose names contain the argument.
//   morula_cuda_tests [part of a name | =name | --list]
#include <cstring>

#include "support.h"

namespace morula_tests {
namespace {

struct Named {
    const char* name;
    Test test;
};

std::vector<Named>& tests() {
    static std::vector<Named> all;
    return all;
}

bool is_wanted(const char* name, const char* wanted) {
    return wanted[0] == '=' ? std::strcmp(name, wanted + 1) == 0 : std::strstr(name, wanted) != nullptr;
}

void list() {
    for (const Named& named : tests()) std::printf("%s\n", named.name);
}

}  // namespace

Registration::Registration(const char* name, Test test) { tests().push_back({name, test}); }

}  // namespace morula_tests

int main(int argc, char** argv) {
    using namespace morula_tests;
    const char* const wanted = argc > 1 ? argv[1] : "";
    if (std::strcmp(wanted, "--list") == 0) {
        list();
        return 0;
    }
    int run = 0;
    for (const Named& named : tests()) {
        if (!is_wanted(named.name, wanted)) continue;
        std::printf("%s\n", named.name);
        std::fflush(stdout);
        morula_cuda_context* context = nullptr;
        CHECK(morula_cuda_context_create(&context, 0, 0) == MORULA_OK);
        named.test(context);
        CHECK(morula_cuda_synchronize(context) == MORULA_OK);
        int64_t used = 0, limit = 0;
        morula_cuda_memory(context, &used, &limit);
        CHECK(used == 0);  // every test frees what it allocated
        morula_cuda_context_destroy(context);
        run++;
    }
    CHECK(run > 0);
    std::printf("%d tests passed\n", run);
    return 0;
}
