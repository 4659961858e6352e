import type { Instant } from '../contracts/instant.ts';
import type { TimeSource } from './time-source.ts';

/**
 * Loads a value once and keeps it for a while. A load that fails is not kept.
 * @param keptMs how old the value may be
 */
export function cached<T>(load: () => Promise<T>, keptMs: number, time: TimeSource): () => Promise<T> {
  let kept: { value: Promise<T>; loadedAt: Instant } | null = null;
  return () => {
    const now = time.now();
    if (kept !== null && Math.abs(now - kept.loadedAt) < keptMs) return kept.value;
    const loading = { value: load(), loadedAt: now };
    kept = loading;
    loading.value.catch(() => {
      if (kept === loading) kept = null;
    });
    return loading.value;
  };
}
