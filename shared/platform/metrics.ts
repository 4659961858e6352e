import { Metrics as EmbeddedMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** CloudWatch metrics in the embedded metric format: names and figures only; no dimension comes from an event. */
export interface Metrics {
  count(name: string, value: number): void;
  /** If there are several values, the latest is reported. */
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
    publish: () => metrics.publishStoredMetrics(),
  };
}

export const silentMetrics: Metrics = { count: () => {}, gauge: () => {}, publish: () => {} };
