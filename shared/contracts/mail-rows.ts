import type { Cut, DigestSection, MailContent, RowMarks, RowState, SectionContent } from './mail.ts';
import type { AlertKind } from './vocabulary.ts';

/** What a mail names, as it leaves the system. */

/** What `mail.ndjson` and `explain` say of a row, or of an alert that it names. */
export interface MailedRow {
  referralId: string;
  kind: AlertKind;
  section: DigestSection;
  state: RowState | null;
  marks: ('acknowledged' | 'snooze_over' | 'reopened')[];
  /** The kinds of the referral's other alerts that the row names. */
  also: AlertKind[];
}

/**
 * What a mail names, in reading order. A coordinator's digest has one entry for each row, of the alert that leads it; a
 * mail that tells of alerts one by one has one for each alert.
 */
export function mailRows(content: MailContent): MailedRow[] {
  return sectionsOf(content).flatMap(({ section, rows }) =>
    rows.flatMap(({ referralId, state, marks, kind, also }) => {
      const others = also.map((alert) => alert.kind);
      const said = { referralId, section, state, marks: namesOf(marks) };
      if (content.kind === 'coordinator_digest') return [{ ...said, kind, also: others }];
      return [kind, ...others].map((each) => ({ ...said, kind: each, also: [] }));
    }),
  );
}

function namesOf({ acknowledged, snoozeOver, reopened }: RowMarks): MailedRow['marks'] {
  return [
    ...(acknowledged === null ? [] : ['acknowledged' as const]),
    ...(snoozeOver ? ['snooze_over' as const] : []),
    ...(reopened ? ['reopened' as const] : []),
  ];
}

/** How many rows a mail leaves out, by section and priority. */
export const cutOf = (content: MailContent): Cut[] => (content.kind === 'coordinator_digest' ? content.cut : []);

function sectionsOf(content: MailContent): SectionContent<DigestSection>[] {
  switch (content.kind) {
    case 'coordinator_digest':
    case 'urgent_alert':
    case 'operations':
      return content.sections;
    case 'liaison_digest':
      return content.practices.flatMap(({ sections }) => sections);
    case 'weekly_report':
      return [];
  }
}
