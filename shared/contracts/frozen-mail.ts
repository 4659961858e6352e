import * as z from 'zod';
import { withHead } from './head.ts';
import { instant } from './instant.ts';
import type {
  CoordinatorSection,
  DigestRow,
  DigestSection,
  MailContent,
  OperationsContent,
  RowMarks,
  SectionContent,
} from './mail.ts';
import { completeReport, REPORT_KINDS, storedReport } from './report.ts';
import { ALERT_KINDS } from './vocabulary.ts';

/** What a mail said, as it was frozen by this or an earlier release. */

const namedAlert = z.object({ kind: z.enum(ALERT_KINDS), dueAt: instant.nullable() });
const digestRow = namedAlert.extend({ referralId: z.string(), also: z.array(namedAlert) });
const sections = z.array(z.object({ section: z.string(), rows: z.array(digestRow) }));
const recipient = z.object({ id: z.string(), name: z.string(), email: z.string(), timeZone: z.string() });
const base = z.object({ recipient, receivedBy: recipient.optional(), period: z.string(), asOf: instant });
const contentHead = z.discriminatedUnion('kind', [
  base.extend({ kind: z.enum(['coordinator_digest', 'urgent_alert', 'operations']), sections }),
  base.extend({
    kind: z.literal('liaison_digest'),
    practices: z.array(z.object({ practiceId: z.string(), sections })),
  }),
  base.extend({ kind: z.literal('weekly_report'), reportKind: z.enum(REPORT_KINDS), report: storedReport }),
]);
/** Reads what a mail said as it was frozen: kind, recipient, instants and the alerts named are checked. */
export const mailContent = withHead<MailContent>(contentHead).transform(completeContent);

/** Content as this release writes it, from what an earlier one froze. */
function completeContent(content: MailContent): MailContent {
  switch (content.kind) {
    case 'coordinator_digest': {
      const before = { hasLast: content.since !== null, cut: [], resolvedReferrals: [], stood: [] };
      return { ...before, ...content, sections: content.sections.map(completeSection) };
    }
    case 'urgent_alert':
      return { ...content, sections: content.sections.map(completeSection) };
    case 'operations':
      return completeOperations(content);
    case 'liaison_digest': {
      const before = { hasLast: content.since !== null };
      return {
        ...before,
        ...content,
        practices: content.practices.map((practice) => ({
          ...practice,
          sections: practice.sections.map(completeSection),
        })),
      };
    }
    case 'weekly_report':
      return { ...content, report: completeReport(content.report) };
  }
}

/** Operations mails of the first releases don't say what is new in them: all of it counts as new. */
function completeOperations({
  deadLetters,
  sections,
  quietFeeds,
  endingHolidays,
  ...content
}: OperationsContent): OperationsContent {
  const isNew = (thing: { isNew?: boolean }): boolean => thing.isNew ?? true;
  return {
    ...content,
    deadLetters: deadLetters.map((queue) => ({ ...queue, before: queue.before ?? 0 })),
    sections: sections.map(({ rows, newReferrals, ...section }) => ({
      ...section,
      rows: rows.map((row) => ({ ...completeRow(row), isNew: isNew(row), lastEvent: row.lastEvent ?? null })),
      newReferrals: newReferrals ?? rows.length + section.more,
    })),
    quietFeeds: quietFeeds.map((feed) => ({ ...feed, isNew: isNew(feed) })),
    // There was no such list in the first release.
    endingHolidays: (endingHolidays ?? []).map((site) => ({ ...site, isNew: isNew(site) })),
  };
}

/** What sections of the coordinator's digest were called in the first releases. */
const FORMER_SECTIONS: Partial<Record<string, CoordinatorSection>> = {
  due_today: 'due',
  escalated: 'escalated_elsewhere',
  snooze_expired: 'soon',
};

/** A row as the first releases wrote it. */
type FormerRow = DigestRow & { acknowledged?: boolean; snoozeExpired?: boolean };

function completeSection<S extends DigestSection>(content: SectionContent<S>): SectionContent<S> {
  const section = (FORMER_SECTIONS[content.section] as S | undefined) ?? content.section;
  return { ...content, section, rows: content.rows.map(completeRow) };
}

function completeRow({ acknowledged, snoozeExpired, ...row }: FormerRow): DigestRow {
  const marks: RowMarks = {
    acknowledged: acknowledged === true ? { by: null, at: null } : null,
    snoozeOver: snoozeExpired === true,
    reopened: false,
  };
  const before: Partial<DigestRow> = { coarse: false, wrongNumber: false, state: null, marks, newlyEscalated: false };
  const also = row.also.map((alert) => Object.assign({ coarse: false }, alert));
  return Object.assign(before, row, { also });
}
