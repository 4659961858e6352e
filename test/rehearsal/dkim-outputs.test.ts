import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDkimOutputs } from '../../local/rehearsal/dkim-outputs.ts';

let assembly: string;
const RESOURCES = { Identity: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'example.org' } } };

beforeAll(() => {
  assembly = mkdtempSync(join(tmpdir(), 'assembly-'));
});

afterAll(() => rmSync(assembly, { recursive: true }));

describe('the outputs with DKIM records', () => {
  it('are taken from the templates, and nothing else is', () => {
    const record = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Identity', 'DkimDNSTokenName1'] }, ' CNAME x']] };
    const Outputs = { Dkim1: { Value: record }, QueueUrl: { Value: { Ref: 'Queue' } } };
    const state = join(assembly, 'state.template.json');
    writeFileSync(state, JSON.stringify({ Resources: RESOURCES, Outputs }));
    const service = JSON.stringify({ Resources: {} });
    writeFileSync(join(assembly, 'service.template.json'), service);

    expect(dropDkimOutputs(assembly)).toEqual(['Dkim1']);
    expect(JSON.parse(readFileSync(state, 'utf8'))).toEqual({
      Resources: RESOURCES,
      Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
    });
    expect(readFileSync(join(assembly, 'service.template.json'), 'utf8')).toBe(service);
    expect(dropDkimOutputs(assembly)).toEqual([]);
  });
});
