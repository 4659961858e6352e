import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { formatDate, formatMoment } from '../../shared/mail/format-time.ts';
import type { Session } from '../pipeline/session.ts';
import type { Summary } from '../pipeline/write-out.ts';
import { beside, bold, chart, dim, padStart, thousands, WIDTH } from './columns.ts';
import { exampleOf, isOpen } from './example-referral.ts';

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
  };
}

interface Shown {
  weeks: number;
  from: Instant;
  until: Instant;
  config: Config;
  staysUp: boolean;
}

/** The summary as text for a terminal. */
export function demoText(summary: DemoSummary, { weeks, from, until, config, staysUp }: Shown): string {
  const { organization } = config.directory;
  const zone = organization.timeZone;
  const half = WIDTH / 2;
  return [
    '',
    `${bold('Loopwatch demo')}  ${organization.name}`,
    dim(`${weeks} weeks to ${formatMoment(until, zone)}; alerts and mail since ${formatDate(from, zone)}`),
    '',
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
    '',
    ...nextSteps(summary, staysUp),
  ].join('\n');
}

function totals({
  referrals,
  open,
  events,
  duplicates,
  refused,
  alerts,
  openBreaches,
  mails,
  wallSeconds,
}: DemoSummary) {
  const row = (name: string, value: number, more: string): string =>
    `  ${name.padEnd(10)}${bold(padStart(thousands(value), 7))}  ${dim(more)}`;
  return [
    row('Referrals', referrals, `${thousands(open)} open`),
    row('Events', events, `${thousands(duplicates)} came twice, ${thousands(refused)} refused and kept in quarantine`),
    row('Alerts', alerts, `${thousands(openBreaches)} breaches open now`),
    row('Mails', mails, `all of it in ${wallSeconds.toFixed(1)} s`),
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

function nextSteps({ inboxUrl, example, mails }: DemoSummary, staysUp: boolean): string[] {
  if (!staysUp) return [dim('Without --exit it stays up, with the mails in a web inbox.')];
  return [
    ...(inboxUrl ? [`${bold('Inbox')}    ${inboxUrl}  ${dim(`(${thousands(mails)} mails)`)}`] : []),
    ...(example ? [`${bold('Explain')}  npx loopwatch explain ${example}`] : []),
    dim('It keeps taking in what arrives. Ctrl-C ends it and forgets everything.'),
  ];
}
