/** What an AWS SDK client needs to speak to `endpoint`: on this machine any region and credentials will do. */
export function clientConfig(endpoint: string) {
  const { hostname } = new URL(endpoint);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return { endpoint };
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
