package dev.morula;

import java.util.Locale;

/**
 * Something Morula was asked to do and cannot, said in one sentence that names the thing, the value and what would be
 * right. The {@link Kind} tells a caller what to do about it.
 */
public final class MorulaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a request failed, and the exit code that the command line gives it. */
    public enum Kind {
        /** An option or argument that makes no sense. */
        USAGE(2),
        /** A file or matrix that is not what it should be. */
        INPUT(3),
        /** Memory or disk, as stated or as available, does not suffice. */
        RESOURCES(4),
        /** A device, tier or library that was asked for is not there. */
        UNAVAILABLE(5),
        /** The work was done, but a goal such as zero train error was not reached. */
        GOAL_MISSED(6),
        /** A defect of Morula itself, or of the machine. */
        INTERNAL(1);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The exit code of the command line for this kind. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    public MorulaException(Kind kind, String message) {
        this(kind, message, null);
    }

    public MorulaException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static MorulaException usage(String format, Object... arguments) {
        return new MorulaException(Kind.USAGE, String.format(Locale.ROOT, format, arguments));
    }

    public static MorulaException input(String format, Object... arguments) {
        return new MorulaException(Kind.INPUT, String.format(Locale.ROOT, format, arguments));
    }

    public static MorulaException resources(String format, Object... arguments) {
        return new MorulaException(Kind.RESOURCES, String.format(Locale.ROOT, format, arguments));
    }

    public Kind kind() {
        return kind;
    }
}
