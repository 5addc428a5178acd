package dev.morula.data;

import dev.morula.MorulaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code PATH[:TENSOR]}: an .npy file, or a tensor of a .safetensors file.
 *
 * @param file the file
 * @param tensor the tensor's name, if one was given
 */
public record TensorPath(Path file, Optional<String> tensor) {

    /**
     * Splits {@code text} at a colon such that what stands before it is a file. A path may contain colons itself: the
     * longest file that exists wins; without any, the last colon after {@code .safetensors} counts.
     */
    public static TensorPath parse(String text) {
        Path whole = Path.of(text);
        for (int end = text.length(); end > 0; end = text.lastIndexOf(':', end - 1)) {
            Path file = Path.of(text.substring(0, end));
            if (Files.isRegularFile(file)) {
                return of(file, text.substring(end));
            }
        }
        int end = text.lastIndexOf(".safetensors:");
        return end < 0
                ? new TensorPath(whole, Optional.empty())
                : of(
                        Path.of(text.substring(0, end + ".safetensors".length())),
                        text.substring(end + ".safetensors".length()));
    }

    private static TensorPath of(Path file, String colonAndTensor) {
        return new TensorPath(
                file, colonAndTensor.isEmpty() ? Optional.empty() : Optional.of(colonAndTensor.substring(1)));
    }

    /**
     * The array. A .safetensors file with exactly one floating 2-D tensor needs no name.
     *
     * @throws MorulaException of kind INPUT if there is none, or no single one
     */
    public StoredArray open() {
        if (file.toString().endsWith(".safetensors")) {
            SafetensorsFile tensors = SafetensorsFile.open(file);
            return tensors.tensor(tensor.orElseGet(() -> onlyMatrix(tensors)));
        } else if (tensor.isPresent()) {
            throw MorulaException.input(
                    "%s: only tensors of a .safetensors file have names, so \":%s\" has no meaning here",
                    file, tensor.get());
        }
        return Npy.open(file);
    }

    private String onlyMatrix(SafetensorsFile tensors) {
        Map<String, ?> matrices = tensors.matrices();
        if (matrices.size() == 1) {
            return matrices.keySet().iterator().next();
        } else if (matrices.isEmpty()) {
            throw MorulaException.input("%s: has no 2-D tensor of F16, BF16, F32 or F64", file);
        }
        String choices = matrices.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        throw MorulaException.input(
                "%s: has %d matrices; name one of them, as in %s:NAME: %s", file, matrices.size(), file, choices);
    }
}
