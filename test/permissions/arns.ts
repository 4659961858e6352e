import type { Template } from '../../infra/templates.ts';
import type { Call } from '../../local/cost/recorder.ts';
import { type Identity, Intrinsics } from '../../local/stand-ins/intrinsics.ts';
import { TABLE_TYPE } from '../../local/stand-ins/tables.ts';
import type { Right } from './policy.ts';

/** Names as AWS would give them, of what the templates make and of what a call is about: both sides of a right. */

const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const tableArn = (name: string): string => arn('dynamodb', `table/${name}`);
const queueArn = (name: string): string => arn('sqs', name);

/** A template's intrinsics, with the names of an account in which everything is deployed. */
export function deployedNames(templates: Template[]): Intrinsics {
  const intrinsics = new Intrinsics(templates);
  for (const [logicalId, resource] of templates.flatMap(({ Resources }) => Object.entries(Resources))) {
    intrinsics.define(logicalId, identity(logicalId, resource));
  }
  return intrinsics;
}

function identity(logicalId: string, { Type, Properties = {} }: Template['Resources'][string]): Identity {
  const name = (property: string): string => String(Properties[property] ?? logicalId);
  switch (Type) {
    case TABLE_TYPE:
      return { ref: name('TableName'), attributes: { Arn: tableArn(name('TableName')) } };
    case 'AWS::SQS::Queue':
      return { ref: `https://sqs/${name('QueueName')}`, attributes: { Arn: queueArn(name('QueueName')) } };
    case 'AWS::Logs::LogGroup':
      return { ref: name('LogGroupName'), attributes: { Arn: arn('logs', `log-group:${name('LogGroupName')}:*`) } };
    case 'AWS::SES::ConfigurationSet':
      return { ref: name('Name') };
    default: {
      const service = Type.split('::')[1]?.toLowerCase() ?? '';
      return { ref: logicalId, attributes: { Arn: arn(service, logicalId) } };
    }
  }
}

/** Where IAM's name is not the API's: batches need the right of the single call. */
const IAM_ACTIONS: Record<string, string> = { 'sqs:SendMessageBatch': 'sqs:SendMessage' };

/** Actions for which IAM knows no resource. */
const ON_ACCOUNT = ['ses:GetSendQuota'];

/**
 * The rights that a recorded call needs.
 * @param verified the SES identity, a domain or an address, that mail is sent from
 */
export function rightsNeeded({ service, action, resources, leadingKeys }: Call, verified: string): Right[] {
  const called = `${service}:${action}`;
  if (ON_ACCOUNT.includes(called)) return [{ action: called, resource: '*' }];
  if (resources.length === 0) throw new Error(`${called}: the recorder doesn't know what it was about`);
  const from = resources.find((resource) => service === 'ses' && resource.startsWith('identity/'));
  return resources.map((resource) => ({
    action: IAM_ACTIONS[called] ?? called,
    resource: resourceArn(service, resource, verified),
    context: {
      ...(from && { 'ses:FromAddress': from.slice('identity/'.length) }),
      ...(leadingKeys && { 'dynamodb:LeadingKeys': leadingKeys }),
    },
  }));
}

function resourceArn(service: string, resource: string, verified: string): string {
  switch (service) {
    case 'dynamodb': {
      const [table = '', index] = resource.split('/');
      return index === undefined ? tableArn(table) : `${tableArn(table)}/index/${index}`;
    }
    case 'sqs':
      return queueArn(resource.slice(resource.lastIndexOf('/') + 1));
    case 'ses': {
      // SES asks for the right on what was verified: a domain stands for its addresses.
      const [kind, name = ''] = resource.split('/');
      const isOfDomain = kind === 'identity' && name.endsWith(`@${verified}`);
      return arn('ses', isOfDomain ? `identity/${verified}` : resource);
    }
    default:
      throw new Error(`${service}: no function of ours calls it yet; say here how IAM names its resources`);
  }
}
