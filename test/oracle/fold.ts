// Oracle, part 4: the fold of one referral's events (domain.md sections 2 and 3): retraction, end, pauses, stage.

import { clocksOf } from './clocks.ts';
import { type Ev, REASON_CLASS } from './intake.ts';
import { appointmentsAt, dimsAt, type End, inOrder, type State } from './state.ts';
import { DAY, type Pause, parseInstant } from './time.ts';

const NOT_FACTS = ['alert.acknowledged', 'alert.snoozed', 'event.retracted'];
const DEFAULT_CAPS: Record<string, number> = {
  awaiting_information: 10,
  awaiting_authorization: 14,
  patient_requested: 60,
  medical_hold: 90,
};

function notRetracted(events: Ev[]): Ev[] {
  const ordered = [...events].sort(inOrder);
  return ordered.filter((e, i) => {
    if (e.type === 'event.retracted') return true; // a retraction can't be retracted
    return !ordered.some(
      (r, j) =>
        r.type === 'event.retracted' &&
        r.data.source === e.source &&
        ((r.data.id ?? null) !== null ? r.data.id === e.id : e.entity !== null && r.data.entity === e.entity && i < j),
    );
  });
}

function endOf(facts: Ev[]): End | null {
  let end: End | null = null;
  for (const e of facts) {
    if (e.type === 'referral.closed') {
      const c = REASON_CLASS[e.data.reason];
      end = {
        time: e.time,
        reason: e.data.reason,
        excludes: c === 'other care' || c === 'exclusion',
        cancelled: false,
        evidence: e.data.evidence,
      };
    }
    if (e.type === 'referral.cancelled')
      end = { time: e.time, reason: 'cancelled', excludes: false, cancelled: true, evidence: null };
    if (e.type === 'referral.reopened') end = null;
  }
  return end;
}

function pausesOf(facts: Ev[], caps: Record<string, number>): Pause[] {
  const pauses: Pause[] = [];
  facts.forEach((e, i) => {
    if (e.type !== 'referral.paused') return;
    const next = facts.slice(i + 1).find((x) => x.type === 'referral.paused' || x.type === 'referral.resumed');
    const until = parseInstant(e.data.until);
    const to = Math.min(
      e.time + ((caps[e.data.reason] ?? DEFAULT_CAPS[e.data.reason]) as number) * DAY,
      next ? next.time : Infinity,
      until ?? Infinity,
    );
    if (to > e.time) pauses.push({ from: e.time, to });
  });
  return pauses;
}

function versionOf(policy: any, receivedAt: number): any {
  let best: any = null,
    earliest: any = null;
  for (const v of policy.versions) {
    const from = parseInstant(v.effectiveFrom) as number;
    if (!earliest || from < (parseInstant(earliest.effectiveFrom) as number)) earliest = v;
    if (from <= receivedAt && (!best || from >= (parseInstant(best.effectiveFrom) as number))) best = v;
  }
  return best ?? earliest;
}

function stageOf(s: State): string {
  const has = (type: string) => s.facts.some((e) => e.type === type);
  if (s.voided) return 'voided';
  if (s.received < 0) return 'awaiting_referral';
  if (s.end) return 'closed';
  if (has('note.received')) return 'loop_closed';
  if (has('visit.completed')) return 'awaiting_note';
  if (s.appointments.some((a) => a.status === 'active')) return 'scheduled';
  if (s.appointments.some((a) => a.status === 'no_show' || a.status === 'cancelled')) return 'to_rebook';
  const answers = s.facts.filter((e) =>
    ['referral.accepted', 'referral.declined', 'referral.rerouted'].includes(e.type),
  );
  if (answers.length > 0 && answers.at(-1)?.type === 'referral.declined') return 'declined';
  if (s.facts.some((e) => e.type === 'contact.attempted' && ['reached', 'declined'].includes(e.data.outcome)))
    return 'to_schedule';
  return 'to_contact';
}

export function fold(events: Ev[], config: { policy: any; directory: any }): State {
  const kept = notRetracted(events);
  const facts = kept.filter((e) => !NOT_FACTS.includes(e.type));
  const spoken = kept.filter((e) => !e.type.startsWith('alert.'));
  const received = facts.findIndex((e) => e.type === 'referral.received');
  const s: State = {
    facts,
    received,
    lastEventAt: spoken.length > 0 ? Math.max(...spoken.map((e) => e.time)) : null,
    voided: facts.some((e) => e.type === 'referral.voided'),
    dims: {},
    version: null,
    end: null,
    appointments: [],
    pauses: [],
    clocks: [],
    stage: '',
    open: false,
  };
  if (received >= 0) {
    s.dims = dimsAt(facts, facts.length - 1);
    s.version = versionOf(config.policy, (facts[received] as Ev).time);
    s.end = endOf(facts);
    s.appointments = appointmentsAt(facts, facts.length - 1);
    s.pauses = pausesOf(facts, s.version.pauseCaps ?? {});
    s.clocks = clocksOf(s, config.directory);
  }
  s.stage = stageOf(s);
  s.open = received >= 0 && !['voided', 'closed', 'loop_closed'].includes(s.stage);
  return s;
}

export const pausedFlag = (s: State, now: number): boolean =>
  s.open && s.pauses.some((p) => p.from <= now && now < p.to);
