const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** An emulator that is up, and all that is needed to speak to it. */
export interface Endpoint {
  url: string;
  account: string;
  region: string;
  /** File with the certificate that it shows. */
  certificate: string;
}

/** Its root key: known to nobody but the emulator. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/**
 * The environment of a command that is to speak to the emulator: nothing of `base` that could lead to a real account.
 * Throws where the endpoint isn't on this machine.
 */
export function environmentFor({ url, region, certificate }: Endpoint, base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!LOOPBACK.includes(new URL(url).hostname)) {
    throw new Error(`${url} is not on this machine: a rehearsal never touches a real account`);
  }
  return {
    ...withoutAws(base),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CA_BUNDLE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
    NO_PROXY: LOOPBACK.join(','),
    no_proxy: LOOPBACK.join(','),
  };
}

/** An environment without whatever names an AWS account, an endpoint, or a stage. */
export function withoutAws(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = (name: string): boolean => /^(AWS|CDK)_|_ENDPOINT$/.test(name);
  return Object.fromEntries(Object.entries(base).filter(([name]) => !named(name)));
}
