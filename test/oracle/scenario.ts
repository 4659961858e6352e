import { expect } from 'vitest';
import { type Config, policySchema } from '../../shared/contracts/config.ts';
import { formatInstant } from '../../shared/contracts/instant.ts';
import { sampleDirectory, samplePolicy } from '../builders/config.ts';
import { receivedData } from '../builders/events.ts';
import { at, short } from '../builders/instants.ts';
import { askHandlers, askOracle, type Line, type Said } from './agreement.ts';
import { fold } from './fold.ts';
import { intake } from './intake.ts';
import type { State } from './state.ts';

/**
 * Small stories of one referral and what must come of them, asked of the oracle and of the handlers alike. The stories
 * lie beside the tests of their subject: test/shared/domain/{referral,alert}, test/functions/ingest-events.
 */

export type Step = [time: string, type: string, data?: object, more?: Record<string, unknown>];
export type Ask = (lines: readonly Line[], config: Config, until: number) => Said | Promise<Said>;
type Policy = Config['policy'];

/** Who is asked, for `describe.each`. */
export const SIDES: [name: string, ask: Ask][] = [
  ['the oracle', askOracle],
  ['the handlers', askHandlers],
];

/**
 * The default pack with `acknowledge` for cardiology and `payer` required for imaging.
 * @param change changes its only version
 */
export function scenarioPolicy(change: (version: Policy['versions'][0]) => void = () => {}): Policy {
  const [version] = samplePolicy().versions;
  if (!version) throw new Error('the sample policy has versions');
  version.rules = version.rules.filter(({ match }) => !match.payer && !match.tags);
  change(version);
  return policySchema.parse({ versions: [version] });
}

export const ROUTINE: Step = ['03-02 14:00', 'referral.received', receivedData()];
export const URGENT: Step = ['03-02 14:00', 'referral.received', receivedData({ priority: 'urgent' })];
/** The text of a short instant as events carry it. */
export const iso = (text: string): string => formatInstant(at(text));
/** The data of a booking. */
export const booked = (id: string, startsAt: string, more: object = {}) => ({
  appointmentId: id,
  startsAt: iso(startsAt),
  ...more,
});

type Row = Record<string, unknown>;
const brief = (value: unknown): unknown =>
  typeof value === 'string' && value.startsWith('2026-') ? short(Date.parse(value)) : value;

/** The lines of a story of referral `R`. They arrive at their `recordedtime`, else at their time. */
function linesOf(steps: readonly Step[]): Line[] {
  return steps.map(([time, type, data = {}, more = {}], index) => {
    const recorded = more.recordedtime === undefined ? undefined : at(more.recordedtime as string);
    const event = {
      specversion: '1.0',
      id: `e${String(index).padStart(5, '0')}`,
      source: 's',
      type,
      subject: 'R',
      time: iso(time),
      data,
      ...more,
      ...(recorded !== undefined && { recordedtime: formatInstant(recorded) }),
    };
    return { body: JSON.stringify(event), arrivedAt: recorded ?? at(time) };
  });
}

/** The directory of a system that goes live at an instant. */
export function liveFrom(text: string): Config['directory'] {
  const directory = sampleDirectory();
  return { ...directory, organization: Object.assign(directory.organization, { liveFrom: iso(text) }) };
}

/** The oracle's fold of a story, when all of it has arrived. */
export function folded(...steps: Step[]): State {
  const lines = linesOf(steps).map(({ body, arrivedAt }) => ({ event: JSON.parse(body) as unknown, arrivedAt }));
  const { events, refused } = intake(lines, Number.POSITIVE_INFINITY);
  expect(refused).toEqual([]);
  return fold(events, { policy: scenarioPolicy(), directory: sampleDirectory() });
}

/** Tells a story of referral `R` up to an instant, and returns what to expect of it. Instants are `03-02 14:00`, UTC in 2026. */
export async function tell(
  ask: Ask,
  steps: readonly Step[],
  until: string,
  policy = scenarioPolicy(),
  directory = sampleDirectory(),
) {
  const said = await ask(linesOf(steps), { policy, directory }, at(until));
  const row = ((said.referrals as Row[]).find(({ referralId }) => referralId === 'R') ?? {}) as Row;
  const find = (rows: unknown, kind: string, instance: number): Row | undefined =>
    ((rows ?? []) as Row[]).find((one) => one.kind === kind && one.instance === instance);
  const values = (found: Row | undefined, fields: string[]) => found && fields.map((field) => brief(found[field]));
  return {
    said,
    row,
    ref: (want: Row) => {
      expect(Object.fromEntries(Object.keys(want).map((key) => [key, brief(row[key])]))).toEqual(want);
    },
    /** [started, due, net due, stopped, outcome], or null if there is none. */
    clock: (kind: string, instance: number, want: unknown[] | null) => {
      const fields = ['startedAt', 'dueAt', 'netDueAt', 'stoppedAt', 'outcome'];
      expect(values(find(row.clocks, kind, instance), fields) ?? null, kind).toEqual(want);
    },
    /** [level, due, at risk, opened, escalated, resolved, resolution], or null if there is none. */
    alert: (kind: string, instance: number, want: unknown[] | null) => {
      const fields = ['level', 'dueAt', 'atRiskAt', 'openedAt', 'escalatedAt', 'resolvedAt', 'resolution'];
      expect(values(find(said.alerts, kind, instance), fields) ?? null, kind).toEqual(want);
    },
  };
}
