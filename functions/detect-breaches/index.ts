import { dynamodbClient } from '../../shared/platform/clients.ts';
import { functionMetrics } from '../../shared/platform/metrics.ts';
import { lambdaRuntime, readEnv } from '../../shared/platform/runtime.ts';
import { compose, environment } from './compose.ts';

export const handler = compose(readEnv(environment, process.env), {
  ...lambdaRuntime('detect-breaches'),
  metrics: functionMetrics('detect-breaches'),
  dynamodb: dynamodbClient,
});
