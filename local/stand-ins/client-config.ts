const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];
const REGION = 'us-east-1';

/**
 * What an AWS SDK client needs to speak to `endpoint`. On this machine any region and credentials will do, nobody
 * checks a signature, and nobody reads the SDK's own log, so none are made: a run is mostly the cost of its requests.
 */
export function clientConfig(endpoint: string) {
  if (!LOCAL.includes(new URL(endpoint).hostname)) return { endpoint };
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    signer: UNSIGNED,
    logger: QUIET,
  };
}

/** Says who calls, which the stand-ins ask for, with a signature that fits nothing. */
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

/** Without `info`: what the SDK would log of every request is a filtered copy of its input and output. */
const QUIET = { debug: () => {}, warn: () => {}, error: () => {} } as unknown as Console;
