import type { MiddlewareObj } from '@middy/core';
import type { Metrics } from './metrics.ts';

/** Writes an invocation's metrics out once, whether it succeeded or failed. */
export function publishMetrics(metrics: Metrics): MiddlewareObj {
  const publish = (): void => metrics.publish();
  return { after: publish, onError: publish };
}
