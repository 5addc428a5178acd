package dev.morula.data;

import dev.morula.MorulaException;
import java.util.List;
import java.util.stream.Collectors;

/** Shapes of arrays, as files claim them. */
final class Shapes {
    private Shapes() {}

    /** The number of elements of {@code shape}; an error that names {@code owner} where it cannot be. */
    static long count(String owner, List<Long> shape) {
        long count = 1;
        boolean empty = false;
        for (long length : shape) {
            if (length < 0) {
                throw MorulaException.input("%s: claims the impossible shape %s", owner, format(shape));
            }
            empty |= length == 0;
        }
        try {
            for (long length : shape) {
                count = Math.multiplyExact(count, length);
            }
            Math.multiplyExact(count, 8); // the largest element
        } catch (ArithmeticException e) {
            if (!empty) {
                throw MorulaException.input(
                        "%s: claims shape %s, which is more than any file holds", owner, format(shape));
            }
        }
        return empty ? 0 : count;
    }

    /** The shape as Python writes it. */
    static String format(List<Long> shape) {
        String lengths = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "(" + lengths + (shape.size() == 1 ? ",)" : ")");
    }
}
