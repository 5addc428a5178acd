package dev.morula.kernel;

/** The element types of a {@link Matrix}; the codes are those of {@code morula.h}. */
public enum ElementType {
    F16(0, 2),
    BF16(1, 2),
    F32(2, 4),
    F64(3, 8),
    I32(4, 4),
    I64(5, 8);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    int code() {
        return code;
    }

    /** Bytes an element takes. */
    public int bytes() {
        return bytes;
    }

    /** Whether activations may have this type. */
    public boolean isFloating() {
        return this != I32 && this != I64;
    }
}
