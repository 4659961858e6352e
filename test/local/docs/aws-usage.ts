import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** Services whose client is here: their operations and parameters are looked up in it. */
const CLIENTS = ['dynamodb', 'kms', 'scheduler', 'sesv2', 'sqs', 'sts'];
/** Of other services, the operations that pages use. */
const OPERATIONS: Record<string, readonly string[]> = {
  cloudformation: [
    'delete-stack',
    'describe-stack-events',
    'describe-stacks',
    'describe-type',
    'update-termination-protection',
    'wait',
  ],
  cloudtrail: ['describe-trails', 'lookup-events'],
  cloudwatch: ['describe-alarm-history', 'describe-alarms', 'get-metric-statistics', 'set-alarm-state'],
  events: ['describe-rule'],
  iam: ['create-open-id-connect-provider', 'create-role', 'put-role-policy'],
  lambda: ['get-account-settings', 'get-function-configuration', 'invoke', 'list-event-source-mappings'],
  logs: ['tail'],
  resourcegroupstaggingapi: ['get-resources'],
};
/** Options of the AWS CLI itself. */
const GLOBAL = ['output', 'profile', 'query', 'region', 'no-cli-pager', 'max-items', 'cli-input-json'];

/** What is wrong with a command of the AWS CLI, as far as the SDK knows; null if nothing. */
export function awsProblem([service = '', operation = '', ...words]: readonly string[]): string | null {
  if (!CLIENTS.includes(service)) {
    const known = OPERATIONS[service];
    if (!known) return `no known service ${service}`;
    return known.includes(operation) ? null : `no known operation ${service} ${operation}`;
  }
  if (operation === 'wait') return null;
  const name = operation.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  // [kind, namespace, name, traits, input, output], and of its input [kind, namespace, name, traits, names of members].
  const schema = require(`@aws-sdk/client-${service}`)[`${name}$`];
  if (!schema) return `${service} has no operation ${operation}`;
  const members: string[] = schema[4]()[4];
  const known = members.map((member) => member.toLowerCase());
  const options = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
  const unknown = options.filter((option) => {
    const forms = [option, option.replace(/^no-/, '')].map((form) => form.replaceAll('-', ''));
    return !GLOBAL.includes(option) && !forms.some((form) => known.includes(form));
  });
  return unknown.length > 0 ? `${service} ${operation} has no --${unknown.join(', --')}` : null;
}
