const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];
const REGION = 'us-east-1';

/**
 * The configuration of an AWS SDK client for a stand-in at `endpoint`. Any region and credentials will do. Requests
 * take most of the time of a run, so they are neither signed nor logged: no stand-in checks a signature.
 */
export function clientConfig(endpoint: string) {
  if (!isStandIn(endpoint)) return { endpoint };
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    signer: UNSIGNED,
    logger: QUIET,
  };
}

/** Whether an endpoint is on this machine: anything else is AWS, or leads there. */
export const isStandIn = (endpoint: string): boolean => LOCAL.includes(new URL(endpoint).hostname);

/** The header that the stand-ins expect, with a signature that is not valid. */
const UNSIGNED = {
  async sign<Request extends { headers: Record<string, string> }>(request: Request): Promise<Request> {
    const date = '20200101';
    Object.assign(request.headers, {
      'x-amz-date': `${date}T000000Z`,
      authorization: `AWS4-HMAC-SHA256 Credential=local/${date}/${REGION}/any/aws4_request, SignedHeaders=host, Signature=0`,
    });
    return request;
  },
};

/** Has no `info`, for which the SDK would copy the input and output of every request. */
export const QUIET = { debug: () => {}, warn: () => {}, error: () => {} } as unknown as Console;
