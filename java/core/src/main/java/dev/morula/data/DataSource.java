package dev.morula.data;

import dev.morula.MorulaException;
import java.nio.file.Path;

/** A data set by name, as {@link #parse} describes it; {@code toString} gives the text back. */
public sealed interface DataSource permits IdxSource, CifarSource, NpySource, TeacherSource {
    /** 10,000 MNIST images to train on (its test set) and 10,000 others to test, as the pMNIST task has them. */
    DataSource MNIST_MINI = IdxSource.MNIST_MINI;

    /**
     * Parses what {@code --data} takes.
     *
     * <ul>
     *   <li>{@code mnist-mini}: bundled
     *   <li>{@code mnist:DIR}, {@code fashion-mnist:DIR}: IDX files, plain or gzipped, under their original names
     *   <li>{@code cifar10:DIR}, {@code cifar100:DIR}: the binary version of Krizhevsky's files; {@code cifar100} has the
     *       100 fine classes
     *   <li>{@code npy:DIR}: train-x.npy, train-y.npy, test-x.npy, test-y.npy
     *   <li>{@code teacher:d=10,m=32,train=10000,test=2000,seed=1}: normal inputs with labels of a random network; what is
     *       left out is as here
     * </ul>
     */
    static DataSource parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String place = colon < 0 ? "" : text.substring(colon + 1);
        if (text.equals("mnist-mini")) {
            return MNIST_MINI;
        } else if (text.equals("teacher")) {
            return TeacherSource.DEFAULT;
        } else if (!place.isEmpty()) {
            switch (name) {
                case "mnist", "fashion-mnist":
                    return IdxSource.in(name, Path.of(place));
                case "cifar10":
                    return new CifarSource(CifarSource.Kind.CIFAR10, Path.of(place));
                case "cifar100":
                    return new CifarSource(CifarSource.Kind.CIFAR100, Path.of(place));
                case "npy":
                    return new NpySource(Path.of(place));
                case "teacher":
                    return TeacherSource.parse(text, place);
                default:
                    break;
            }
        }
        throw MorulaException.usage(
                "there is no data set \"%s\": give mnist-mini, mnist:DIR, fashion-mnist:DIR, cifar10:DIR, cifar100:DIR, "
                        + "npy:DIR or %s",
                text, TeacherSource.FORM);
    }

    /**
     * Reads one split.
     *
     * @throws MorulaException of kind INPUT, naming file, place and value, if it is not what it should be
     */
    DataSet load(Split split);
}
