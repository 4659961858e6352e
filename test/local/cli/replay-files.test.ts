import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '../../../local/cli/replay.ts';
import { organization } from '../../chaos/organization.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

/** Replays a folder of files. */
async function replayed(files: Record<string, string>) {
  const [config, inside, out] = ['config-', 'files-', 'out-'].map((name) => mkdtempSync(join(folder, name)));
  const dialects = { defaults: { timeZone: 'UTC', role: 'referring' }, senders: [] };
  for (const [name, part] of Object.entries({ ...organization(), dialects }))
    writeFileSync(join(String(config), `${name}.json`), JSON.stringify(part));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(String(inside), name, '..'), { recursive: true });
    writeFileSync(join(String(inside), name), text);
  }
  const summary = await replay({ paths: [String(inside)], config: String(config), out: String(out) });
  return { summary, written: (name: string) => readFileSync(join(String(out), name), 'utf8') };
}

const order = (id: string, intent = 'order'): string =>
  JSON.stringify({
    ...{ resourceType: 'ServiceRequest', id, status: 'active', intent, authoredOn: '2026-03-02T14:00:00Z' },
  });
const message = (kind: string, ...segments: string[]): string =>
  [`MSH|^~\\&|EPIC|HARBOR|||20260303090000-0600||${kind}|M1|P|2.5.1`, ...segments].join('\r');
const PDF = 'JVBERi0xLjQ'.repeat(250_000);

describe('A replay of files', () => {
  it('counts what it passed over, did not read, and could not tie, and takes a note with its document', async () => {
    const test = message('REF^I12', 'RF1||||||T-1').replace('|P|', '|T|');
    const { summary, written } = await replayed({
      'a.hl7': [
        message('REF^I12', 'RF1||||||R-1'),
        message('MDM^T02', 'TXA|1|CN|||20260303090000|||||||DOC1|||||AU', 'ORC|RE|R-1', `OBX|1|ED|PDF||^^PDF^^${PDF}`),
        ...[test, test, message('ADT^A08', 'PV1|1')],
        // One has no number of a referral, the other one that nothing names.
        ...[message('REF^I12', 'RF1|A'), message('SIU^S12', 'SCH|A-1', 'TQ1|||||||20260310090000')],
      ].join('\r'),
      'b.ndjson': `${order('o')}\n${order('p', 'plan')}\n`,
      ...{ 'c.dat': 'x', 'day/d.json': order('q'), 'e.json': '' },
    });
    expect(summary.passedOver).toEqual([
      { kind: 'REF^I12', why: 'MSH-11 T, without "test": true', n: 2 },
      { kind: 'ADT^A08', why: 'kind of message', n: 1 },
      { kind: 'ServiceRequest', why: 'intent plan, not in intents', n: 1 },
    ]);
    expect(summary.notRead).toEqual({ '.dat': 1, folder: 1, empty: 1 });
    expect(summary).toMatchObject({ refusedByReason: { unmatched: 2 }, waiting: 1 });
    expect(written('referrals.ndjson')).toMatch(/"R-1","stage":"loop_closed"/);
    expect(JSON.parse(written('summary.json'))).not.toHaveProperty('passedOver');
  });
});
