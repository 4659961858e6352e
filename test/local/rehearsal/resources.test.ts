import { describe, expect, it } from 'vitest';
import { compareProperties, matches } from '../../../local/rehearsal/resources.ts';
import { resourceTable } from '../../../local/rehearsal/table.ts';

describe('a property of a template', () => {
  it.each([
    ['a number that comes as text', 365, '365'],
    ['a reference, whatever it became', { 'Fn::GetAtt': ['Key', 'Arn'] }, 'arn:aws:kms:x'],
    ['an object with more fields', { Enabled: true }, { Enabled: true, Name: 'x' }],
    ['a list in another order', [{ Name: 'a' }, { Name: 'b' }], [{ Name: 'b' }, { Name: 'a' }]],
  ])('is met by %s', (_, expected, actual) => {
    expect(matches(expected, actual)).toBe(true);
  });

  it.each([
    ['another value', 90, 30],
    ['nothing', { Ref: 'Key' }, undefined],
    ['an object without the field', { Enabled: true }, {}],
    ['a shorter list', ['a', 'b'], ['a']],
    ['a longer list', ['sqs:SendMessage'], ['sqs:SendMessage', 'sqs:*']],
    ['a text instead of a list', ['a'], 'a'],
  ])('is not met by %s', (_, expected, actual) => {
    expect(matches(expected, actual)).toBe(false);
  });
});

describe('comparing a resource with what its service says', () => {
  const queue = {
    type: 'AWS::SQS::Queue',
    logicalId: 'Jobs',
    properties: { VisibilityTimeout: 365, KmsMasterKeyId: 'k' },
  };

  it('counts equal properties and names the others', () => {
    expect(compareProperties(queue, { VisibilityTimeout: '30', KmsMasterKeyId: 'k' })).toEqual({
      compared: 1,
      gaps: [],
      problems: ['Jobs.VisibilityTimeout: 365 in the template, found "30"'],
    });
  });

  const table = {
    type: 'AWS::DynamoDB::GlobalTable',
    logicalId: 'Referrals',
    properties: { TimeToLiveSpecification: { Enabled: true } },
  };

  it('accepts a known gap and reports it', () => {
    const { gaps, problems } = compareProperties(table, { TimeToLiveSpecification: { Enabled: false } });
    expect(problems).toEqual([]);
    expect(gaps).toEqual([expect.stringContaining('TimeToLiveSpecification: DescribeTimeToLive')]);
  });

  it('fails on a gap that no longer exists', () => {
    const { problems } = compareProperties(table, { TimeToLiveSpecification: { Enabled: true } });
    expect(problems).toEqual([expect.stringContaining('emulated after all')]);
  });
});

describe('the table by resource type', () => {
  it('has a line for each type, with sums', () => {
    const result = { inTemplate: 2, created: 2, verified: 1, properties: 12, problems: [] };
    const text = resourceTable([
      { ...result, type: 'AWS::SQS::Queue', gaps: [] },
      { ...result, type: 'AWS::SNS::Topic', gaps: ['KmsMasterKeyId: no such attribute'] },
    ]);
    expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['resource type', 'template', 'created', 'verified', 'properties'],
      ['SQS::Queue', '2', '2', '1', '12'],
      ['SNS::Topic', '2', '2', '1', '12'],
      ['', 'not emulated: KmsMasterKeyId'],
      ['2 types', '4', '4', '2', '24'],
    ]);
  });
});
