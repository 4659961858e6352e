import type { Instant } from '../../shared/contracts/instant.ts';
import { plural } from '../../shared/mail/format-time.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import { thousands } from '../cli/columns.ts';
import { utcMinute } from '../operate/lines.ts';
import { type Finding, fail, finding, ok, type Read, some, warn } from './finding.ts';

/** Whether mail can be sent, and is. */

/** The account's standing with SES. */
export interface SesAccount {
  /** Out of the sandbox. */
  production: boolean;
  sending: boolean;
  /** `HEALTHY`, `PROBATION` or `SHUTDOWN`. */
  enforcement: string;
  /** Mails in 24 hours; -1: no limit. */
  most: number;
  sent: number;
}

export interface SesIdentity {
  verified: boolean;
  /** SES's own word: `SUCCESS`, `PENDING`, `FAILED`, `TEMPORARY_FAILURE`, `NOT_STARTED`. */
  dkim: string;
  signs: boolean;
  /** The domain in the return path. Null: SES's own. */
  mailFrom: { domain: string; status: string } | null;
}

const DEPLOY = 'docs/deploy.md#verify-the-mail-identity';

export function identityCheck(name: string, identity: Read<SesIdentity | null>): Finding {
  return finding('SES identity', identity, (found) => {
    if (found === null) return fail(`${name} is no identity of this account and region`, `Verify it: ${DEPLOY}.`);
    if (found.verified) return ok(`${name} is verified`);
    const mend = name.includes('@')
      ? 'Follow the link in the mail that SES sent to it.'
      : `Publish the three CNAME records that the deployment printed (MailDkim1 to MailDkim3): ${DEPLOY}.`;
    return fail(`${name} isn't verified: SES refuses every mail`, mend);
  });
}

/** @param holds the stage holds its mail, so nothing is refused yet */
export function sandboxCheck(account: Read<SesAccount>, holds: boolean): Finding {
  return finding('SES sandbox', account, ({ production }) => {
    if (production) return ok('out of the sandbox');
    const says = 'in the sandbox: SES sends to verified addresses only';
    const mend = 'Ask for production access in the SES console; it may take days.';
    return holds ? warn(says, mend) : fail(says, mend);
  });
}

/** @param setSends whether the stage's configuration set sends. Null: there is no such set */
export function sendingCheck(account: Read<SesAccount>, setSends: Read<boolean | null>): Finding {
  return finding('SES sending', account, ({ sending, enforcement }) => {
    const paused = 'docs/runbooks.md says what to do when SES takes no mail.';
    if (enforcement === 'SHUTDOWN') return fail('AWS has stopped the account: it sends nothing', paused);
    if (!sending) return fail('sending is paused for the account: mail goes back and waits', paused);
    if (setSends.is === 'read' && setSends.value === null)
      return fail('the stage has no configuration set', 'Deploy the stage.');
    if (setSends.is === 'read' && setSends.value === false) {
      return fail("sending is paused for the stage's configuration set", `Switch it on again. ${paused}`);
    }
    if (enforcement !== 'HEALTHY') {
      return warn(
        `AWS watches the account (${enforcement})`,
        'Bounces or complaints are too many: `npx loopwatch mail list` shows them.',
      );
    }
    if (setSends.is === 'unread')
      return warn(`on for the account; configuration set: ${setSends.why}`, 'Ask with other rights.');
    return ok('on, and in good standing');
  });
}

/** A digest hour takes a good part of a day's mails at once. */
const NEARLY = 0.8;

export function quotaCheck(account: Read<SesAccount>): Finding {
  return finding('SES quota', account, ({ most, sent }) => {
    if (most < 0) return ok(`${thousands(sent)} mails in the last 24 hours, no limit`);
    const says = `${thousands(sent)} of ${thousands(most)} mails in the last 24 hours`;
    const mend = 'Ask for a higher sending quota in the Service Quotas console.';
    if (sent >= most) return fail(`${says}: SES takes no more`, mend);
    return sent >= most * NEARLY ? warn(says, mend) : ok(says);
  });
}

export function dkimCheck(name: string, identity: Read<SesIdentity | null>): Finding {
  return finding('DKIM', identity, (found) => {
    if (found === null) return fail('there is no identity to sign for', `Verify it: ${DEPLOY}.`);
    if (name.includes('@') && found.dkim !== 'SUCCESS') {
      return warn('mail of a single address is not signed', 'Verify its domain and name that as mail.identity.');
    }
    if (found.dkim === 'SUCCESS' && found.signs) return ok('mail is signed');
    if (found.dkim === 'SUCCESS')
      return fail('the domain is verified, but signing is off', 'Switch DKIM on in the SES console.');
    const mend = `Publish the three CNAME records that the deployment printed (MailDkim1 to MailDkim3): ${DEPLOY}.`;
    const says = `${found.dkim.toLowerCase()}: mail is not signed, receivers may refuse it`;
    return found.dkim === 'PENDING' ? warn(says, `${mend} SES looks for them for 72 hours.`) : fail(says, mend);
  });
}

/** @param spf TXT records of the domain in the return path; only asked for if it is the organization's own */
export function spfCheck(identity: Read<SesIdentity | null>, spf: Read<readonly string[]>): Finding {
  return finding('SPF', identity, (found) => {
    const mailFrom = found?.mailFrom ?? null;
    if (mailFrom === null) return ok("passes for SES's own return path; DMARC rests on DKIM");
    const { domain, status } = mailFrom;
    const mend = `Publish for ${domain}: MX 10 feedback-smtp.REGION.amazonses.com and TXT "v=spf1 include:amazonses.com ~all".`;
    if (status !== 'SUCCESS') return warn(`MAIL FROM domain ${domain} is ${status.toLowerCase()}`, mend);
    if (spf.is === 'unread') return { level: 'unknown', says: `${domain}: ${spf.why}`, mend: null };
    const records = spf.value.filter((text) => /^v=spf1(?: |$)/i.test(text));
    if (records.length > 1)
      return fail(`${domain} has ${records.length} SPF records: none counts`, 'Leave one of them.');
    if (!records.some((text) => /\binclude:amazonses\.com\b/i.test(text))) {
      return fail(`${domain} doesn't let SES send`, mend);
    }
    return ok(`${domain} lets SES send`);
  });
}

/** @param records TXT records at `_dmarc` of the domain, or of the nearest domain above it that has any */
export function dmarcCheck(domain: string, records: Read<readonly string[]>): Finding {
  return finding('DMARC', records, (texts) => {
    const policies = texts.filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text));
    const [policy, ...others] = policies;
    if (policy === undefined) {
      const mend = `Publish TXT at _dmarc.${domain}: "v=DMARC1; p=none; rua=mailto:ADDRESS", and tighten it later.`;
      return warn(`${domain} says nothing: large providers may refuse its mail`, mend);
    }
    if (others.length > 0) return fail(`${policies.length} records: receivers heed none`, 'Leave one of them.');
    const p = /;\s*p\s*=\s*(none|quarantine|reject)\b/i.exec(policy)?.[1];
    if (p === undefined) return fail('a record without a policy', 'Add p=none, p=quarantine or p=reject to it.');
    return ok(`p=${p.toLowerCase()}`);
  });
}

/** @param mails those of the last days */
export function heldCheck(holds: boolean | null, mails: Read<readonly MailJob[]>): Finding {
  return finding('mail held', mails, (all) => {
    const ended = all.filter(({ status }) => status === 'sent' || status === 'held');
    const last = ended.sort((a, b) => endOf(a) - endOf(b)).at(-1);
    const was: string | null = last?.status ?? null;
    const when = last === undefined ? '' : `${utcMinute(endOf(last))} UTC`;
    if (holds === true && was === 'sent') {
      const mend = 'If that was after the hold was deployed, it was not: deploy the stage.';
      return warn(`by the stage's file, but a mail was sent ${when}`, mend);
    }
    if (holds === true || (holds === null && was === 'held')) {
      return warn('every mail is made and kept, none is sent', 'docs/go-live.md says how to compare and take over.');
    }
    if (was === 'held') {
      return warn(`the last mail was held, ${when}`, 'If the hold was not lifted since, deploy the stage.');
    }
    return ok(was === null ? 'no; nothing was mailed in the last days' : `no; the last mail was sent ${when}`);
  });
}

const endOf = ({ sentAt, heldAt, dueAt }: MailJob): Instant => sentAt ?? heldAt ?? dueAt;

/** What became of the mails of the last days. */
export function deliveryCheck(mails: Read<readonly MailJob[]>): Finding {
  return finding('mails', mails, (all) => {
    const count = (is: (job: MailJob) => boolean): string[] => [
      ...new Set(all.filter(is).map(({ personId }) => personId)),
    ];
    const back = count(
      (job) => job.sesBounceAt !== undefined || job.sesComplaintAt !== undefined || job.sesRejectAt !== undefined,
    );
    const undeliverable = count(({ status }) => status === 'undeliverable');
    const says = [
      ...(back.length > 0 ? [`came back or complained: ${some(back)}`] : []),
      ...(undeliverable.length > 0 ? [`nobody to send to: ${some(undeliverable)}`] : []),
    ];
    if (says.length > 0)
      return warn(says.join('; '), '`npx loopwatch mail list` names each mail; correct the addresses and push.');
    return ok(`${plural(all.length, 'mail')} in the last days, none came back`);
  });
}
