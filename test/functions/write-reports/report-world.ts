import type { Report } from '../../../shared/contracts/report.ts';
import type { ReportKey } from '../../../shared/store/report-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { World } from '../../doubles/world.ts';

/** 06:00 in New York on the Mondays after the weeks that begin on 2, 9 and 16 March 2026; clocks go forward on the 8th. */
export const MONDAY_9 = at('03-09 10:00');
export const MONDAY_16 = at('03-16 10:00');
export const MONDAY_23 = at('03-23 10:00');
export const WEEK_10: ReportKey = { kind: 'weekly', period: '2026-W10', scope: 'organization' };
export const WEEK_11: ReportKey = { ...WEEK_10, period: '2026-W11' };

/** A stage whose configuration was pushed as the first referral came. */
export function opened(config = sampleConfig(), stores: Parameters<typeof World.open>[1] = {}): Promise<World> {
  return World.open(config, { since: at('03-03 15:00'), ...stores });
}

export const deliver = (world: World, instant: number, events: SentEvent[]) =>
  world.deliver({ at: instant, messages: events.map((event) => ({ body: JSON.stringify(event), sentAt: instant })) });

/** A referral that is received on Tuesday 3 March at 10:00 in New York; its acceptance is due on Thursday at 17:00. */
export const referral = (subject: string, over = {}) =>
  sent('referral.received', '03-03 15:00', receivedData(over), { subject });
export const accepted = (subject: string, time: string) => sent('referral.accepted', time, {}, { subject });

export async function stored(world: World, key: ReportKey): Promise<Report> {
  const found = await world.stores.reports.get(key);
  if (!found) throw new Error(`no report of ${key.scope} for ${key.period}`);
  return found.report;
}

export const acceptance = async (world: World, key: ReportKey) => (await stored(world, key)).clocks.acceptance;
