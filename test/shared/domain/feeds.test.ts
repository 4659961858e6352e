import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { type FeedTimes, feedStandings } from '../../../shared/domain/feeds.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';

const NOW = at('03-09 10:00');
const ago = (hours: number) => NOW - hours * HOUR_MS;

/** How one feed stands, of which something is expected every day, and an event as often as is said. */
function standing(
  heard: Partial<FeedTimes> | null,
  { eventsEveryHours, since }: { eventsEveryHours?: number; since?: number } = {},
) {
  const { directory } = sampleConfig();
  directory.feeds = [{ name: 'records', expectedEveryHours: 24, ...(eventsEveryHours && { eventsEveryHours }) }];
  const times = heard === null ? [] : [['records', { heartbeatAt: null, lastEventAt: null, ...heard }] as const];
  const [feed] = feedStandings(directory, new Map(times), NOW, since);
  return feed;
}

const SILENT = { lacks: 'anything', expectedEveryHours: 24 };

describe('a feed', () => {
  it('is heard by a heartbeat or an event, whichever came last', () => {
    expect(standing({ heartbeatAt: ago(3), lastEventAt: ago(5) })?.lastHeardAt).toBe(ago(3));
    expect(standing({ heartbeatAt: ago(5), lastEventAt: ago(3) })).toMatchObject({
      lastHeardAt: ago(3),
      lastEventAt: ago(3),
    });
    expect(standing({ lastEventAt: ago(3) })?.lastHeardAt).toBe(ago(3));
    expect(standing({ heartbeatAt: ago(3) })).toMatchObject({ lastHeardAt: ago(3), lastEventAt: null, quiet: null });
  });

  it('is quiet when nothing has come for longer than expected, to the millisecond', () => {
    expect(standing({ heartbeatAt: ago(24) })?.quiet).toBeNull();
    expect(standing({ heartbeatAt: ago(24) - 1 })?.quiet).toEqual(SILENT);
    expect(standing({ heartbeatAt: ago(30), lastEventAt: ago(24) })?.quiet).toBeNull();
  });

  it('is quiet when its heartbeats come and its events do not, where that is expected', () => {
    const beating = (lastEventAt: number | null) =>
      standing({ heartbeatAt: ago(1), lastEventAt }, { eventsEveryHours: 6 });
    expect(beating(ago(6))?.quiet).toBeNull();
    expect(beating(ago(6) - 1)?.quiet).toEqual({ lacks: 'events', expectedEveryHours: 6 });
    expect(beating(null)?.quiet).toEqual({ lacks: 'events', expectedEveryHours: 6 });
    expect(standing({ heartbeatAt: ago(1), lastEventAt: ago(1000) })?.quiet).toBeNull();
  });

  it('that was never heard is quiet for ever, or since it was first expected', () => {
    expect(standing(null)).toEqual({ name: 'records', lastHeardAt: null, lastEventAt: null, quiet: SILENT, types: [] });
    expect(standing(null, { since: ago(24) })?.quiet).toBeNull();
    expect(standing(null, { since: ago(24) - 1 })?.quiet).toEqual(SILENT);
  });

  it('has the types of event that ever came from it, in order', () => {
    expect(standing({ types: ['visit.completed', 'note.received'] })?.types).toEqual([
      'note.received',
      'visit.completed',
    ]);
  });

  it('that the directory does not name stands nowhere', () => {
    expect(
      feedStandings(sampleConfig().directory, new Map([['other', { heartbeatAt: 0, lastEventAt: 0 }]]), NOW),
    ).toEqual([]);
  });
});
