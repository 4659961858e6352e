import type { Context } from 'aws-lambda';

let invocations = 0;

/** A minimal Lambda context. Its remaining time is real time, even if the run is in simulated time. */
export function lambdaContext(functionName: string, timeoutSeconds: number): Context {
  const deadline = performance.now() + timeoutSeconds * 1000;
  const unused = () => {
    throw new Error('callbacks of the Lambda context are not supported on Node 24');
  };
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '1024',
    awsRequestId: `local-${++invocations}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
