package dev.morula.kernel;

/**
 * The copy of a block of host memory on a GPU. Whichever of the two was written last is current, and the other follows
 * when somebody wants it: stages hand matrices from kernel to kernel without knowing where they are.
 */
final class DeviceCopy {
    private final CudaContext context;
    private final long host;
    private final long bytes;
    private long device; // 0 while there is none
    private boolean hostCurrent = true;
    private boolean deviceCurrent;
    private int pins;

    /** Of {@code bytes} at {@code host}. */
    DeviceCopy(CudaContext context, long host, long bytes) {
        this.context = context;
        this.host = host;
        this.bytes = bytes;
    }

    boolean isOf(CudaContext other) {
        return context == other;
    }

    /** The address on the device for work that uses it so, until {@link #unpin}. */
    long pin(Access access) {
        synchronized (context) {
            pins++; // first: nobody may evict it meanwhile, and unpin() follows even a failure
            if (device == 0) {
                device = context.allocate(this, bytes);
            }
            context.touch(this);
            if (!deviceCurrent && access != Access.OVERWRITE) {
                CudaContext.check(MorulaCudaLibrary.morula_cuda_upload(context.address(), device, host, bytes));
            }
            deviceCurrent = true;
            if (access != Access.READ) {
                hostCurrent = false;
            }
            return device;
        }
    }

    /** Ends what {@link #pin} began; another thread may have brought home what this one had not yet written. */
    void unpin(Access access) {
        synchronized (context) {
            pins--;
            if (access != Access.READ && deviceCurrent) { // else pinning failed
                hostCurrent = false;
            }
        }
    }

    /** Makes the host's side fit for such a use. */
    void bringHome(Access access) {
        synchronized (context) {
            if (!hostCurrent) {
                CudaContext.check(MorulaCudaLibrary.morula_cuda_download(context.address(), host, device, bytes));
                hostCurrent = true;
            }
            if (access != Access.READ) {
                deviceCurrent = false;
            }
        }
    }

    /** Leaves the host's side alone current and frees the device's, unless somebody is using that. */
    boolean evict() {
        synchronized (context) {
            if (pins > 0) {
                return false;
            }
            bringHome(Access.READ);
            discard();
            return true;
        }
    }

    /** Frees the device's side, whatever is in it. */
    void discard() {
        synchronized (context) {
            if (device != 0 && !context.isClosed()) {
                context.free(this, device, bytes);
            }
            device = 0;
            deviceCurrent = false;
        }
    }
}
