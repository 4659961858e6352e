import { DAY_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { utcDate } from '../../../shared/domain/mail/mail-id.ts';
import { type OperationsMailInput, operationsMail } from '../../../shared/domain/mail/operations-mail.ts';
import { referralsOf, withoutReferrals } from '../../../shared/domain/mail/unshown.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { referralsAside } from '../../../shared/store/set-aside-store.ts';
import { PREVIOUS_DAYS, previousLook } from '../digest-sequence.ts';
import { nobodysAlerts } from '../referral-alerts.ts';
import type { GatherContext, Kind } from './kind.ts';

/** Longer than a function runs: whatever was refused, or came, this long ago is in the table. */
const SETTLED_MS = MINUTE_MS;

async function gather(job: MailJob, context: GatherContext): Promise<OperationsMailInput> {
  const { recipient, config, asOf } = context;
  const { since, last } = await previousLook(job, recipient, context);
  const alerts = await nobodysAlerts(context);
  const trouble = await troubleSince(since ?? job.dueAt - DAY_MS, context);
  return { recipient, period: job.period, asOf, since, last, config, alerts, ...trouble };
}

type Trouble = Pick<
  OperationsMailInput,
  'refused' | 'unmatched' | 'unmapped' | 'deadLetters' | 'setAside' | 'feedsHeard' | 'configuredSince' | 'mails'
>;

/** What the mail reports besides alerts. */
async function troubleSince(since: Instant, context: GatherContext): Promise<Trouble> {
  const { asOf, config, configs, quarantine, feeds, mails: mailStore, deadLetters, setAsides, unread } = context;
  // What became of the mails since the last look, and of those from the days before it.
  const days = PREVIOUS_DAYS + Math.max(1, Math.ceil((asOf - since) / DAY_MS));
  const dates = new Set(Array.from({ length: days }, (_, before) => utcDate(asOf - before * DAY_MS)));
  // What is refused, or comes, while this mail is made is reported by the next one.
  const [from, to] = [since - SETTLED_MS, asOf - SETTLED_MS];
  const [{ since: configuredSince }, refused, unmatched, unmapped, counts, asides, feedsHeard, mails] =
    await Promise.all([
      configs.inForce(),
      quarantine.countBetween(from, to, 'refusedAt', unread),
      context.unmatched.heldBetween(from, to, unread),
      context.unmapped.codesBetween(from, to, unread),
      deadLetters.counts(),
      setAsides.all(unread),
      feeds.heard((config.directory.feeds ?? []).map(({ name }) => name)),
      Promise.all([...dates].map((date) => mailStore.dueOn(date, unread))),
    ]);
  const setAside = referralsAside(asides);
  return {
    configuredSince,
    refused,
    unmatched,
    unmapped,
    deadLetters: counts,
    setAside,
    feedsHeard,
    mails: mails.flat(),
  };
}

export const operationsMailKind: Kind<'operations', OperationsMailInput> = {
  gather,
  decide: operationsMail,
  referralsOf,
  without: withoutReferrals,
  isSupersededByNext: true,
};
