// The kernels without a JVM, at odd sizes in buffers with sharp ends, once for each tier that this machine has. Meant
// to be built with sanitizers; results are compared with plain loops, though the tests in Java do that more thoroughly.
#include "support.h"

int main() {
    using namespace morula_tests;
    test_memory();
    Context best(-1);
    for (int tier = MORULA_TIER_PORTABLE; tier <= morula_context_tier(best); tier++) {
        std::printf("tier %d\n", tier);
        Context context(tier);
        test_activations(context);
        test_standardise(context);
        test_correlate(context);
        test_screen(context);
        test_graph(context);
        test_train(context);
        test_losses(context);
        test_optimizers(context);
        test_convolution(context);
        test_samples(context);
        test_layers(context);
        test_classes(context);
        test_redundancy(context);
    }
    return 0;
}
