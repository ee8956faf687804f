package dev.crema.backend;

/**
 * What a backend holds now.
 *
 * @param liveBuffers buffers allocated and not yet released
 * @param liveBytes bytes in those
 * @param peakBytes the most that {@code liveBytes} has been
 * @param pooledBytes bytes kept for reuse, in no live buffer
 */
public record MemoryStats(long liveBuffers, long liveBytes, long peakBytes, long pooledBytes) {}
