import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();

/** What a function may do to tables and mail, as `actions on resource`. */
function rights(name: string): string[] {
  const relevant = templates.rightsOf(name).filter(({ actions }) => /^(dynamodb|ses):/.test(actions[0] ?? ''));
  const short = ({ actions }: { actions: string[] }) =>
    actions
      .map((action) => action.split(':')[1])
      .sort()
      .join(' ');
  return relevant.flatMap((each) => each.resources.map((resource) => `${short(each)} on ${resource}`)).sort();
}

describe('rights', () => {
  it.each([
    ['ingest-events', ['GetItem PutItem Query UpdateItem on Referrals', 'GetItem PutItem UpdateItem on Operations']],
    [
      'detect-breaches',
      [
        'GetItem PutItem Query UpdateItem on Referrals',
        'GetItem PutItem UpdateItem on Operations',
        'Query on Referrals/index/due',
      ],
    ],
    [
      'plan-mail',
      [
        'GetItem PutItem Query UpdateItem on Operations',
        'Query UpdateItem on Referrals',
        'Query on Referrals/index/due',
      ],
    ],
    [
      'send-mail',
      [
        'BatchGetItem GetItem Query UpdateItem on Referrals',
        'GetItem PutItem Query UpdateItem on Operations',
        'Query on Referrals/index/coordinator',
        'Query on Referrals/index/liaison',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a parameter of CloudFormation
        'SendRawEmail on arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/MailConfigurationSet',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a parameter of CloudFormation
        'SendRawEmail on arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/example.org',
      ],
    ],
    ['record-delivery', ['GetItem PutItem UpdateItem on Operations']],
  ])('%s may do just this', (name, expected) => {
    expect(rights(name)).toEqual(expected);
  });

  it('lets plan-mail send to mail-jobs, scheduled runs to their dead letters, and nobody else to any queue', () => {
    const senders = ['ingest-events', 'detect-breaches', 'plan-mail', 'send-mail', 'record-delivery'].flatMap((name) =>
      templates
        .rightsOf(name)
        .filter(({ actions }) => actions.includes('sqs:SendMessage'))
        .flatMap(({ resources }) => resources.map((resource) => `${name} to ${resource}`)),
    );
    expect(senders.sort()).toEqual([
      'detect-breaches to SchedulerDeadLetters',
      'plan-mail to MailJobsQueue',
      'plan-mail to SchedulerDeadLetters',
    ]);
  });

  it('lets nobody scan a table or delete from it', () => {
    const actions = templates.statements().flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /scan|delete(item|table)|partiql|batchwrite/i.test(action))).toEqual([]);
  });

  it('names every action and every resource', () => {
    const named = templates.statements().flatMap(({ actions, resources }) => [...actions, ...resources]);
    expect(named.filter((name) => name.includes('*'))).toEqual([]);
  });

  it('attaches no managed policy to any role', () => {
    const roles = templates.ofType('AWS::IAM::Role');
    expect(roles.filter(({ properties }) => properties.ManagedPolicyArns)).toEqual([]);
  });

  it('gives every function a role of its own', () => {
    const roles = templates.ofType('AWS::Lambda::Function').map(({ properties }) => properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(5);
  });
});
