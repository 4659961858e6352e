import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import { RESOURCES } from '../../../shared/intake/dialects/fhir/resources.ts';
import { contextOf, translate } from '../../shared/intake/dialects/fhir/resources.ts';

/** docs/integrations/fhir.md: its example comes to what it says, and its table names every kind and status. */

const page = readFileSync('docs/integrations/fhir.md', 'utf8');
const [example = ''] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

describe('the page on FHIR', () => {
  it('shows an example and what it becomes', () => {
    const rows = translate(example, contextOf({ role: 'referring' })).flatMap((member) =>
      member.outcome === 'translated'
        ? member.facts.map(
            ({ type, time, row }) => `| ${member.position} | \`${type}\` | ${formatInstant(time)} | ${row} |`,
          )
        : [],
    );
    expect(page.split('\n').filter((line) => /^\| \d+ \|/.test(line))).toEqual(rows);
    expect(rows.length).toBeGreaterThan(4);
  });

  it('names every kind and every status of it', () => {
    const table = page.slice(page.indexOf('## What each resource becomes'), page.indexOf('## How a resource finds'));
    for (const [kind, { shape }] of Object.entries(RESOURCES)) {
      expect(table).toContain(kind);
      const unsaid = shape.status.options.filter((status) => !table.includes(`\`${status}\``));
      // What says nothing needs no row where the row says which statuses speak.
      expect({ kind, unsaid }).toEqual({ kind, unsaid: SILENT[kind] ?? [] });
    }
  });
});

const SILENT: Record<string, string[]> = {
  Task: ['requested', 'received'],
  Appointment: ['waitlist'],
  Encounter: ['planned'],
  DocumentReference: ['superseded'],
  DiagnosticReport: ['registered'],
  Communication: ['preparation', 'not-done', 'stopped'],
};
