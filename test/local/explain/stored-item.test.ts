import { describe, expect, it } from 'vitest';
import type { History } from '../../../local/explain/history.ts';
import type { Kept } from '../../../local/explain/kept.ts';
import { storedItem } from '../../../local/explain/stored-item.ts';
import { storedItemLines } from '../../../local/explain/stored-item-text.ts';
import { SiteTime } from '../../../local/explain/times.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { ONLY_IF_CONFIG_CHANGES } from '../../../shared/domain/alert/wake-up.ts';
import { foldLog } from '../../../shared/store/fold-log.ts';
import type { LoggedEvent, StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, storedAlert, storedReferral } from '../../builders/stored.ts';

/** What `explain` says of a referral's item. Each test changes one thing of an item that is as it should be. */

const MONDAY = at('03-02 14:00');
const NOW = at('03-03 14:00');
const VERSION = 'version-in-force';

const RECEIVED = logged(sent('referral.received', MONDAY, receivedData()));
const CALLED = logged(sent('contact.attempted', NOW, { channel: 'phone', outcome: 'voicemail' }));

/** The sample organization with a holiday that moves dues. */
function withHoliday(): Config {
  const config = sampleConfig();
  for (const site of config.directory.sites) site.holidays = [...(site.holidays ?? []), '2026-03-03'];
  return config;
}

interface Given {
  log?: LoggedEvent[];
  item?: Partial<StoredReferral>;
  kept?: Partial<Kept>;
  config?: Config;
}

/** The history of a referral whose item is the fold of its log under the configuration in force. */
function historyOf({ log = [RECEIVED], item = {}, kept = {}, config = sampleConfig() }: Given = {}): History {
  const stored: StoredReferral = {
    ...storedReferral('R-1', { state: foldLog('R-1', log, sampleConfig()), config: VERSION, version: 3 }),
    ...item,
  };
  return {
    referralId: 'R-1',
    log,
    alerts: [],
    mails: [],
    config,
    now: NOW,
    kept: { stored, bytes: 700, expiresAt: null, inForce: VERSION, foldedWith: sampleConfig(), ...kept },
  };
}

/** The section as lines, wrapped only where a line is wider than a terminal ever is. */
function textOf(given: Given = {}): string {
  const history = historyOf(given);
  return storedItemLines(storedItem(history) ?? null, history.log.length, new SiteTime('UTC'), 500).join('\n');
}

describe('the stored item', () => {
  it('says stage, version, size, configuration, last arrival and next look', () => {
    expect(storedItem(historyOf())).toEqual({
      stage: 'to_contact',
      version: 3,
      bytes: 700,
      foldedWith: VERSION,
      inForce: VERSION,
      arrivedAt: '2026-03-02T14:00:00.000Z',
      nextLook: { is: 'due', at: '2026-03-03T14:00:00.000Z' },
      lists: { owners: null, escalated: null, urgentMailTo: [] },
      events: { logged: 1, folded: 1 },
      differs: { foldedWith: [], inForce: [] },
      retiredAt: null,
      expiresAt: null,
    });
    expect(textOf().split('\n')).toEqual([
      'Stored item',
      '  stage      to_contact; version 3, 700 bytes',
      '  folded     with configuration version-in-force, in force',
      '  state      the same as the fold of its log of 1 event',
      '  last event arrived Mon 2 Mar 2026, 14:00 UTC [2026-03-02T14:00:00Z]',
      '  detection  looks at it with its next run: due since Tue 3 Mar 2026, 14:00 UTC [2026-03-03T14:00:00Z]',
      '  in lists   of nobody: no alert is open, and none was resolved in the last 16 days',
    ]);
  });

  it('is absent from the history of a folder', () => {
    const { kept: _, ...folder } = historyOf();
    expect(storedItem(folder)).toBeUndefined();
  });

  it('is missing while no worker has folded the log', () => {
    const item = storedItem({ ...historyOf(), kept: null });
    expect(item).toBeNull();
    expect(storedItemLines(null, 2, new SiteTime('UTC'), 500).join('\n')).toContain(
      '2 events in its log that no worker has folded',
    );
  });
});

describe('the next look of detection', () => {
  it.each([
    ['ahead', NOW + DAY_MS, 'looks at it next Wed 4 Mar 2026, 14:00 UTC [2026-03-04T14:00:00Z]'],
    ['due', NOW, 'looks at it with its next run: due since Tue 3 Mar 2026, 14:00 UTC'],
    ['new_configuration', ONLY_IF_CONFIG_CHANGES, 'looks at it only after a new event or configuration'],
    ['never', null, 'never looks at it again unless an event arrives'],
  ])('is %s', (is, wakeAt, text) => {
    expect(storedItem(historyOf({ item: { wakeAt } }))?.nextLook.is).toBe(is);
    expect(textOf({ item: { wakeAt } })).toContain(text);
  });
});

describe('the lists it is in', () => {
  const listed = (over: Partial<StoredReferral['listed']>) => ({
    owned: false,
    escalated: false,
    urgent: false,
    ...over,
  });
  const state = (over: object) => ({ ...foldLog('R-1', [RECEIVED], sampleConfig()), ...over });

  it('are those of its owners by the directory in force, not of whoever owned it before', () => {
    const config = sampleConfig();
    config.directory.people = config.directory.people.map((person) =>
      person.id === 'c-2' ? { ...person, routes: [{ site: 'north' }] } : person,
    );
    const item = { listed: listed({ owned: true }) };
    expect(storedItem(historyOf({ item }))?.lists.owners).toEqual({ coordinatorId: 'c-1', liaisonId: 'l-1' });
    expect(storedItem(historyOf({ item, config }))?.lists.owners).toEqual({ coordinatorId: 'c-2', liaisonId: 'l-1' });
    expect(textOf({ item })).toContain('in lists   of coordinator c-1, and of liaison l-1');
  });

  it('are those of operations if nobody is its coordinator', () => {
    const item = { listed: listed({ owned: true }), state: state({ site: 'nowhere', practiceId: 'unknown' }) };
    expect(textOf({ item })).toMatch(/in lists {3}of operations, for want of a coordinator$/m);
  });

  it('are also those of whom its site escalates to', () => {
    const config = sampleConfig();
    config.directory.sites = config.directory.sites.map((site) => ({ ...site, escalateTo: 'c-3' }));
    const item = { listed: listed({ escalated: true }) };
    expect(textOf({ item, config })).toContain('escalated  at site north, to c-3');
    expect(textOf({ item })).toContain('escalated  at site north, to nobody');
  });

  it('has a coordinator who is to get an urgent mail named once, and none whose mail has claimed its alert', () => {
    const alerts = [
      storedAlert('R-1', { kind: 'first_attempt' }, { to: 'c-1', is: 'pending' }),
      storedAlert('R-1', { kind: 'reached' }, { to: 'c-1', is: 'pending' }),
      storedAlert('R-1', { kind: 'visit' }, { to: 'c-2', is: 'mail:m-1' }),
    ];
    const { alerts: packed, listed: ofAlerts } = storedReferral('R-1', { alerts });
    const item = { alerts: packed, listed: ofAlerts };
    expect(storedItem(historyOf({ item }))?.lists.urgentMailTo).toEqual(['c-1']);
    expect(textOf({ item })).toContain('urgent     waits for an urgent mail to c-1');
  });
});

describe('the stored state, beside the fold of its log,', () => {
  it('names the fields in which it differs', () => {
    const state = { ...foldLog('R-1', [RECEIVED], sampleConfig()), stage: 'scheduled' as const, site: 'west' };
    expect(storedItem(historyOf({ item: { state } }))?.differs).toEqual({
      foldedWith: ['stage', 'site'],
      inForce: ['stage', 'site'],
    });
    expect(textOf({ item: { state } })).toContain('state      NOT the fold of its log: stage, site.');
  });

  it('is judged by the configuration with which it was folded; what the one in force changes is said beside it', () => {
    const given = { item: { config: 'before' }, config: withHoliday() };
    expect(storedItem(historyOf(given))?.differs).toEqual({ foldedWith: [], inForce: ['clocks'] });
    const text = textOf(given);
    expect(text).toContain('with configuration before, an older one: version-in-force is in force');
    expect(text).toContain(
      'the same as the fold of its log of 1 event. Configuration version-in-force changes its clocks.',
    );
  });

  it('may be what a new configuration gives, too', () => {
    expect(textOf({ item: { config: 'before' } })).toContain('Configuration version-in-force changes nothing of it.');
  });

  it("can't be judged without the configuration with which it was folded", () => {
    const given = { item: { config: 'lost' }, kept: { foldedWith: null }, config: withHoliday() };
    expect(storedItem(historyOf(given))?.differs).toEqual({ foldedWith: null, inForce: ['clocks'] });
    expect(textOf(given)).toContain("can't be compared: configuration lost is not there");
  });

  it('lacks the events that a worker has put into the log and not yet folded', () => {
    const state = foldLog('R-1', [RECEIVED], sampleConfig());
    const text = textOf({ log: [RECEIVED, CALLED], item: { state } });
    expect(text).toContain('state      1 of 2 events are folded: a worker is at it, or stopped halfway');
  });

  it('shows that the log has lost events', () => {
    const state = foldLog('R-1', [RECEIVED, CALLED], sampleConfig());
    expect(textOf({ item: { state } })).toContain('state      its log lacks 1 of 2 events that are folded');
  });

  it('is not compared once the referral is retired: its events go one by one', () => {
    const retired = { item: { retiredAt: NOW } };
    expect(storedItem(historyOf(retired))?.differs).toEqual({ foldedWith: null, inForce: null });
    const text = textOf({ ...retired, kept: { expiresAt: NOW } });
    expect(text).toContain('state      not compared with its log, which is being removed');
    expect(text).toContain('retired    Tue 3 Mar 2026, 14:00 UTC [2026-03-03T14:00:00Z]: it takes no more events');
    expect(text).toContain('removal    the table may remove it from Tue 3 Mar 2026, 14:00 UTC');
  });
});
