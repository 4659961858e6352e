import { describe, expect, it } from 'vitest';
import { alarmsCheck, backupsCheck, keyCheck, type Subscription } from '../../../local/doctor/account-checks.ts';
import { configurationCheck, ownersCheck, peopleCheck, sitesCheck } from '../../../local/doctor/config-checks.ts';
import type { Finding, Read } from '../../../local/doctor/finding.ts';
import {
  deliveryCheck,
  dkimCheck,
  dmarcCheck,
  heldCheck,
  identityCheck,
  quotaCheck,
  type SesAccount,
  type SesIdentity,
  sandboxCheck,
  sendingCheck,
  spfCheck,
} from '../../../local/doctor/mail-checks.ts';
import {
  detectionCheck,
  planningCheck,
  queuesCheck,
  reportsCheck,
  schedulesCheck,
  setAsideCheck,
} from '../../../local/doctor/run-checks.ts';
import type { Directory } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import type { ConfigInForce } from '../../../shared/store/config-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { mailJob } from '../../builders/stored.ts';

/** Each check, given what was read. */

/** 10:00 in New York, on a Tuesday. */
const NOW = at('03-10 14:00');
const read = <T>(value: T): Read<T> => ({ is: 'read', value });
const UNREAD: Read<never> = { is: 'unread', why: 'no right to ask (some:Action)' };

const account = (over: Partial<SesAccount> = {}): Read<SesAccount> =>
  read({ production: true, sending: true, enforcement: 'HEALTHY', most: 50_000, sent: 120, ...over });
const identity = (over: Partial<SesIdentity> = {}): Read<SesIdentity | null> =>
  read({ verified: true, dkim: 'SUCCESS', signs: true, mailFrom: null, ...over });
const OWN = { domain: 'bounce.example.org', status: 'SUCCESS' };
const SPF = 'v=spf1 include:amazonses.com ~all';

function inForce(over: Partial<ConfigInForce> = {}): Read<ConfigInForce> {
  const progress = { reportsUntil: NOW - HOUR_MS, reportsFinished: 3, plannedUntil: NOW - 2 * HOUR_MS };
  return read({
    version: 'c0ffee',
    config: sampleConfig(),
    pushedAt: NOW - 20 * DAY_MS,
    since: NOW - 20 * DAY_MS,
    appliedPush: NOW - 20 * DAY_MS,
    shardCounts: [4],
    progress: { ...progress, plannedVersion: 'c0ffee', reportsPlanned: 3 },
    ...over,
  });
}
const progress = (over: Partial<ConfigInForce['progress']>) => {
  const found = inForce() as { value: ConfigInForce };
  return inForce({ progress: { ...found.value.progress, ...over } });
};

function directory(change: (directory: Directory) => void = () => {}): Read<Directory> {
  const own = sampleConfig().directory;
  change(own);
  return read(own);
}

function subscribed(...all: [string, boolean][]): Read<Subscription[]> {
  return read(all.map(([endpoint, confirmed]) => ({ protocol: 'email', endpoint, confirmed })));
}
const OPS = 'alarms@example.org';
const sent = mailJob('m-1', { status: 'sent', sentAt: NOW - HOUR_MS });
const held = mailJob('m-2', { status: 'held', heldAt: NOW - 2 * HOUR_MS });

const NEVER = {
  ...{ reportsUntil: null, reportsFinished: 0, reportsPlanned: 0 },
  ...{ plannedUntil: null, plannedVersion: null },
};
const FACTS = { coordinatorId: 'c-1', site: 'north', specialty: null };

/** A stage whose organization goes live at an instant. */
function live(from: number): Read<ConfigInForce> {
  const config = sampleConfig();
  config.directory.organization.liveFrom = formatInstant(from);
  return inForce({ config, progress: NEVER });
}

function nobodyAllowed({ organization }: Directory): void {
  organization.allowedDomains = [];
}
function nobodyThere(own: Directory): void {
  own.people = [];
}

/** Takes an address to a domain that is not allowed. */
function moved(who: { email: string } | { operationsMailbox: string } | undefined): void {
  if (who === undefined) return;
  if ('email' in who) who.email = 'somebody@elsewhere.example';
  else who.operationsMailbox = 'operations@elsewhere.example';
}

/** What was read, how bad that is, and what the line has to say. */
type Case = [finding: Finding, level: Finding['level'], says: RegExp];

const MAIL: Case[] = [
  [identityCheck('example.org', identity()), 'ok', /is verified/],
  [identityCheck('example.org', identity({ verified: false })), 'fail', /SES refuses every mail/],
  [identityCheck('example.org', read(null)), 'fail', /is no identity/],
  [identityCheck('example.org', UNREAD), 'unknown', /no right to ask/],
  [sandboxCheck(account(), false), 'ok', /out of/],
  [sandboxCheck(account({ production: false }), false), 'fail', /verified addresses only/],
  [sandboxCheck(account({ production: false }), true), 'warn', /verified addresses only/],
  [sendingCheck(account(), read(true)), 'ok', /good standing/],
  [sendingCheck(account({ sending: false }), read(true)), 'fail', /paused for the account/],
  [sendingCheck(account({ enforcement: 'SHUTDOWN' }), read(true)), 'fail', /AWS has stopped/],
  [sendingCheck(account({ enforcement: 'PROBATION' }), read(true)), 'warn', /PROBATION/],
  [sendingCheck(account(), read(false)), 'fail', /paused for the stage's configuration set/],
  [sendingCheck(account(), read(null)), 'fail', /no configuration set/],
  [sendingCheck(account(), UNREAD), 'warn', /no right/],
  [quotaCheck(account()), 'ok', /^120 of 50,000 mails/],
  [quotaCheck(account({ sent: 40_000 })), 'warn', /^40,000 of/],
  [quotaCheck(account({ sent: 50_000 })), 'fail', /takes no more/],
  [quotaCheck(account({ most: -1 })), 'ok', /no limit/],
  [dkimCheck('example.org', identity()), 'ok', /signed/],
  [dkimCheck('example.org', identity({ dkim: 'PENDING' })), 'warn', /^pending/],
  [dkimCheck('example.org', identity({ dkim: 'FAILED' })), 'fail', /^failed/],
  [dkimCheck('example.org', identity({ signs: false })), 'fail', /signing is off/],
  [dkimCheck('a@example.org', identity({ dkim: 'NOT_STARTED' })), 'warn', /single address/],
  [spfCheck(identity(), read([])), 'ok', /own return path/],
  [spfCheck(identity({ mailFrom: OWN }), read([SPF, 'other=1'])), 'ok', /lets SES send/],
  [spfCheck(identity({ mailFrom: OWN }), read(['v=spf1 -all'])), 'fail', /doesn't let SES send/],
  [spfCheck(identity({ mailFrom: OWN }), read([SPF, 'v=spf1 -all'])), 'fail', /2 SPF records/],
  [spfCheck(identity({ mailFrom: OWN }), UNREAD), 'unknown', /no right/],
  [spfCheck(identity({ mailFrom: { ...OWN, status: 'FAILED' } }), read([SPF])), 'warn', /is failed/],
  [dmarcCheck('example.org', read(['v=DMARC1; p=reject; rua=mailto:a@example.org'])), 'ok', /p=reject/],
  [dmarcCheck('example.org', read(['other'])), 'warn', /says nothing/],
  [dmarcCheck('example.org', read(['v=DMARC1; p=none', 'v=DMARC1; p=reject'])), 'fail', /2 records/],
  [dmarcCheck('example.org', read(['v=DMARC1; rua=mailto:a@example.org'])), 'fail', /without a policy/],
  [dmarcCheck('example.org', UNREAD), 'unknown', /no right/],
  [heldCheck(true, read([held])), 'warn', /none is sent/],
  [heldCheck(null, read([held])), 'warn', /none is sent/],
  [heldCheck(true, read([held, sent])), 'warn', /but a mail was sent 2026-03-10 13:00/],
  [heldCheck(false, read([held])), 'warn', /the last mail was held, 2026-03-10 12:00/],
  [heldCheck(false, read([held, sent])), 'ok', /last mail was sent/],
  [heldCheck(false, read([])), 'ok', /nothing was mailed/],
  [deliveryCheck(read([sent, held])), 'ok', /2 mails/],
  [deliveryCheck(read([{ ...sent, sesBounceAt: NOW }])), 'warn', /came back or complained: c-1/],
  [deliveryCheck(read([{ ...sent, status: 'undeliverable', personId: 'c-2' }])), 'warn', /nobody to send to: c-2/],
];

const RUNS: Case[] = [
  [schedulesCheck(read([{ name: 'a', state: 'ENABLED' }])), 'ok', /all 1 are on/],
  [schedulesCheck(read([{ name: 'a', state: 'DISABLED' }])), 'fail', /switched off: a/],
  [schedulesCheck(read([{ name: 'a', state: null }])), 'fail', /missing: a/],
  [detectionCheck(read(null), NOW), 'ok', /no referral/],
  [detectionCheck(read(NOW - 40 * MINUTE_MS), NOW), 'ok', /no referral/],
  [detectionCheck(read(NOW - HOUR_MS), NOW), 'fail', /since 2026-03-10 13:00/],
  [planningCheck(inForce(), NOW), 'ok', /planned 2026-03-10 12:00/],
  [planningCheck(progress({ plannedUntil: NOW - 27 * HOUR_MS }), NOW), 'fail', /2026-03-09 11:00/],
  [planningCheck(progress({ plannedUntil: null }), NOW), 'fail', /never/],
  [planningCheck(read(null), NOW), 'ok', /waits/],
  [planningCheck(inForce({ since: NOW - HOUR_MS, progress: NEVER }), NOW), 'ok', /nothing was due yet/],
  [planningCheck(live(NOW + HOUR_MS), NOW), 'ok', /begins at 2026-03-10 15:00/],
  [reportsCheck(inForce(), NOW), 'ok', /written up to/],
  [reportsCheck(progress({ reportsUntil: NOW - 8 * DAY_MS }), NOW), 'fail', /due 2026-03-09 10:00 UTC are not/],
  [reportsCheck(progress({ reportsUntil: null }), NOW), 'fail', /due 2026-03-09 10:00 UTC are not/],
  [reportsCheck(inForce({ since: NOW - HOUR_MS, progress: NEVER }), NOW), 'ok', /none was due/],
  [setAsideCheck(read({ referrals: 0, unreadable: 0 })), 'ok', /no referral/],
  [setAsideCheck(read({ referrals: 2, unreadable: 0 })), 'fail', /^2 referrals can't be read or computed on$/],
  [setAsideCheck(read({ referrals: 0, unreadable: 1 })), 'fail', /^1 note of such a referral can't be read$/],
  [queuesCheck(read([{ name: 'mail-jobs', waiting: 2, dead: 0 }])), 'ok', /2 messages waiting/],
  [
    queuesCheck(
      read([
        { name: 'mail-jobs', waiting: 2, dead: 3 },
        { name: 'scheduler', waiting: null, dead: 1 },
      ]),
    ),
    'fail',
    /mail-jobs 3, scheduler 1/,
  ],
];

const CONFIGURATION: Case[] = [
  [configurationCheck(inForce(), read(0), NOW), 'ok', /applied/],
  [configurationCheck(read(null), read(0), NOW), 'fail', /none was pushed/],
  [configurationCheck(inForce({ pushedAt: NOW - 5 * MINUTE_MS }), read(0), NOW), 'warn', /being applied/],
  [configurationCheck(inForce({ pushedAt: NOW - HOUR_MS }), read(0), NOW), 'fail', /not applied/],
  [configurationCheck(inForce({ pushedAt: NOW - HOUR_MS }), read(100), NOW), 'warn', /being applied/],
  [peopleCheck(directory()), 'ok', /all \d+ have/],
  [peopleCheck(directory(({ people }) => moved(people[0]))), 'warn', /no mail may go to: [\w-]+$/],
  [peopleCheck(directory((own) => moved(own.organization))), 'fail', /operations/],
  [peopleCheck(directory((own) => nobodyAllowed(own))), 'fail', /goes to nobody/],
  [ownersCheck(directory(), read([FACTS])), 'ok', /in the directory/],
  [ownersCheck(directory(), read([{ ...FACTS, coordinatorId: 'c-gone' }])), 'warn', /1 coordinator .* c-gone/],
  [ownersCheck(directory(), UNREAD), 'unknown', /no right/],
  [sitesCheck(directory()), 'ok', /have a coordinator/],
  [sitesCheck(directory((own) => nobodyThere(own))), 'warn', /no coordinator: /],
];

const ACCOUNT: Case[] = [
  [alarmsCheck(subscribed([OPS, true]), OPS), 'ok', /go to alarms@/],
  [alarmsCheck(subscribed([OPS, false]), OPS), 'fail', /hasn't confirmed/],
  [alarmsCheck(subscribed(['other@example.org', true]), OPS), 'fail', /isn't subscribed/],
  [alarmsCheck(subscribed(), null), 'fail', /nobody gets/],
  [alarmsCheck(subscribed([OPS, true], ['other@example.org', false]), OPS), 'warn', /not confirmed: other@/],
  [alarmsCheck(read(null), OPS), 'fail', /no alarm topic/],
  [alarmsCheck(UNREAD, OPS), 'unknown', /no right/],
  [keyCheck(read({ state: 'Enabled', deletedAt: null })), 'ok', /enabled/],
  [keyCheck(read({ state: 'Disabled', deletedAt: null })), 'fail', /Disabled/],
  [keyCheck(read({ state: 'PendingDeletion', deletedAt: NOW + DAY_MS })), 'fail', /deleted at 2026-03-11/],
  [keyCheck(read(null)), 'fail', /none of that alias/],
  [backupsCheck(read([{ name: 'a', on: true }])), 'ok', /is on/],
  [backupsCheck(read([{ name: 'a', on: false }])), 'fail', /is off: a/],
  [backupsCheck(read([{ name: 'a', on: null }])), 'fail', /no table a/],
];

describe.each([
  ['mail', MAIL],
  ['runs', RUNS],
  ['the configuration', CONFIGURATION],
  ['the account', ACCOUNT],
])('a check of %s', (_, cases) => {
  it.each(cases)('%j is %s', ({ level, says, mend }, expected, pattern) => {
    expect([level, says]).toEqual([expected, expect.stringMatching(pattern)]);
    // What is wrong always comes with how to mend it.
    expect(mend !== null).toBe(level === 'warn' || level === 'fail');
  });
});
