package dev.morula.prepare;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import dev.morula.Specification;
import dev.morula.kernel.SampleKernels.Border;
import dev.morula.network.Shape;
import java.util.Locale;

/**
 * How images change each time they are trained on: a crop of the image padded on every side, each place as likely as any
 * other, and then a flip left to right of every second one on average.
 *
 * @param padding positions on each side, or 0 for no crop
 * @param border what they hold: {@code ZERO} is that of inputs, so the mean where they are standardised (He et al., Deep
 *     Residual Learning for Image Recognition, 2016, section 4.2)
 */
public record Augmentation(int padding, Border border, Flip flip) {
    private static final String FORM = "none, crop, flip, crop-flip or crop-flip,padding=4,border=zero (or reflect)";
    private static final int PADDING = 4;
    /** Numbers that say how an image is moved. */
    static final int NUMBERS = 3;

    /** Images stay as they are. */
    public static final Augmentation NONE = new Augmentation(0, Border.ZERO, Flip.NEVER);

    /** Which images are flipped left to right. */
    public enum Flip {
        NEVER,
        /** Each with probability 1/2. */
        RANDOM
    }

    public Augmentation {
        if (padding < 0) {
            throw MorulaException.usage("augment: padding is %d, but must be at least 0", padding);
        }
    }

    /** Parses {@code none}, {@code crop}, {@code flip} or {@code crop-flip}; a crop may have {@code padding} and {@code border}. */
    public static Augmentation parse(String text) {
        Specification description = Specification.parse("augment", text, FORM);
        return switch (description.name()) {
            case "none" -> withoutCrop(description, Flip.NEVER);
            case "flip" -> withoutCrop(description, Flip.RANDOM);
            case "crop" -> withCrop(description, Flip.NEVER);
            case "crop-flip" -> withCrop(description, Flip.RANDOM);
            default -> throw description.unknown();
        };
    }

    private static Augmentation withoutCrop(Specification description, Flip flip) {
        description.with();
        return new Augmentation(0, Border.ZERO, flip);
    }

    private static Augmentation withCrop(Specification description, Flip flip) {
        description.with("padding=", "border=");
        String name = description.word("border", "zero");
        Border border =
                switch (name) {
                    case "zero" -> Border.ZERO;
                    case "reflect" -> Border.REFLECT;
                    default -> throw description.refusal("border is \"%s\", but must be zero or reflect", name);
                };
        return new Augmentation(description.integer("padding", 1, PADDING), border, flip);
    }

    boolean isNone() {
        return padding == 0 && flip == Flip.NEVER;
    }

    /** Refuses inputs that cannot be moved so. */
    void requireFit(Shape input) {
        if (!isNone() && (input.isFeatures() || padding >= Math.min(input.height(), input.width()))) {
            throw MorulaException.usage(
                    "augment %s: the network takes %s; images of more than %d x %d are needed",
                    this, input, Math.max(1, padding), Math.max(1, padding));
        }
    }

    /** For {@code count} images the three numbers that {@code gatherImages} takes. */
    int[] moves(int count, RandomNumbers random) {
        int[] moves = new int[Math.multiplyExact(NUMBERS, count)];
        for (int i = 0; i < moves.length; i += NUMBERS) {
            moves[i] = random.nextBelow(2 * padding + 1) - padding;
            moves[i + 1] = random.nextBelow(2 * padding + 1) - padding;
            moves[i + 2] = flip == Flip.RANDOM ? random.nextBelow(2) : 0;
        }
        return moves;
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        String flips = flip == Flip.RANDOM ? "flip" : "";
        if (padding == 0) {
            return flips.isEmpty() ? "none" : flips;
        }
        return "crop" + (flips.isEmpty() ? "" : "-" + flips) + ",padding=" + padding + ",border="
                + border.name().toLowerCase(Locale.ROOT);
    }
}
