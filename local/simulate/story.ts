import type { Practice } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { careFor } from './care.ts';
import { Chronicle, type DataSent, type Delivery, type Referral } from './chronicle.ts';
import { newsAfterEnd, strayNote } from './mishaps.ts';
import { overload } from './overload.ts';
import { fictitiousNpi, MISTAKES, practiceId } from './practices.ts';
import type { Profile } from './profile.ts';
import type { Random } from './random.ts';
import { close, contact, refuse } from './steps.ts';

/**
 * The courses of referrals, in shares. 64% are booked (65% in AAP 2019, 61% at Duke: see
 * docs/domain.md#sources).
 */
const FATES = {
  booked: 0.645,
  unreachable: 0.115,
  patientDeclined: 0.045,
  noAccess: 0.035,
  coverage: 0.03,
  declined: 0.035,
  elsewhere: 0.03,
  forgotten: 0.03,
  cancelled: 0.015,
};
type Fate = keyof typeof FATES;
/** Every so many referrals one turns out to be none: a duplicate, an error, the patient needs no visit. */
const EXCLUDED_EVERY = 40;

/** Everything that happens to one referral, even after the end of the simulation: the caller leaves that out. */
export function tellStory(referral: Referral, random: Random, profile: Profile, until: Instant): Delivery[] {
  const story = new Chronicle(referral, random, profile, until);
  const lacksPayer = receive(story);
  const fate = random.weighted(fates(profile));
  if (referral.number % EXCLUDED_EVERY === 0) exclude(story);
  else if (fate === 'declined') decline(story);
  else {
    triage(story);
    hold(story, lacksPayer);
    amend(story);
    if (fate === 'booked') careFor(story);
    else endWithoutBooking(story, fate);
  }
  if (profile.overload) overload(story, profile.overload);
  return story.deliveries;
}

/** How many can't be reached, find no date, are forgotten or lost depends on how well it goes. */
function fates({ ways: { lapses, losses } }: Profile): Record<Fate, number> {
  return {
    ...FATES,
    unreachable: FATES.unreachable * lapses,
    noAccess: FATES.noAccess * lapses,
    forgotten: FATES.forgotten * lapses,
    patientDeclined: FATES.patientDeclined * losses,
    declined: FATES.declined * losses,
    coverage: FATES.coverage * losses,
    elsewhere: FATES.elsewhere * losses,
  };
}

function receive(story: Chronicle): boolean {
  const { referral, random } = story;
  const { practices, staff } = story.profile;
  const practice = practices.find(({ id }) => id === referral.practiceId);
  const practiceNumber = Number(referral.practiceId.slice(-2));
  const lacksPayer = story.lapses(0.06);
  const letter = () => String.fromCharCode(65 + random.int(0, 25));
  const provider = random.int(1, 3);
  const orderedAt = Math.floor((story.now - random.skewed(5, 1.2) * HOUR_MS) / 1000) * 1000;
  story.say('referral.received', {
    priority: referral.priority,
    specialty: referral.specialty,
    site: referral.site.id,
    practice: {
      id: referral.practiceId,
      ...(practice ? { name: nameAsWritten(practice, referral) } : {}),
      ...(story.keeps(0.93)
        ? {
            providerNpi: npiAsWritten(practiceNumber, provider),
            providerName: `Provider ${practiceNumber}-${provider} (fictitious)`,
          }
        : {}),
    },
    // One patient in ten has been referred before.
    patient: {
      id: `P-${String(random.chance(0.1) ? Math.ceil(referral.number / 2) : referral.number).padStart(6, '0')}`,
      initials: story.keeps(0.98) ? letter() + letter() : null,
    },
    ...orderOf(story, orderedAt),
    ...(lacksPayer ? {} : { payer: `payer-${random.pick(['a', 'a', 'b', 'b', 'c', 'd'])}` }),
    ...tagsOf(story),
    ...(random.chance(0.08) ? { coordinatorId: `coordinator-${random.int(1, staff.coordinators.length + 1)}` } : {}),
    ...(random.chance(0.08) ? { requestedBy: formatInstant(story.now + random.int(7, 40) * DAY_MS).slice(0, 10) } : {}),
    receivedVia: random.weighted({ fax: 40, portal: 35, ehr: 20, phone: 5 }),
  });
  if (random.chance(0.008)) strayNote(story, orderedAt);
  story.notify('received', 0.55);
  return lacksPayer;
}

/** When it was ordered, to the second, as a date, or not at all. */
function orderOf({ random }: Chronicle, orderedAt: Instant): { orderedAt?: string } {
  const form = random.weighted({ instant: 88, date: 10, none: 2 });
  if (form === 'none') return {};
  return { orderedAt: formatInstant(orderedAt).slice(0, form === 'date' ? 10 : undefined) };
}

/** The name of a practice. One practice's name is sometimes misspelled, which an audit has to find. */
function nameAsWritten({ id, name }: Practice, { number }: Referral): string {
  return id === MISTAKES.name && number % 3 === 0 ? name.replace('Capybara', 'Capibara') : name;
}

/** The NPI of a provider. One has a wrong digit, and one is used by another practice too. */
function npiAsWritten(practice: number, provider: number): string {
  const own = fictitiousNpi(practice * 10 + provider);
  if (provider !== 1) return own;
  if (practiceId(practice) === MISTAKES.digit) return `${own.slice(0, -1)}${(Number(own.at(-1)) + 1) % 10}`;
  return practiceId(practice) === MISTAKES.shared ? fictitiousNpi((practice + 1) * 10 + provider) : own;
}

function tagsOf({ random }: Chronicle): { tags?: string[] } {
  const tags = [
    ...(random.chance(0.08) ? ['prior-authorization'] : []),
    ...(random.chance(0.02) ? ['suspected-cancer'] : []),
  ];
  return tags.length > 0 ? { tags } : {};
}

/** Mostly accepted; sometimes only after it was returned and sent again, or without an event that says so. */
function triage(story: Chronicle): void {
  const { random, referral, profile } = story;
  story.work(5, 1.1);
  if (story.lapses(0.05)) {
    story.say('referral.declined', { reason: declineReason(random) });
    story.notify('declined');
    story.work(20);
    const others = profile.sites.filter(({ id }) => id !== referral.site.id);
    const { id: to } = others.length > 0 ? random.pick(others) : referral.site;
    story.say('referral.rerouted', { to, inNetwork: true });
    if (random.chance(0.3)) story.say('referral.updated', { site: to });
    story.work(4);
  }
  if (story.keeps(0.9)) story.say('referral.accepted', {});
}

function declineReason(random: Random): DataSent<'referral.declined'>['reason'] {
  return random.weighted({
    misdirected: 25,
    incomplete: 25,
    out_of_criteria: 20,
    not_accepting: 15,
    coverage: 10,
    other: 5,
  });
}

const PAUSES = {
  awaiting_information: { share: 40, days: 6 },
  awaiting_authorization: { share: 30, days: 8 },
  patient_requested: { share: 20, days: 21 },
  medical_hold: { share: 10, days: 24 },
};

function hold(story: Chronicle, lacksPayer: boolean): void {
  const { random, profile } = story;
  if (!random.chance(lacksPayer ? 0.5 : 0.07 * profile.ways.pauses)) return;
  const shares = Object.fromEntries(Object.entries(PAUSES).map(([reason, { share }]) => [reason, share]));
  const reason = lacksPayer ? 'awaiting_information' : random.weighted(shares as Record<keyof typeof PAUSES, number>);
  const days = Math.max(1, Math.round(random.skewed(PAUSES[reason].days, 0.5)));
  const until = story.local.at(story.local.day(story.now) + days, 8 * 60);
  story.say('referral.paused', { reason, ...(random.chance(0.5) ? { until: formatInstant(until) } : {}) });
  story.wait(days);
  if (lacksPayer) story.say('referral.updated', { payer: `payer-${random.pick(['a', 'b', 'c'])}` });
  // Without this event the pause ends at its `until`, or at its cap.
  if (story.keeps(0.75)) story.say('referral.resumed', {});
}

/** Fields change: the priority, the coordinator, rarely the specialty. */
function amend(story: Chronicle): void {
  const { random, referral, profile } = story;
  const { coordinators, liaisons } = profile.staff;
  if (random.chance(0.03)) {
    story.work(3);
    story.say('referral.updated', { priority: referral.priority === 'routine' ? 'urgent' : 'routine' });
  }
  if (random.chance(0.02))
    story.say('referral.updated', { coordinatorId: `coordinator-${random.int(1, coordinators.length)}` });
  if (random.chance(0.01)) story.say('referral.updated', { liaisonId: `liaison-${random.int(1, liaisons.length)}` });
}

function endWithoutBooking(story: Chronicle, fate: Exclude<Fate, 'booked' | 'declined'>): void {
  const { random } = story;
  switch (fate) {
    case 'unreachable':
      contact(story, random.int(3, 5), false);
      endUnreached(story);
      return;
    case 'patientDeclined':
      contact(story, random.int(0, 2), false);
      refuse(story);
      endRefused(story);
      return;
    case 'noAccess':
      contact(story, 3, true);
      story.say('appointment.offered', { startsAt: formatInstant(story.now + random.int(50, 90) * DAY_MS) });
      if (story.keeps(0.92))
        close(story, random.pick(['wait_too_long', 'no_capacity', 'distance'] as const), 'call record');
      return;
    case 'coverage':
      story.say('referral.paused', { reason: 'awaiting_authorization' });
      story.wait(random.int(5, 20));
      close(story, random.pick(['auth_denied', 'auth_expired', 'out_of_network', 'cost'] as const), 'payer letter');
      return;
    case 'elsewhere':
      contact(story, random.int(1, 3), random.chance(0.6));
      close(
        story,
        random.pick(['scheduled_elsewhere', 'completed_elsewhere', 'referrer_redirected'] as const),
        random.chance(0.5) ? 'call record' : undefined,
      );
      return;
    case 'cancelled':
      story.work(12);
      story.say('referral.cancelled', { by: random.weighted({ referrer: 60, patient: 30, system: 10 }) });
      // Usually nobody thinks of the office then.
      if (story.profile.ways.lapses < 1) story.notify('closed');
      return;
    case 'forgotten':
      // Somebody promised to call again, and nobody did.
      if (random.chance(0.5)) contact(story, 1, false);
      if (random.chance(0.8)) expire(story);
      return;
  }
}

/** Mostly closed at once; some only weeks later or never, and some patients think better of it. */
function endRefused(story: Chronicle): void {
  const { random, profile } = story;
  const { lapses } = profile.ways;
  const way = random.weighted({ closed: 60, late: 20 * lapses, forgotten: 13 * lapses, changesMind: 7 });
  if (way === 'late') story.wait(random.int(8, 35));
  if (way === 'closed' || way === 'late') close(story, 'patient_declined', 'call record');
  if (way === 'changesMind') {
    story.wait(random.int(2, 20));
    careFor(story);
  }
}

function endUnreached(story: Chronicle): void {
  const { random, profile } = story;
  const { lapses } = profile.ways;
  const way = random.weighted({ closed: 68, expired: 24 * lapses, open: 8 * lapses });
  if (way === 'expired') expire(story);
  if (way !== 'closed') return;
  story.wait(random.int(14, 21));
  story.say('referral.closed', { reason: 'unreachable', evidence: 'attempts' });
  story.notify('unreachable', 0.6);
}

function expire(story: Chronicle): void {
  story.wait(story.random.int(25, 50));
  story.say('referral.closed', { reason: 'expired_admin' });
}

function decline(story: Chronicle): void {
  const { random } = story;
  story.work(9, 1);
  story.say('referral.declined', { reason: declineReason(random) });
  story.notify('declined', 0.7);
  if (random.chance(0.4)) {
    story.work(24);
    story.say('referral.rerouted', { to: 'a practice outside', inNetwork: false });
    if (random.chance(0.85)) close(story, random.pick(['out_of_network', 'completed_elsewhere'] as const));
  } else if (story.keeps(0.9)) close(story, 'declined_by_specialist', 'answer of the specialist');
}

const EXCLUSIONS = {
  duplicate: 40,
  entered_in_error: 10,
  test: 5,
  converted_econsult: 18,
  resolved_by_referrer: 15,
  deceased: 6,
  moved: 6,
};

function exclude(story: Chronicle): void {
  const { random, referral } = story;
  // Every second goes on to get what belongs to another, so that a small organization has one too.
  const getsNews = (referral.number / EXCLUDED_EVERY) % 2 === 1;
  if (random.chance(0.5)) triage(story);
  story.work(8);
  if (!getsNews && random.chance(0.5)) {
    story.say('referral.voided', {});
    return;
  }
  const { deceased, moved, ...alive } = EXCLUSIONS;
  const reason = random.weighted(getsNews ? alive : EXCLUSIONS);
  const original = `R-${String(Math.max(1, referral.number - 1)).padStart(6, '0')}`;
  const duplicateOf = reason === 'duplicate' && random.chance(0.7) ? { duplicateOf: original } : {};
  story.say('referral.closed', { reason, evidence: 'record', ...duplicateOf });
  if (getsNews) newsAfterEnd(story);
}
