import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfDay, type SaidArrival, saidArrivals, toArrivals } from '../../../local/pipeline/input.ts';
import { InputError } from '../../../local/pipeline/input-error.ts';
import { runSession } from '../../../local/pipeline/session.ts';
import { planSpan } from '../../../local/pipeline/span.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { at } from '../../builders/instants.ts';
import { message, organization, received } from '../../chaos/organization.ts';

const timeZone = 'America/New_York';
const TEN_YEARS = 10 * 365.25 * DAY_MS;

const arriving = (instants: readonly Instant[]): SaidArrival[] =>
  instants.map((instant, index) => ({ at: instant, file: 'a.csv', position: index + 1, unit: 'line' }));
function planned(times: readonly string[], { until, liveFrom }: { until?: string; liveFrom?: string } = {}) {
  const asked = { until: until && at(until), liveFrom: liveFrom && at(liveFrom) };
  const span = planSpan(arriving(times.map(at)), {
    ...(asked.until && { until: asked.until }),
    ...(asked.liveFrom && { liveFrom: asked.liveFrom }),
    timeZone,
  });
  return span && { ...span, until: formatInstant(span.until), liveFrom: formatOptionalInstant(span.liveFrom) };
}

describe('A replay over too many years', () => {
  const EARLY = ['2026-03-02T14:00:00Z', '2015-03-02T14:00:00Z', '2026-03-03T14:00:00Z'];
  const LATE = ['2026-03-02T14:00:00Z', '2026-03-03T14:00:00Z', '2099-03-03T14:00:00Z'];

  it('takes an early line in as history, and names it', () => {
    const { notes, ...span } = planned(EARLY) ?? expect.unreachable();
    expect(span).toEqual({ until: '2026-03-04T05:00:00.000Z', liveFrom: '2026-03-02T05:00:00.000Z' });
    expect(notes).toEqual([
      expect.stringMatching(/^1 message before 2026-03-02T05.*the first is a.csv line 2 of 2015-03-02/),
    ]);
  });

  it('leaves out a late line, and names it; not if --until says otherwise', () => {
    const { notes, ...span } = planned(LATE) ?? expect.unreachable();
    expect(span).toEqual({ until: '2026-03-04T05:00:00.000Z', liveFrom: null });
    expect(notes).toEqual([expect.stringMatching(/^1 message from a.csv line 3 of 2099-03-03 on left out/)]);
    expect(planned(LATE, { until: '2099-03-04T05:00:00Z' })).toMatchObject({
      until: '2099-03-04T05:00:00.000Z',
      liveFrom: '2099-03-03T05:00:00.000Z',
    });
    expect(planned(LATE, { until: '2026-03-03T00:00:00Z' })).toMatchObject({ liveFrom: null, notes: [] });
  });

  it('has nothing to say of what was asked for', () => {
    const asked = { until: '2026-03-04T05:00:00Z', liveFrom: '2026-03-02T05:00:00Z' };
    expect(planned(EARLY, asked)?.notes).toEqual([]);
  });

  it('takes the last ten years of messages that lie close to each other', () => {
    const months = Array.from({ length: 160 }, (_, month) =>
      formatInstant(at('2013-01-15T00:00:00Z') + month * 30 * DAY_MS),
    );
    const { until, liveFrom } = planned(months) ?? expect.unreachable();
    expect(at(until) - at(liveFrom ?? '')).toBeLessThanOrEqual(TEN_YEARS);
    expect(at(until) - at(liveFrom ?? '')).toBeGreaterThan(TEN_YEARS - 2 * DAY_MS);
  });

  it('refuses an --until years after everything', () => {
    expect(() => planned(['2026-03-02T14:00:00Z'], { until: '2100-01-01T00:00:00Z' })).toThrow(
      new InputError(
        '--until is 74 years after the last message, a.csv line 1 of 2026-03-02. A replay runs through 10 years at most.',
      ),
    );
  });

  it('runs through ten years at most, whatever the instants, and leaves out nothing of fewer', () => {
    const anyInstant = fc.integer({ min: Date.UTC(2000), max: Date.UTC(2101) - 1 });
    fc.assert(
      fc.property(fc.array(anyInstant, { minLength: 1, maxLength: 8 }), (instants) => {
        const span = planSpan(arriving(instants), { timeZone }) ?? expect.unreachable();
        const live = instants.filter((instant) => instant <= span.until && instant >= (span.liveFrom ?? instant));
        expect(live.length).toBeGreaterThan(0);
        expect(span.until - Math.min(...live)).toBeLessThanOrEqual(TEN_YEARS);
        const whole = endOfDay(Math.max(...instants), timeZone);
        const isShort = whole - Math.min(...instants) <= TEN_YEARS;
        if (isShort) expect(span).toEqual({ until: whole, liveFrom: null, notes: [] });
        else expect(span.notes.length).toBeGreaterThan(0);
      }),
    );
  });

  it('leaves arrivals at instants that no message may have to the lines beside them', () => {
    const lines = [Date.UTC(1989, 0, 1), at('2026-03-02T14:00:00Z'), Date.UTC(2199, 0, 1)].map((arrivesAt, index) => ({
      ...{ body: '', arrivesAt, file: 'a.csv', position: index + 1 },
    }));
    expect(saidArrivals(lines).map(({ position }) => position)).toEqual([2]);
    const arrived = toArrivals(lines, at('2026-03-03T05:00:00Z')).map(({ arrivedAt }) => arrivedAt);
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
