import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toArrivals } from '../../../local/pipeline/input.ts';
import { runSession } from '../../../local/pipeline/session.ts';
import { checkSpan, type Span } from '../../../local/pipeline/span.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { at } from '../../builders/instants.ts';
import { message, organization, received } from '../../chaos/organization.ts';

const timeZone = 'America/New_York';
const TEN_YEARS = 10 * 365.25 * DAY_MS;

const arriving = (instants: readonly Instant[], until: Instant) =>
  toArrivals(
    instants.map((instant, index) => ({ body: '', arrivesAt: instant, file: 'a.csv', position: index + 1 })),
    until,
  );
function refusal(times: readonly string[], until: string, more: Partial<Span> = {}): string {
  const end = at(until);
  try {
    checkSpan({ arrivals: arriving(times.map(at), end), until: end, timeZone, ...more });
    return '';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : '';
  }
}

describe('A replay over too many years', () => {
  it('names an early line, and what takes it in', () => {
    const times = ['2026-03-02T14:00:00Z', '2015-03-02T14:00:00Z', '2026-03-03T14:00:00Z'];
    const text = refusal(times, '2026-03-04T05:00:00Z');
    expect(text).toContain(
      'InputError: a.csv line 2 of 2015-03-02 is 11 years before the next message, a.csv line 1 of 2026-03-02',
    );
    expect(text).toContain('--live-from 2026-03-02T05:00:00.000Z');
    expect(refusal(times, '2026-03-04T05:00:00Z', { liveFrom: at('2026-03-02T05:00:00Z') })).toBe('');
  });

  it('names a late line, and the --until that leaves it out', () => {
    const times = ['2026-03-02T14:00:00Z', '2026-03-03T14:00:00Z', '2099-03-03T14:00:00Z'];
    const text = refusal(times, '2099-03-04T05:00:00Z');
    expect(text).toContain('a.csv line 3 of 2099-03-03 is 73 years after the message before it, a.csv line 2');
    expect(text).toContain('--until 2026-03-04T05:00:00.000Z leaves it out');
    expect(refusal(times, '2026-03-04T05:00:00Z')).toBe('');
  });

  it('says so of its --until, and of messages that lie close to each other', () => {
    expect(refusal(['2026-03-02T14:00:00Z'], '2100-01-01T00:00:00Z')).toContain('--until is 74 years after');
    const months = Array.from({ length: 160 }, (_, month) =>
      formatInstant(at('2013-01-15T00:00:00Z') + month * 30 * DAY_MS),
    );
    const text = refusal(months, months.at(-1) ?? '');
    expect(text).toContain('spread over 13 years, from a.csv line 1 of 2013-01-15 to a.csv line 160');
    const [, liveFrom = ''] = /--live-from (\S+)/.exec(text) ?? [];
    expect(refusal(months, months.at(-1) ?? '', { liveFrom: at(liveFrom) })).toBe('');
  });

  it('is refused whatever its years, and anything shorter runs', () => {
    const anyInstant = fc.integer({ min: Date.UTC(2000), max: Date.UTC(2101) - 1 });
    fc.assert(
      fc.property(fc.array(anyInstant, { minLength: 1, maxLength: 8 }), anyInstant, (instants, until) => {
        const seen = instants.filter((instant) => instant <= until);
        const isLong = seen.length > 0 && until - Math.min(...seen) > TEN_YEARS;
        const check = () => checkSpan({ arrivals: arriving(instants, until), until, timeZone });
        if (isLong) expect(check).toThrow('10 years');
        else expect(check).not.toThrow();
      }),
    );
  });

  it('leaves arrivals at instants that no message may have to the lines beside them', () => {
    const own = [Date.UTC(1989, 0, 1), at('2026-03-02T14:00:00Z'), Date.UTC(2199, 0, 1)];
    const arrived = arriving(own, at('2026-03-03T05:00:00Z')).map(({ arrivedAt }) => arrivedAt);
    expect(new Set(arrived)).toEqual(new Set([at('2026-03-02T14:00:00Z')]));
  });
});

it('Time in which nothing arrives takes few steps a day', async () => {
  const until = at('2026-02-02T14:00:00Z');
  const { body } = message('R-1', 'referral.received', '2026-01-05T14:07:00Z', received('routine'));
  let steps = 0;
  const arrivals = toArrivals([{ body, file: 'events.ndjson', position: 1 }], until);
  const session = await runSession({ config: organization(), arrivals, until, onStep: () => (steps += 1) });
  await session.close();
  // Each day the hour of the digests, each week that of the report, and a few dues of the one referral.
  expect(steps).toBeGreaterThan(28);
  expect(steps).toBeLessThan(28 + 5 + 15);
});
