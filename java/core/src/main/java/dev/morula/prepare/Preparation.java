package dev.morula.prepare;

import dev.morula.MorulaException;
import dev.morula.Specification;
import dev.morula.data.DataSet;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * How samples are made inputs: images are padded with zeros, then all numbers are standardised, then projected on their
 * principal components, where that is asked for.
 *
 * @param scope what is standardised by; the zeros of the padding count
 * @param height of padded images, or 0 for no padding
 * @param width of padded images, or 0 for no padding
 * @param components features that images or features become by principal component analysis, or 0 to leave them
 * @param spread what becomes of the components' variances
 */
public record Preparation(Standardisation.Scope scope, int height, int width, int components, Spread spread) {
    private static final String FORM = "set, channel, image or none, as in channel,pad=32x32 or set,pca=50,whitened";
    private static final String SIZE = "[1-9]\\d{0,4}x[1-9]\\d{0,4}";
    private static final String NO_PADDING = "0x0";

    /** Standardised by the mean and the deviation of the whole train set. */
    public static final Preparation DEFAULT = new Preparation(Standardisation.Scope.SET, 0, 0, 0, Spread.KEPT);

    /** What becomes of the variances of principal components. */
    public enum Spread {
        /** They stay as they are. */
        KEPT,
        /** Each component is divided by its standard deviation in the train set. */
        WHITENED
    }

    public Preparation {
        if (height < 0 || width < 0 || (height == 0) != (width == 0) || components < 0) {
            throw MorulaException.usage(
                    "preparation: padding to %d x %d and %d components; each is at least 1, or 0 to do without",
                    height, width, components);
        }
    }

    /** Parses {@code set}, {@code channel}, {@code image} or {@code none}, and {@code pad=HxW}, {@code pca=K}, {@code whitened}. */
    public static Preparation parse(String text) {
        Specification description =
                Specification.parse("preparation", text, FORM).with("pad=", "pca=", "whitened");
        String size = description.word("pad", NO_PADDING);
        if (description.has("pad") && !size.matches(SIZE)) {
            throw description.refusal("pad is \"%s\", but must be height x width, such as 32x32", size);
        }
        String[] sides = size.split("x");
        int components = description.integer("pca", 1, 0);
        Spread spread = description.has("whitened") ? Spread.WHITENED : Spread.KEPT;
        if (spread == Spread.WHITENED && components == 0) {
            throw description.refusal("only principal components can be whitened");
        }
        return new Preparation(
                scope(description), Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), components, spread);
    }

    private static Standardisation.Scope scope(Specification description) {
        return Arrays.stream(Standardisation.Scope.values())
                .filter(scope -> scope.toString().equals(description.name()))
                .findFirst()
                .orElseThrow(description::unknown);
    }

    /** Finds out what has to be known of the train set; what comes is the same for any number of threads. */
    public FittedPreparation fit(DataSet train, Kernels kernels, Workers workers) {
        Shape padded = padded(train.name(), train.shape());
        Standardisation standardisation = Standardisation.of(scope, train, padded, workers);
        Optional<PrincipalComponents> projection = components == 0
                ? Optional.empty()
                : Optional.of(new PrincipalComponentFit(
                                new StandardisedSamples(train, padded, standardisation), kernels, workers)
                        .find(components, spread));
        return new FittedPreparation(this, train.shape(), standardisation, projection);
    }

    /** The shape of a padded sample. */
    Shape padded(String name, Shape shape) {
        if (height == 0) {
            return shape;
        }
        if (shape.isFeatures() || shape.height() > height || shape.width() > width) {
            throw MorulaException.usage("%s: samples of %s cannot be padded to %d x %d", name, shape, height, width);
        }
        return new Shape(shape.channels(), height, width);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return scope
                + (height > 0 ? ",pad=" + height + "x" + width : "")
                + (components > 0 ? ",pca=" + components : "")
                + (spread == Spread.WHITENED ? ",whitened" : "");
    }
}
