import { Metrics as EmbeddedMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/**
 * CloudWatch metrics in the embedded metric format: names and figures only; no dimension comes from an event. CloudWatch
 * bills a metric for each hour in which it has data, so what is watched for trouble is counted only if there is some.
 */
export interface Metrics {
  count(name: string, value: number): void;
  /** A duration in milliseconds. If there are several values, the latest is reported. */
  gauge(name: string, value: number): void;
  /** Writes out what was collected; called once at the end of an invocation. */
  publish(): void;
}

/** Metrics of a function on Lambda. Its deployed name has the stage in it: an account can hold several. */
export function functionMetrics(functionName: string): Metrics {
  const serviceName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? functionName;
  const metrics = new EmbeddedMetrics({ namespace: 'Loopwatch', serviceName });
  return {
    count: (name, value) => metrics.addMetric(name, MetricUnit.Count, value),
    gauge: (name, value) => metrics.addMetric(name, MetricUnit.Milliseconds, value),
    publish: () => {
      // It warns if there is nothing to publish.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

export const silentMetrics: Metrics = { count: () => {}, gauge: () => {}, publish: () => {} };
