package dev.morula.kernel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The thread budget of one engine: a fixed number of workers, passed in wherever work is split. Two engines in one JVM
 * have a budget each.
 */
public final class Workers implements AutoCloseable {
    /** Work on one part; {@code worker} is below {@link Workers#count()} and no two running parts share it. */
    @FunctionalInterface
    public interface Part {
        void run(long part, int worker) throws Exception;
    }

    /** Waking a sleeping thread takes 20 to 50 us; a training step hands work over every millisecond or so. */
    private static final long SPIN_NANOS = 50_000;

    private final int count;
    private final ExecutorService others;

    /** {@code count} threads in all, the caller of {@link #forEach} among them. */
    public Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a thread budget is at least 1, not " + count);
        }
        this.count = count;
        this.others = count == 1
                ? null
                : new ThreadPoolExecutor(count - 1, count - 1, 0, TimeUnit.SECONDS, new SpinningQueue(), runnable -> {
                    Thread thread = new Thread(runnable, "morula-worker");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** One worker a processor. */
    public static Workers all() {
        return new Workers(Runtime.getRuntime().availableProcessors());
    }

    public int count() {
        return count;
    }

    /**
     * Runs parts 0 to {@code parts - 1}, each once, and returns when all are done. Parts are handed out in order to
     * whichever worker is free. The first failure stops the handing out and is thrown.
     */
    public void forEach(long parts, Part work) {
        AtomicLong next = new AtomicLong();
        int helpers = (int) Math.min(count - 1, parts - 1);
        Future<?>[] running = new Future<?>[Math.max(helpers, 0)];
        for (int helper = 0; helper < running.length; helper++) {
            int worker = helper + 1;
            running[helper] = others.submit(() -> drain(next, parts, worker, work));
        }
        Throwable failure = null;
        try {
            drain(next, parts, 0, work);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (Future<?> helper : running) {
            failure = join(helper, failure);
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private static void drain(AtomicLong next, long parts, int worker, Part work) {
        try {
            for (long part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                work.run(part, worker);
            }
        } catch (RuntimeException | Error e) {
            next.set(parts);
            throw e;
        } catch (Exception e) {
            next.set(parts);
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Hands over work within a microsecond to a worker that has been idle for less than {@link #SPIN_NANOS}. */
    private static final class SpinningQueue extends LinkedBlockingQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public Runnable take() throws InterruptedException {
            spinUntil(() -> !isEmpty());
            return super.take();
        }
    }

    private static void spinUntil(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < SPIN_NANOS) {
            Thread.onSpinWait();
        }
    }

    /** Waits for {@code helper}, since it uses the caller's memory; an interrupt is kept for afterwards. */
    private static Throwable join(Future<?> helper, Throwable earlier) {
        spinUntil(helper::isDone);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    helper.get();
                    return earlier;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return earlier == null ? e.getCause() : earlier;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (others != null) {
            others.shutdown();
        }
    }
}
