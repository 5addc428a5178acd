package dev.morula.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A paper's experiments as sweeps, at a size that one machine can do.
 *
 * @param sweeps in the order in which they are done
 */
record Study(List<Named> sweeps) {
    private static final String ONLY = ""; // the study's folder itself

    /**
     * A sweep of a study.
     *
     * @param folder in the study's; empty for that itself
     * @param options of {@code morula sweep}, without --out
     */
    record Named(String folder, List<String> options) {}

    /** Which paper's. */
    enum Name {
        /** Chunks and clones (Doimo et al.). */
        REDUNDANCY,
        /** Repeated and removable units (Casper et al.). */
        UNITS,
        /** Effective depth (Galanti et al.). */
        DEPTH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much of it. */
    enum Size {
        /** Hours on two cores. */
        FULL,
        /** About ten minutes on two cores. */
        SMALL
    }

    /** The study {@code name} on {@code data}, images of at least 10,000 train samples. */
    static Study of(Name name, Size size, String data) {
        boolean small = size == Size.SMALL;
        return switch (name) {
            case REDUNDANCY -> new Study(List.of(new Named(ONLY, redundancy(data, small))));
            case UNITS -> units(data, small);
            case DEPTH ->
                new Study(List.of(new Named(ONLY, depth(data, small)), new Named("bound", bound(data, small))));
        };
    }

    /**
     * Beside each network the two controls: without weight decay, and stopped at a train error of about 2 %. Batches divide
     * the 10,000 samples: of 256, the last of an epoch would have 16, whose means batch norm takes at the full rate, and
     * train errors of 0.5 to 2 % are left for good, in PyTorch too.
     */
    private static List<String> redundancy(String data, boolean small) {
        return join(
                words("--net pmnist:W --labels parity --train-size 10000 --prepare set,pca=10,whitened --loss hinge"),
                words("--init he --batch 250 --epochs 80 --optimizer sgd,lr=0.1,momentum=0.9,weight-decay=2e-3"),
                List.of("--data", data),
                words(small ? "--widths 32,64,128,256 --seeds 6" : "--widths 32,64,128,256,512 --seeds 20"),
                // the same sum of rate x decay / (1 - momentum), which decides whether there are clones
                List.of("--at-width", "512", "--lr 0.05 --schedule cosine,warm-up=5 --epochs 160 --seeds 8"),
                List.of("--variant", "no-decay", "--weight-decay 0"),
                List.of("--variant", "stopped", "--until-loss 0.04"));
    }

    private static Study units(String data, boolean small) {
        List<Named> sweeps = new ArrayList<>();
        sweeps.add(new Named(
                "mlp",
                join(
                        words("--net mlp:784-W-W --layers all --chunks-r2 0 --init glorot --epochs 60"),
                        words("--optimizer sgd,lr=0.05,momentum=0.9,weight-decay=5e-4"),
                        List.of("--data", data),
                        words(
                                small
                                        ? "--train-size 2000 --widths 32,64,128,256 --seeds 3"
                                        : "--train-size 10000 --widths 64,128,256,512,1024 --seeds 3"),
                        List.of("--variant", "he", "--init he"),
                        List.of("--variant", "no-decay", "--weight-decay 0"),
                        List.of("--variant", "random-labels", "--labels random"))));
        sweeps.add(
                new Named(
                        "teacher",
                        join(
                                words("--net teacher-student:d=10,m=W --data teacher:d=10,m=32,train=2000,test=1000"),
                                words(
                                        "--layers all --chunks-r2 0 --init normal:0.01 --epochs 60 --optimizer adam,lr=1e-3"),
                                words(small ? "--widths 1,4,16 --seeds 2" : "--widths 1,2,4,8,16 --seeds 5"),
                                List.of(
                                        "--variant",
                                        "d10000",
                                        "--net teacher-student:d=10000,m=W --data teacher:d=10000,m=32,train=2000,test=1000"))));
        if (!small) {
            sweeps.add(new Named(
                    "alexnet",
                    join(
                            words(
                                    "--net alexnet-cifar:W --widths 0.125,0.25,0.5,1 --seeds 2 --layers all --chunks-r2 0"),
                            words("--train-size 5000 --prepare set,pad=32x32 --epochs 20 --init glorot"),
                            words("--optimizer sgd,lr=0.01,momentum=0.9,weight-decay=5e-4"),
                            List.of("--data", data))));
        }
        return new Study(sweeps);
    }

    private static List<String> depth(String data, boolean small) {
        return join(
                words("--net mlp-L{L}-H128 --layers all --chunks-r2 0 --prepare set,pad=32x32 --seeds 2"),
                words("--label-variants as-given/noise=0.2 --batch 125"),
                words("--optimizer sgd,lr=0.1,momentum=0.9,weight-decay=5e-4"),
                List.of("--data", data),
                words(small ? "--depths 2,4,8 --train-size 2000" : "--depths 2,4,6,8,12 --train-size 10000"),
                rates(small));
    }

    private static List<String> rates(boolean small) {
        return words("--epochs " + (small ? "50 --schedule steps:6/10/20" : "100 --schedule steps:12/20/40")
                + ",factor=0.2");
    }

    /** Half of those samples, S1, and beside it all of them, with noise in the other half, S2. */
    private static List<String> bound(String data, boolean small) {
        int samples = small ? 1000 : 5000;
        return join(
                words("--net mlp-L{L}-H128 --layers all --chunks-r2 0 --prepare set,pad=32x32 --seeds 2 --batch 125"),
                words("--optimizer sgd,lr=0.1,momentum=0.9,weight-decay=5e-4"),
                List.of("--data", data),
                words((small ? "--depths 2,4,8" : "--depths 2,4,6,8,12") + " --train-size " + samples),
                rates(small),
                List.of(
                        "--variant",
                        "with-noise",
                        "--train-size " + 2 * samples + " --labels noise=0.1,from=" + samples));
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    @SafeVarargs
    private static List<String> join(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
