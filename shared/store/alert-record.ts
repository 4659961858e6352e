import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { Instant } from '../contracts/instant.ts';
import { alert as alertSchema, type ReferralState } from '../contracts/state.ts';
import { listedUntil } from '../domain/alert/listed.ts';
import { referralKey } from './keys.ts';
import { ALERTS_DICTIONARY } from './packing-dictionaries.ts';
import { readPacked } from './read-item.ts';
import type { Listed, StoredAlert, StoredReferral, UrgentMail } from './referral-store.ts';

/**
 * The alerts of a referral as its item keeps them: a record of what was found when. Only who looks at alerts unpacks it;
 * ingest, rebuilds and reports carry it as it is.
 */

const PACKING = { dictionary: ALERTS_DICTIONARY, chunkSize: 4096 };
const text = z.string().nullable();

const urgentMail = z.object({
  to: z.string(),
  is: z.union([z.literal(['pending', 'told']), z.templateLiteral(['mail:', z.string()])]),
  told: z.array(z.string()).exactOptional(),
}) satisfies z.ZodType<UrgentMail>;
/** An earlier release left out for good what somebody had seen to: now it may still become urgent. */
const withoutLeftOut = (stored: unknown): unknown =>
  (stored as { is?: unknown } | null)?.is === 'skipped' ? null : stored;

/** What is null, or the same in all of a referral's alerts, is left out. */
const storedAlert = alertSchema.omit({ referralId: true }).extend({
  atRiskAt: alertSchema.shape.atRiskAt.default(null),
  openedAt: alertSchema.shape.openedAt.default(null),
  escalatedAt: alertSchema.shape.escalatedAt.default(null),
  resolvedAt: alertSchema.shape.resolvedAt.default(null),
  resolution: alertSchema.shape.resolution.default(null),
  acknowledgedBy: text.default(null),
  acknowledgedAt: alertSchema.shape.acknowledgedAt.default(null),
  snoozedUntil: alertSchema.shape.snoozedUntil.default(null),
  urgentMail: z.preprocess(withoutLeftOut, urgentMail.nullable().default(null)),
});
const record = z.object({ alerts: z.array(storedAlert) });

/** The record of a referral's alerts. Null: it has none. */
export function packAlerts(alerts: readonly StoredAlert[]): Uint8Array | null {
  if (alerts.length === 0) return null;
  const rows = alerts.map(({ alert: { referralId: _, ...alert }, urgentMail }) => ({ ...alert, urgentMail }));
  return deflateRawSync(
    JSON.stringify(rows, (_, value: unknown) => value ?? undefined),
    PACKING,
  );
}

/** @throws UnreadableItemError if the record isn't one of this version */
export function unpackAlerts({
  alerts,
  state,
}: Pick<StoredReferral, 'alerts'> & { state: Pick<ReferralState, 'referralId'> }): StoredAlert[] {
  if (alerts === null) return [];
  const shape = 'referrals referral#<referral> 1#referral';
  const read = readPacked(record, { pk: referralKey(state.referralId), alerts }, shape, 'alerts', (packed) =>
    inflateRawSync(packed, PACKING),
  );
  return read.alerts.map(({ urgentMail, ...alert }) => ({
    alert: { referralId: state.referralId, ...alert },
    urgentMail,
  }));
}

/** In which indexes a referral and its alerts stand at an instant. */
export function listedBy(state: ReferralState, alerts: readonly StoredAlert[], now: Instant): Listed {
  const until = listedUntil(
    alerts.map(({ alert }) => alert),
    state,
  );
  return {
    owned: until !== null && until > now,
    escalated: alerts.some(({ alert }) => alert.resolvedAt === null && alert.level === 'escalated'),
    urgent: alerts.some(({ urgentMail }) => urgentMail?.is === 'pending'),
  };
}

export const NOT_LISTED: Listed = { owned: false, escalated: false, urgent: false };
