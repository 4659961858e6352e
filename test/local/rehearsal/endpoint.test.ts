import { describe, expect, it } from 'vitest';
import { type Endpoint, environmentFor } from '../../../local/rehearsal/endpoint.ts';

const endpoint: Endpoint = {
  url: 'https://127.0.0.1:4566',
  account: '000000000000',
  region: 'eu-west-1',
  certificate: '/tmp/server.crt',
};

describe("the environment of a rehearsal's commands", () => {
  it.each(['https://dynamodb.eu-west-1.amazonaws.com', 'https://10.0.0.1:4566', 'https://127.0.0.1.example.org'])(
    'is refused for %s, which is not on this machine',
    (url) => {
      expect(() => environmentFor({ ...endpoint, url }, {})).toThrow('never touches a real account');
    },
  );

  it("has none of the user's settings that lead to an account", () => {
    const base = {
      PATH: '/bin',
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'secret',
      AWS_ENDPOINT_URL_DYNAMODB: 'https://dynamodb.eu-west-1.amazonaws.com',
      CDK_DEFAULT_ACCOUNT: '111122223333',
      DYNAMODB_ENDPOINT: 'https://dynamodb.eu-west-1.amazonaws.com',
      HTTPS_PROXY: 'http://proxy.example.org',
    };
    const environment = environmentFor(endpoint, base);
    expect(environment).toMatchObject({
      PATH: '/bin',
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      NO_PROXY: expect.stringContaining('127.0.0.1'),
    });
    const { PATH: _, HTTPS_PROXY: __, ...theirs } = base;
    for (const name of Object.keys(theirs)) expect(environment).not.toHaveProperty(name);
  });
});
