const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** A running emulator, with everything that is needed to call it. */
export interface Endpoint {
  url: string;
  account: string;
  region: string;
  /** The file with its certificate. */
  certificate: string;
}

/** Its root key, which is valid nowhere else. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/**
 * The environment of a command that calls the emulator: `base` without anything that could lead to a real account.
 * Throws if the endpoint isn't on this machine.
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

/** An environment without the variables that name an AWS account, an endpoint or a stage. */
export function withoutAws(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = (name: string): boolean => /^(AWS|CDK)_|_ENDPOINT$/.test(name);
  return Object.fromEntries(Object.entries(base).filter(([name]) => !named(name)));
}
