// Oracle, part 12: what was wrong at intake and what is wrong with the data (docs/domain.md#figure-audit).

import { fits } from './clocks.ts';
import type { Ev } from './intake.ts';
import { coordinatorOf, lacks } from './oracle.ts';
import { countBy, type Referral, within } from './report-clocks.ts';
import type { Span } from './report-periods.ts';
import { byCodePoint, dimsAt, type State } from './state.ts';
import { HOUR, iso } from './time.ts';

type Named = { id: string; name: string };

const QUARTER = 15 * 60_000;
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort(byCodePoint);
const specialtyOf = (r: Referral): string => r.s.dims.specialty;
const practiceOf = (r: Referral): string => r.s.dims.practice?.id;

export function intakeFigures(referrals: Referral[], period: Span) {
  const received = referrals.filter((r) => within(r.receivedAt, period));
  const incomplete = received.filter(({ s }) => {
    const dims = dimsAt(s.facts, s.received); // as it was at receipt, whatever was filled in later
    const required = (s.version.required ?? []).filter((entry: any) => fits(entry.match, dims) >= 0);
    return required.some((entry: any) => entry.fields.some((field: string) => lacks(dims, field)));
  });
  const declines = referrals.flatMap((r) =>
    r.s.facts.filter((e) => e.type === 'referral.declined' && within(e.time, period)).map((e) => ({ r, e })),
  );
  return {
    incomplete: {
      n: incomplete.length,
      d: received.length,
      bySpecialty: countBy(incomplete, specialtyOf),
      byPractice: countBy(incomplete, practiceOf),
    },
    declined: countBy(declines, ({ e }) => e.data.reason),
    declinedBySpecialty: countBy(declines, ({ r }) => specialtyOf(r)),
    declinedByPractice: countBy(declines, ({ r }) => practiceOf(r)),
  };
}

/** Ten digits of which the last is right: Luhn over 80840 (health, United States) and the number. */
export function npiPasses(npi: string): boolean {
  if (!/^[0-9]{10}$/.test(npi)) return false;
  const digits = [...`80840${npi}`].reverse().map(Number);
  const sum = digits.reduce((total, digit, i) => {
    const doubled = i % 2 === 1 ? 2 * digit : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/**
 * Practices under one name and two ids, the plainest case of near-duplicates: pairs that no measure of nearness can leave
 * out. A practice that is called by more than one name is left out, for the contract doesn't say which of them counts.
 */
function sameNames(referrals: Referral[], directory: any): [Named, Named][] {
  const listed: any[] = directory.practices ?? [];
  const known = listed.flatMap((one) => (one.aliases ?? []) as string[]);
  const calledBy = (id: string): string[] => [
    ...referrals.filter((r) => practiceOf(r) === id).map((r) => r.s.dims.practice.name ?? ''),
    ...listed.filter((one) => one.id === id).map((one) => one.name),
  ];
  const named = sorted(referrals.map(practiceOf)).flatMap((id): Named[] => {
    const [name, ...others] = new Set(calledBy(id));
    return name && others.length === 0 && !known.includes(name) ? [{ id, name }] : [];
  });
  return named.flatMap((one, i) =>
    named
      .slice(i + 1)
      .filter((other) => other.name === one.name)
      .map((other): [Named, Named] => [one, other]),
  );
}

export function audit(referrals: Referral[], directory: any, asOf: number) {
  const known = (list: any[] | undefined) => (list ?? []).map((one) => one.id);
  const unknown = (ids: string[], list: any[] | undefined) =>
    sorted(ids.filter((id) => id && !known(list).includes(id)));
  const standings = referrals.flatMap((r) => {
    const npi: string = r.s.dims.practice?.providerNpi ?? '';
    return npi === '' ? [] : [{ npi, practice: practiceOf(r) }];
  });
  const practicesUnder = (npi: string) =>
    new Set(standings.filter((one) => one.npi === npi).map((one) => one.practice));
  const npis = sorted(standings.map(({ npi }) => npi));
  const providerOf = (r: Referral) => [r.s.dims.practice?.providerNpi, r.s.dims.practice?.providerName];
  return {
    unknownPractices: unknown(referrals.map(practiceOf), directory.practices),
    unknownSites: unknown(
      referrals.map((r) => r.s.dims.site),
      directory.sites,
    ),
    npiInvalid: npis.filter((npi) => !npiPasses(npi)),
    npiShared: npis.filter((npi) => practicesUnder(npi).size >= 2),
    nearDuplicates: sameNames(referrals, directory),
    withoutProvider: referrals.filter((r) => providerOf(r).every((value) => (value ?? '') === '')).length,
    visitsWithoutOutcome: referrals
      .flatMap((r) => r.s.appointments)
      .filter((a) => ['active', 'over'].includes(a.status) && a.startsAt !== null && a.startsAt < asOf).length,
    notesBeforeReferral: sorted(referrals.filter((r) => r.s.earlyNotes.length > 0).map((r) => r.id)),
  };
}

/** How far the figures can be trusted: the same for all scopes. */
export type Trust = {
  refused: { reason: string; arrivedAt: number; content: string }[];
  states: State[]; // of every subject about which anything is known
  events: Ev[]; // distinct and accepted, whatever they are about
};

export function dataQuality(referrals: Referral[], trust: Trust, directory: any, period: Span, asOf: number) {
  const firsts = trust.refused.filter(
    (one, i) => !trust.refused.slice(0, i).some((other) => other.content === one.content),
  );
  const orphans = trust.states.filter(
    (s) => s.facts.length > 0 && s.stage === 'awaiting_referral' && asOf > (s.facts[0] as Ev).time + 24 * HOUR,
  );
  return {
    refused: countBy(
      firsts.filter((one) => within(one.arrivedAt, period)),
      (one) => one.reason,
    ),
    unmapped: countBy(
      trust.events.filter((e) => within(e.arrivedAt, period)).flatMap((e) => e.unmapped),
      (field) => field,
    ),
    orphans: orphans.length,
    unassigned: referrals.filter((r) => r.s.open && coordinatorOf(r.s, directory) === null).length,
    feeds: (directory.feeds ?? []).map((feed: any) => feedOf(feed, trust.events, asOf)),
  };
}

function feedOf(feed: any, events: Ev[], asOf: number) {
  const isHeartbeat = (e: Ev) => e.type === 'feed.heartbeat';
  const beats = events.filter((e) => isHeartbeat(e) && e.subject === feed.name).map((e) => e.time);
  const arrivals = events
    .filter((e) => !isHeartbeat(e) && e.source === feed.name)
    .map((e) => Math.floor(e.arrivedAt / QUARTER) * QUARTER);
  const last = (times: number[]) => (times.length === 0 ? null : Math.max(...times));
  const older = (at: number | null, hours: number) => at === null || asOf - at > hours * HOUR;
  const lastEventAt = last(arrivals);
  const lastHeardAt = last([...beats, ...arrivals]);
  const tooFew = (feed.eventsEveryHours ?? null) !== null && older(lastEventAt, feed.eventsEveryHours);
  const quiet = older(lastHeardAt, feed.expectedEveryHours) || tooFew;
  return { name: feed.name, lastHeardAt: iso(lastHeardAt), lastEventAt: iso(lastEventAt), quiet };
}
