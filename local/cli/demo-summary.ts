import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { formatDate } from '../../shared/mail/format-time.ts';
import type { Session } from '../pipeline/session.ts';
import type { Summary } from '../pipeline/write-out.ts';
import { beside, bold, chart, dim, padStart, thousands, WIDTH } from './columns.ts';
import { exampleOf, isOpen } from './example-referral.ts';
import { type Forgotten, forgottenIn } from './forgotten.ts';

/** What `demo --json` prints. */
export interface DemoSummary extends Summary {
  /** Referrals that are not closed, loop-closed or voided, and have been received. */
  open: number;
  openBreaches: number;
  /** Request units by AWS's rules: to take in an event, everything per event, and per mail. */
  cost: {
    ingestPerEvent: Units;
    allPerEvent: Units;
    mailPerMail: Units;
  };
  inboxUrl: string | null;
  /** A referral whose history is worth explaining. */
  example: string | null;
  /** Patients who were forgotten, each in another way. */
  forgotten: Forgotten[];
}

interface Units {
  read: number;
  write: number;
}

const MAIL_FUNCTIONS = ['plan-mail', 'send-mail', 'record-delivery'];

export function summaryOf({ out, summary }: Session, inboxUrl: string | null, wallSeconds: number): DemoSummary {
  const unitsOf = (names: readonly string[], count: number): Units => {
    const sum = (key: 'readUnits' | 'writeUnits') =>
      names.reduce((total, name) => total + (summary.functions[name]?.[key] ?? 0), 0);
    const each = (units: number) => Math.round((units / Math.max(1, count)) * 10) / 10;
    return { read: each(sum('readUnits')), write: each(sum('writeUnits')) };
  };
  return {
    ...summary,
    wallSeconds: Math.round(wallSeconds * 10) / 10,
    open: out.referrals.filter(isOpen).length,
    openBreaches: out.alerts.filter(({ openedAt, resolvedAt }) => openedAt !== null && resolvedAt === null).length,
    cost: {
      ingestPerEvent: unitsOf(['ingest-events'], summary.events),
      allPerEvent: unitsOf(Object.keys(summary.functions), summary.events),
      mailPerMail: unitsOf(MAIL_FUNCTIONS, summary.mails),
    },
    inboxUrl,
    example: exampleOf(out),
    forgotten: forgottenIn(out),
  };
}

interface Shown {
  verbose: boolean;
  weeks: number;
  from: Instant;
  config: Config;
  staysUp: boolean;
}

/** The summary as text for a terminal: ten lines, and with `verbose` all counts and what it would cost on AWS. */
export function demoText(summary: DemoSummary, shown: Shown): string {
  const { config, weeks, verbose, staysUp } = shown;
  const { organization } = config.directory;
  const { referrals, open, openBreaches, mails, wallSeconds, forgotten } = summary;
  return [
    `${bold('Loopwatch demo')}  ${organization.name}, ${weeks} weeks in ${wallSeconds.toFixed(1)} s`,
    `${thousands(referrals)} referrals, ${thousands(open)} open; ${thousands(openBreaches)} promises broken now; ${thousands(mails)} mails sent`,
    ...forgotten.flatMap((patient) => forgottenLines(patient, organization.timeZone, staysUp)),
    ...nextSteps(summary, staysUp),
    ...(verbose ? ['', ...tables(summary, shown)] : []),
  ].join('\n');
}

/** @param staysUp whether anything is there to ask why */
function forgottenLines(
  { referralId, priority, specialty, story, since }: Forgotten,
  zone: string,
  staysUp: boolean,
): string[] {
  const why = staysUp ? `; why: npx loopwatch explain ${referralId}` : '';
  return [
    `  ${bold(referralId)}  ${priority} ${specialty.replaceAll('_', ' ')}: ${story}`,
    dim(`    overdue since ${formatDate(since, zone)}${why}`),
  ];
}

function tables(summary: DemoSummary, { from, config }: Shown): string[] {
  const half = WIDTH / 2;
  return [
    dim(`Alerts and mail since ${formatDate(from, config.directory.organization.timeZone)}`),
    ...totals(summary),
    '',
    ...beside([
      { lines: chart('Referrals by stage', summary.byStage, half - 3), width: half },
      { lines: chart('Breaches by kind', summary.breachesByKind, half), width: half },
    ]),
    '',
    ...beside([
      { lines: chart('Mails by kind', summary.mailsByKind, half - 3), width: half },
      { lines: chart('Refused by reason', summary.refusedByReason, half), width: half },
    ]),
    '',
    ...costTable(summary),
  ];
}

function totals({ referrals, open, events, duplicates, refused, alerts, openBreaches, mails }: DemoSummary) {
  const row = (name: string, value: number, more: string): string =>
    `  ${name.padEnd(10)}${bold(padStart(thousands(value), 7))}  ${dim(more)}`.trimEnd();
  return [
    row('Referrals', referrals, `${thousands(open)} open`),
    row('Events', events, `${thousands(duplicates)} came twice, ${thousands(refused)} refused and kept in quarantine`),
    row('Alerts', alerts, `${thousands(openBreaches)} breaches open now`),
    row('Mails', mails, ''),
  ];
}

function costTable({ functions, cost }: DemoSummary): string[] {
  const cells = (values: readonly string[]): string =>
    values.map((value, index) => (index === 0 ? value.padEnd(18) : padStart(value, 14))).join('');
  const rows = Object.entries(functions).map(([name, { requests, readUnits, writeUnits }]) =>
    cells([name, ...[requests, readUnits, writeUnits].map((value) => thousands(Math.round(value)))]),
  );
  const { ingestPerEvent, allPerEvent, mailPerMail } = cost;
  const units = ({ read, write }: Units): string => `${read} read + ${write} write`;
  return [
    bold('DynamoDB request units, by the rules of AWS') + dim('  (runs that find nothing left out)'),
    `  ${dim(cells(['function', 'requests', 'read units', 'write units']))}`,
    ...rows.map((row) => `  ${row}`),
    dim(`  by event: ${units(ingestPerEvent)} to take it in, ${units(allPerEvent)} all in all`),
    dim(`  by mail:  ${units(mailPerMail)} to plan, make, send and follow it`),
  ];
}

function nextSteps({ inboxUrl, mails }: DemoSummary, staysUp: boolean): string[] {
  if (!staysUp) return [dim('Without --exit it stays up, shows the mails in a web inbox and says why.')];
  return [
    ...(inboxUrl ? [`${bold('Inbox')}  ${inboxUrl}  ${dim(`(${thousands(mails)} mails; it opens on a digest)`)}`] : []),
    dim('Ask why in another terminal. Ctrl-C ends the demo and forgets everything.'),
  ];
}
