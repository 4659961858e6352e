import { describe, expect, it } from 'vitest';
import { arithmeticLines } from '../../../local/explain/arithmetic-text.ts';
import { explain } from '../../../local/explain/explanation.ts';
import { SiteTime } from '../../../local/explain/times.ts';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import type { Hours } from '../../../shared/contracts/config.ts';
import { sampleDirectory } from '../../builders/config.ts';
import { accepted, receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';

/** How the due of a stat referral's first attempt, 4 business hours, is explained at a site with these hours. */
function explained(hours: Hours, receivedAt: string): string[] {
  const directory = sampleDirectory();
  const sites = directory.sites.map((site) => (site.id === 'north' ? { ...site, timeZone: 'UTC', hours } : site));
  const event = accepted(sent('referral.received', receivedAt, receivedData({ priority: 'stat' })));
  const { clocks, pauses } = explain({
    referralId: 'R-1',
    log: [{ event, arrivedAt: at(receivedAt) }],
    alerts: [],
    mails: [],
    config: { policy: defaultPolicy(), directory: { ...directory, sites } },
    now: at(receivedAt),
  });
  const clock = clocks.find(({ kind }) => kind === 'first_attempt');
  if (!clock) throw new Error('the default pack has that clock');
  return arithmeticLines(clock, pauses, new SiteTime('UTC'))
    .filter(([label]) => label === 'time' || label === '')
    .map(([, text]) => text ?? '');
}

// 2 March 2026 is a Monday.
describe('the arithmetic of business hours', () => {
  it('shows each span of a day, and what lies between them', () => {
    const hours: Hours = {
      mon: [
        ['08:00', '12:00'],
        ['13:00', '17:00'],
      ],
      tue: [['08:00', '12:00']],
    };
    expect(explained(hours, '03-02 10:30')).toEqual([
      'Mon 2 Mar 10:30-12:00  1 h 30 min counted',
      'Mon 2 Mar 12:00-13:00  closed',
      'Mon 2 Mar 13:00-15:30  2 h 30 min counted',
    ]);
  });

  it('shows the end of a day as 24:00', () => {
    const hours: Hours = { mon: [['22:00', '24:00']], tue: [['00:00', '06:00']] };
    expect(explained(hours, '03-02 21:00')).toEqual([
      'Mon 2 Mar 22:00-24:00  2 h counted',
      'Tue 3 Mar 00:00-02:00  2 h counted',
    ]);
  });
});
