import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { weeklyQuotas } from '../../../local/simulate/arrivals.ts';
import type { CloudEvent } from '../../../local/simulate/chronicle.ts';
import { SPECIALTIES } from '../../../local/simulate/organization.ts';
import { STORIES } from '../../../local/simulate/practices.ts';
import { USUAL } from '../../../local/simulate/profiles.ts';
import { DEFAULT_UNTIL, simulate } from '../../../local/simulate/simulate.ts';
import { writeSimulation } from '../../../local/simulate/write.ts';
import { checkConfig } from '../../../shared/contracts/config-check.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { EVENT_DATA, EVENT_TYPES, type EventType, eventEnvelope } from '../../../shared/contracts/event.ts';
import { CLOSE_REASONS, DECLINE_REASONS, PAUSE_REASONS } from '../../../shared/contracts/vocabulary.ts';
import { firstOf, histories, instant, inTheContractsWords, noShowRate, share } from './tally.ts';

const year = simulate({ referrals: 5000, weeks: 52, seed: 11 });
const stories = [...histories(year.events).values()];
const received = (history: CloudEvent[]) => history.find(({ type }) => type === 'referral.received') as CloudEvent;
const receivedAt = (history: CloudEvent[]) => instant(received(history).time);
const dimension = (history: CloudEvent[]) => received(history).data as { site: string; specialty: string };
/** Referrals that were received at least 90 days before the end. */
const ripe = stories.filter((history) => receivedAt(history) <= year.until - 90 * DAY_MS);

describe('what the simulator promises', () => {
  it('gives the same bytes for the same seed and others for another', () => {
    const lines = (seed: number) => simulate({ referrals: 200, weeks: 10, seed }).lines.join('\n');
    expect(lines(3)).toBe(lines(3));
    expect(lines(3)).not.toBe(lines(4));
  });

  it('sends only events that pass the event schema', () => {
    for (const event of year.events) {
      const envelope = eventEnvelope.safeParse(event);
      const data = EVENT_DATA[event.type as EventType].safeParse(inTheContractsWords(event));
      if (!envelope.success || !data.success) expect.unreachable(JSON.stringify(event));
    }
  });

  it('sends no field that the schema does not know', () => {
    for (const event of year.events) {
      const data = EVENT_DATA[event.type as EventType].parse(inTheContractsWords(event));
      expect(Object.keys(event.data).filter((key) => !(key in data))).toEqual([]);
    }
  });

  it('uses every event type and every reason', () => {
    expect([...new Set(year.events.map(({ type }) => type))].sort()).toEqual([...EVENT_TYPES].sort());
    const reasons = (type: string) =>
      new Set(
        year.events.filter((event) => event.type === type).map(({ data }) => (data as { reason: string }).reason),
      );
    // Nobody sends `unspecified`: it is what a closing without a known reason counts as.
    const known = CLOSE_REASONS.filter((reason) => reason !== 'unspecified');
    expect([...reasons('referral.closed')]).toEqual(expect.arrayContaining(known));
    expect([...reasons('referral.declined')]).toEqual(expect.arrayContaining([...DECLINE_REASONS]));
    expect([...reasons('referral.paused')].sort()).toEqual([...PAUSE_REASONS].sort());
  });

  it('sends every event after it happened, in the order of arrival, and nothing after the end', () => {
    const arrivals = year.events.map((event) => instant(event.recordedtime ?? event.time));
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(arrivals.at(-1)).toBeLessThanOrEqual(year.until);
    expect(year.events.every((event, index) => instant(event.time) <= (arrivals[index] as number))).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('does so for small organizations too (seed %i)', (seed) => {
    const until = DEFAULT_UNTIL + seed * 29.3 * HOUR_MS;
    const { events } = simulate({ referrals: seed, weeks: seed, seed, until, ...(seed % 2 ? { thin: 0.2 } : {}) });
    for (const { time, recordedtime, ...rest } of events) {
      expect(instant(time)).toBeLessThanOrEqual(instant(recordedtime ?? time));
      expect(instant(recordedtime ?? time)).toBeLessThanOrEqual(until);
      expect(EVENT_DATA[rest.type as EventType].safeParse(inTheContractsWords(rest)).error).toBeUndefined();
    }
  });

  it('refuses to make nothing', () => {
    expect(() => simulate({ referrals: 0, weeks: 4, seed: 1 })).toThrow('referrals: expected a positive integer');
    expect(() => simulate({ referrals: 5, weeks: 1.5, seed: 1 })).toThrow('weeks: expected a positive integer');
  });

  it('uses each source and id for one event, and its repetitions', () => {
    const known = new Map<string, string>();
    for (const { source, id, subject, type, time, data } of year.events) {
      const content = JSON.stringify({ type, time, data });
      const key = `${subject} ${source} ${id}`;
      expect(known.get(key) ?? content).toBe(content);
      known.set(key, content);
    }
    expect(known.size).toBeLessThan(year.events.length);
  });

  it('has a valid directory and policy', () => {
    expect(checkConfig({ policy: year.policy, directory: year.directory })).toMatchObject({
      problems: [],
      warnings: [],
    });
  });
});

describe('how much', () => {
  it('receives as many referrals as asked, evenly over the weeks', () => {
    // Some of the newest are recorded late and have yet to arrive.
    expect(stories.length).toBeGreaterThan(4990);
    expect(stories.length).toBeLessThanOrEqual(5000);
    const weekly = weeklyQuotas({ referrals: 100, weeks: 7, until: DEFAULT_UNTIL });
    expect(weekly.reduce((sum, quota) => sum + quota)).toBe(100);
    expect(Math.max(...weekly) - Math.min(...weekly)).toBeLessThanOrEqual(1);
  });

  it('receives the number asked for within the last 8 weeks if the history is thin', () => {
    const { events, until } = simulate({ referrals: 400, weeks: 20, seed: 5, thin: 0.25 });
    const starts = [...histories(events).values()].map(receivedAt);
    const recent = starts.filter((start) => start >= until - 56 * DAY_MS).length;
    // Some of the newest are recorded late and have yet to arrive.
    expect(recent).toBeGreaterThan(390);
    expect(recent).toBeLessThanOrEqual(400);
    expect(starts.length - recent).toBeGreaterThan(150 - 10);
  });

  it('sends 7 to 12 events per referral', () => {
    const events = year.events.filter(({ subject }) => subject.startsWith('R-'));
    expect(events.length / 5000).toBeGreaterThan(7);
    expect(events.length / 5000).toBeLessThan(12);
  });
});

describe('rates of published studies', () => {
  it('schedules 60 to 68% and leaves 32 to 40% without a date', () => {
    const scheduled = share(ripe, (history) => firstOf(history, 'appointment.scheduled') !== null);
    expect(scheduled).toBeGreaterThan(0.6);
    expect(scheduled).toBeLessThan(0.68);
  });

  it('has 48 to 54% seen within 90 days', () => {
    const seen = share(ripe, (history) => {
      const at = firstOf(history, 'visit.completed');
      return at !== null && at - receivedAt(history) <= 90 * DAY_MS;
    });
    expect(seen).toBeGreaterThan(0.48);
    expect(seen).toBeLessThan(0.54);
  });

  it.each([...USUAL.sites.map(({ id }) => ['site', id]), ...Object.keys(SPECIALTIES).map((id) => ['specialty', id])])(
    'misses 8 to 23%% of appointments at %s %s',
    (name, id) => {
      const rate = noShowRate(stories.filter((history) => dimension(history)[name as 'site'] === id)) ?? 0;
      expect(rate).toBeGreaterThan(0.08);
      expect(rate).toBeLessThan(0.23);
    },
  );

  it('gets 62 to 81% of the notes back', () => {
    const seen = stories.filter(
      (history) => (firstOf(history, 'visit.completed') ?? year.until) < year.until - 60 * DAY_MS,
    );
    const back = share(seen, (history) => firstOf(history, 'note.received') !== null);
    expect(back).toBeGreaterThan(0.62);
    expect(back).toBeLessThan(0.81);
  });
});

describe('stories to be found', () => {
  const from = (practice: string) =>
    stories
      .map((history) => received(history))
      .filter(({ data }) => (data as { practice: { id: string } }).practice.id === practice);
  const daysAgo = (event: CloudEvent) => (year.until - instant(event.time)) / DAY_MS;

  it('has attendance worsen in the west', () => {
    const { events, until } = simulate({ referrals: 4000, weeks: 24, seed: 6, thin: 0.5 });
    const west = [...histories(events).values()].filter((history) => dimension(history).site === 'west');
    const rate = (holds: (days: number) => boolean) =>
      noShowRate(west.map((history) => history.filter(({ time }) => holds((until - instant(time)) / DAY_MS)))) ?? 0;
    expect(rate((days) => days < 21)).toBeGreaterThan(1.4 * rate((days) => days > 84));
  });

  it('has a practice that nearly stopped sending eight weeks ago', () => {
    const days = from(STORIES.declining).map(daysAgo);
    expect(days.filter((each) => each < 63).length).toBe(2);
    expect(days.filter((each) => each >= 63).length).toBeGreaterThanOrEqual(30);
  });

  it('has an inactive, a reactivated and a new practice', () => {
    expect(Math.min(...from(STORIES.inactive).map(daysAgo))).toBeGreaterThan(67);
    const [latest, before] = from(STORIES.reactivated)
      .map(daysAgo)
      .sort((a, b) => a - b);
    expect(latest).toBeLessThan(8);
    expect(before).toBeGreaterThan(74);
    expect(Math.max(...from(STORIES.fresh).map(daysAgo))).toBeLessThan(8);
  });

  it('has events without their referral, referrals that come after their events, and late records', () => {
    const known = histories(year.events);
    expect(year.events.some(({ subject }) => subject.startsWith('R-') && !known.has(subject))).toBe(true);
    const late = year.events.filter(
      (event) => instant(event.recordedtime ?? event.time) - instant(event.time) > DAY_MS,
    );
    expect(late.some(({ type }) => type === 'referral.received')).toBe(true);
    expect(late.length / year.events.length).toBeGreaterThan(0.003);
    expect(late.length / year.events.length).toBeLessThan(0.03);
  });
});

describe('refused input', () => {
  const refused = (faults?: number) => {
    const { events, lines } = simulate({
      referrals: 300,
      weeks: 10,
      seed: 9,
      ...(faults === undefined ? {} : { faults }),
    });
    const good = new Set(events.map((event) => JSON.stringify(event)));
    return { lines: lines.filter((line) => !good.has(line)), events: events.length };
  };

  it('is five lines by default, none with a share of 0', () => {
    expect(refused().lines).toHaveLength(5);
    expect(refused(0).lines).toHaveLength(0);
  });

  it('is as large a share as asked for', () => {
    const { lines, events } = refused(0.02);
    expect(lines).toHaveLength(Math.round(events * 0.02));
  });
});

describe('writing a simulation', () => {
  it('puts the lines into the file and the configuration beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulation-'));
    try {
      const simulation = simulate({ referrals: 20, weeks: 4, seed: 1 });
      const { file, config } = writeSimulation(simulation, join(folder, 'out', 'events.ndjson'));
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual(simulation.lines);
      const read = (name: string) => JSON.parse(readFileSync(join(config, name), 'utf8'));
      const check = checkConfig({ policy: read('policy.json'), directory: read('directory.json') });
      expect(check.config).toEqual({ policy: simulation.policy, directory: simulation.directory });

      // Once more into the same place, and nowhere near what is somebody's own.
      expect(writeSimulation(simulation, file)).toEqual({ file, config });
      const policy = join(config, 'policy.json');
      for (const directory of ['{"organization":{"name":"Another"}}', '{', null]) {
        writeFileSync(policy, 'mine');
        if (directory === null) rmSync(join(config, 'directory.json'));
        else writeFileSync(join(config, 'directory.json'), directory);
        expect(() => writeSimulation(simulation, join(folder, 'out', 'other.ndjson'))).toThrow('nothing was written');
        expect(readFileSync(policy, 'utf8')).toBe('mine');
      }
      expect(existsSync(join(folder, 'out', 'other.ndjson'))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
