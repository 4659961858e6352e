import { describe, expect, it } from 'vitest';
import { from, organizationIn, type Told, weekOf } from './report-story.ts';

const WEEK_10: [string, string] = ['2026-W10', '2026-03-09 10:00'];

describe('The oracle of feeds', () => {
  const feeds = (...told: Told[]) => organizationIn(...WEEK_10, told).dataQuality.feeds;
  const feed = (name: string, told: Told[]) => feeds(...told).find((one: { name: string }) => one.name === name);
  const beat = (name: string, time: string, arrives = time): Told => [name, time, 'feed.heartbeat', {}, { arrives }];
  const said = (source: string, time: string, arrives = time): Told => [
    'R',
    time,
    'referral.accepted',
    {},
    { source, arrives },
  ];
  const silent = { lastHeardAt: null, lastEventAt: null, quiet: true };

  it('are quiet until they are heard', () => {
    expect(feeds()).toEqual([
      { name: 'records', ...silent },
      { name: 'fax', ...silent },
      { name: 'lab', ...silent },
    ]);
    const scopes = weekOf(...WEEK_10, [
      ['R', '2026-03-04 15:00', 'referral.received', from('a')],
      beat('fax', '2026-03-09 09:00'),
    ]);
    expect(scopes.get('site=north')?.dataQuality.feeds).toEqual(scopes.get('organization')?.dataQuality.feeds);
  });

  it('are heard by a heartbeat at its time, whenever it arrived, the latest counting', () => {
    const told = [
      beat('records', '2026-03-08 10:00'), // 24 hours before, to the minute
      beat('records', '2026-03-07 10:00', '2026-03-08 11:00'),
    ];
    const heard = { name: 'records', lastHeardAt: '2026-03-08T10:00:00.000Z', lastEventAt: null };
    expect(feed('records', told)).toEqual({ ...heard, quiet: false });
    expect(feed('fax', told)).toMatchObject(silent);
    expect(feed('records', [beat('records', '2026-03-08 09:59')]).quiet).toBe(true);
    expect(feed('records', [['x', '2026-03-09 09:00', 'feed.heartbeat', {}, { source: 'records' }]])).toMatchObject(
      silent,
    );
  });

  it('are heard by any event from them, when it arrived, rounded down to the quarter hour', () => {
    const heard = (...told: Told[]) => feed('records', told);
    const at10 = { lastHeardAt: '2026-03-08T10:00:00.000Z', lastEventAt: '2026-03-08T10:00:00.000Z', quiet: false };
    expect(heard(said('records', '2026-03-01 10:00', '2026-03-08 10:14'))).toMatchObject(at10);
    expect(heard(said('records', '2026-03-08 10:00'))).toMatchObject(at10);
    expect(heard(said('records', '2026-03-08 09:59'))).toMatchObject({
      lastEventAt: '2026-03-08T09:45:00.000Z',
      quiet: true,
    });
    expect(heard(said('record', '2026-03-08 10:00'))).toMatchObject(silent);
    const others: Told[] = [
      ['R', '2026-03-08 10:20', 'no.such.type', {}, { source: 'records' }], // refused
      ['a', '2026-03-08 10:40', 'practice.contacted', { by: 'c' }, { source: 'records' }],
    ];
    expect(heard(...others).lastEventAt).toBe('2026-03-08T10:30:00.000Z');
    expect(heard(others[0] as Told)).toMatchObject(silent);
  });

  it('are last heard by the later of both', () => {
    const event = said('records', '2026-03-08 12:10');
    const lastEventAt = '2026-03-08T12:00:00.000Z';
    const lastHeardAt = '2026-03-08T12:05:00.000Z';
    expect(feed('records', [event, beat('records', '2026-03-08 12:05')])).toMatchObject({ lastHeardAt, lastEventAt });
    expect(feed('records', [event, beat('records', '2026-03-08 11:55')])).toMatchObject({
      lastHeardAt: lastEventAt,
      lastEventAt,
    });
  });

  it('are quiet without events, too, where some are expected', () => {
    const lab = (...told: Told[]) => feed('lab', [beat('lab', '2026-03-09 09:00'), ...told]).quiet;
    expect(lab()).toBe(true);
    expect(lab(said('lab', '2026-03-08 09:59'))).toBe(true);
    expect(lab(said('lab', '2026-03-08 10:00'))).toBe(false);
    expect(feed('lab', [said('lab', '2026-03-08 10:00')]).quiet).toBe(false); // heard within 48 hours
  });
});
