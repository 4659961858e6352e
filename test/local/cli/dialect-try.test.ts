import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { organization } from '../../chaos/organization.ts';
import { loopwatch } from './loopwatch.ts';
import { NOTE } from './note-message.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopwatch-try-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('loopwatch dialect try', () => {
  it('shows what each member becomes, in 80 columns', async () => {
    const long = 'a-document-4711';
    const bundle = {
      ...{ resourceType: 'Bundle', type: 'collection', timestamp: '2026-03-02T14:00:00Z' },
      entry: [
        {
          resource: {
            ...{ resourceType: 'ServiceRequest', id: 'sr-1', status: 'active', intent: 'order', priority: 'urgent' },
            ...{ authoredOn: '2026-03-02T14:00:00Z', subject: { reference: 'Patient/p' } },
            code: { coding: [{ system: 'http://example.org/a-long-system-of-codes', code: 'CARDIOLOGY-CONSULT' }] },
          },
        },
        { resource: { resourceType: 'Appointment', id: 'a', status: 'inactive' } },
        { resource: { resourceType: 'Patient', id: 'p' } },
      ],
    };
    const files = [
      write('bundle.json', JSON.stringify(bundle)),
      write('visits.hl7', NOTE.replace('DOC1', long).replace('|REF-1|', '||')),
    ];
    const { policy, directory } = organization();
    for (const [name, part] of Object.entries({ policy, directory })) write(`${name}.json`, JSON.stringify(part));
    const { code, stdout, stderr } = await loopwatch(['dialect', 'try', ...files, '--config', folder]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 translated, 1 passed over, 1 refused, 1 unmatched, 0 crashed');
    expect(stdout).toContain("referral   sr-1, by the referral's own id");
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });
});
