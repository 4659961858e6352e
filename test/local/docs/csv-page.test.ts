import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import { translateCsv } from '../../../shared/intake/dialects/csv/translate-csv.ts';
import { at } from '../../builders/instants.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/integrations/csv.md'), 'utf8');
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}[^\n]*\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';

it('the worked example of CSV gives the events that its page says', () => {
  const members = translateCsv(block('csv'), {
    dialects: dialectsSchema.parse(JSON.parse(block('json'))),
    timeZone: 'UTC',
    origin: {
      ...{ dialect: 'csv', sender: 'referrals', file: 'referrals_20260303_2300.csv', position: 1 },
      ...{ exportedAt: null, arrivedAt: at('2026-03-04T06:00:00Z') },
    },
  });
  const facts = members.flatMap((member) => (member.outcome === 'translated' ? member.facts : []));
  expect(facts.map(({ type, time, data }) => [type, formatInstant(time).slice(0, 16), data])).toEqual([
    [
      'referral.received',
      '2026-02-23T16:15',
      {
        ...{ priority: 'urgent', specialty: 'cardiology', site: 'main', patient: { id: 'M-1' } },
        practice: { id: 'practice-01', name: 'First Example Practice' },
      },
    ],
    ['appointment.scheduled', '2026-02-25T15:00', { appointmentId: 'R-1', startsAt: '2026-03-03T20:30:00.000Z' }],
    ['appointment.no_show', '2026-03-03T20:30', { appointmentId: 'R-1' }],
    ['referral.received', '2026-02-24T14:00', expect.objectContaining({ priority: 'routine', patient: { id: 'M-2' } })],
    ['referral.closed', '2026-03-04T05:00', { reason: 'unreachable' }],
  ]);
});
