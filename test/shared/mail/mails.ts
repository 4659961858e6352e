import { MOST_URGENT } from '../../../functions/plan-mail/urgent-jobs.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import type { DigestContent } from '../../../shared/contracts/mail.ts';
import { coordinatorDigest } from '../../../shared/domain/mail/coordinator-digest.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { liaisonDigest } from '../../../shared/domain/mail/liaison-digest.ts';
import { operationsMail } from '../../../shared/domain/mail/operations-mail.ts';
import { urgentAlert } from '../../../shared/domain/mail/urgent-alert.ts';
import type { RowContent } from '../../../shared/mail/digest/row-view.ts';
import { config, coordinator, days, FRIDAY, liaison, MONDAY } from './builders.ts';
import { trouble } from './operations-samples.ts';

/** The digests of every kind that these alerts give. */
export function digestsOf(alerts: ReferralAlert[], settings: Config = config()): DigestContent[] {
  const base = {
    recipient: coordinator(),
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    alerts,
    config: settings,
  };
  const feedback = [{ topic: 'free text of a practice', since: MONDAY - days(6) }];
  const practices = [{ practiceId: 'p1', lastContactAt: MONDAY - days(12), openFeedback: feedback }];
  const contents = [
    coordinatorDigest({ ...base, hasLast: true, memory: new Map(), escalated: alerts }),
    liaisonDigest({ ...base, hasLast: true, recipient: liaison(), practices }),
    // Planning gives one no more: it names all that it gets.
    urgentAlert({ ...base, alerts: alerts.slice(0, MOST_URGENT) }),
  ];
  return contents.filter((content) => content !== null);
}

/** The mails of every kind that these alerts give; the operations mail as if nobody were responsible for them. */
export function mailsOf(alerts: ReferralAlert[], settings: Config = config()): RowContent[] {
  const operations = operationsMail(trouble({ alerts, config: settings }));
  return [...digestsOf(alerts, settings), ...(operations ? [operations] : [])];
}

/** What a reader of the HTML sees: the page's text without the hidden preview. */
export function visibleText(html: string): string {
  return html
    .replace(/^.*?<table[^>]*class="page"[^>]*>/s, '')
    .replace(/<\/(p|h1|h2|h3|div|span|a|td|th)>|<br\/>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
