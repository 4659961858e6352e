import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Alert, ReferralState } from '../../shared/contracts/state.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { listedBy, packAlerts, unpackAlerts } from '../../shared/store/alert-record.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import type { Quarantined } from '../../shared/store/quarantine-store.ts';
import type {
  LoggedEvent,
  ReferralStore,
  StoredAlert,
  StoredReferral,
  UrgentMail,
} from '../../shared/store/referral-store.ts';
import type { Unmatched } from '../../shared/store/unmatched-store.ts';
import { sampleConfig } from './config.ts';
import { accepted, receivedData, type SentEvent, sent } from './events.ts';
import { at } from './instants.ts';

/** What stores keep, with plain values unless a test overrides them. */

const MONDAY = at('03-02 14:00');
const config = sampleConfig();

/** The projection of a referral that was just received. */
export function stateOf(referralId: string, over: Partial<ReferralState> = {}): ReferralState {
  const received = sent('referral.received', MONDAY, receivedData(), { subject: referralId });
  return { ...foldReferral(referralId, [accepted(received)], config), ...over };
}

/** The name of the configuration with which stored referrals were folded. */
export const STORED_CONFIG = 'stored-config';

/** A referral as it is stored, due in a day. Its alerts put it in its owners' lists as of that Monday. */
export function storedReferral(
  referralId: string,
  { alerts = [], ...over }: Partial<Omit<StoredReferral, 'alerts'>> & { alerts?: StoredAlert[] } = {},
): StoredReferral {
  const state = over.state ?? stateOf(referralId);
  return {
    state,
    alerts: packAlerts(alerts),
    listed: listedBy(state, alerts, MONDAY),
    config: STORED_CONFIG,
    version: 1,
    arrivedAt: MONDAY,
    wakeAt: MONDAY + DAY_MS,
    ...over,
  };
}

/** The alerts of a stored referral, as the store has them. */
export async function alertsIn(store: Pick<ReferralStore, 'load'>, referralId: string): Promise<StoredAlert[]> {
  const stored = await store.load(referralId);
  return stored === null ? [] : unpackAlerts(stored);
}

export function logged(event: SentEvent, arrivedAt: Instant = Date.parse(event.time)): LoggedEvent {
  return { event: accepted(event), arrivedAt };
}

export function storedAlert(
  referralId: string,
  alert: Partial<Alert> = {},
  urgentMail: UrgentMail | null = null,
): StoredAlert {
  return {
    alert: {
      referralId,
      kind: 'first_attempt',
      instance: 1,
      level: 'breached',
      dueAt: MONDAY + 2 * DAY_MS,
      atRiskAt: MONDAY + DAY_MS,
      openedAt: MONDAY + 2 * DAY_MS + 900_000,
      escalatedAt: null,
      resolvedAt: null,
      resolution: null,
      since: MONDAY + DAY_MS,
      asOf: MONDAY + 2 * DAY_MS + 900_000,
      acknowledgedBy: null,
      acknowledgedAt: null,
      snoozedUntil: null,
      ...alert,
    },
    urgentMail,
  };
}

export function mailJob(mailId: string, over: Partial<MailJob> = {}): MailJob {
  return {
    mailId,
    kind: 'coordinator_digest',
    personId: 'c-1',
    period: mailId.slice(0, 10),
    dueAt: MONDAY,
    status: 'planned',
    leaseUntil: null,
    sentAt: null,
    messageId: null,
    urgent: [],
    ...over,
  };
}

/** A member that waits for its referral under one key. */
export function waiting(id: string, over: Partial<Unmatched> = {}): Unmatched {
  const { arrivedAt = MONDAY } = over;
  return {
    id,
    sender: 'scheduling',
    dialect: 'hl7v2',
    kind: 'SIU^S12',
    arrivedAt,
    until: arrivedAt + 90 * DAY_MS,
    file: null,
    position: null,
    keys: [`Appointment/${id}`],
    events: [{ id, type: 'visit.arrived' }],
    unmapped: [],
    ...over,
  };
}

export function quarantined(quarantineId: string, over: Partial<Quarantined> = {}): Quarantined {
  return {
    quarantineId,
    reason: 'invalid',
    detail: 'data.channel: expected one of the contract',
    dialect: 'cloudevents',
    sender: null,
    exportedAt: null,
    body: '{}',
    arrivedAt: MONDAY,
    refusedAt: MONDAY,
    file: null,
    position: null,
    ...over,
  };
}
