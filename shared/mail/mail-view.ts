import type { Priority } from '../contracts/vocabulary.ts';
import type { RowView } from './digest/row-view.ts';

/** Everything that a mail with rows says, as text. HTML and plain text are two layouts of it. */
export interface MailView {
  subject: string;
  title: string;
  date: string;
  /** Recipient and as-of. */
  byline: string;
  /** What an inbox shows beside the subject: the counts. */
  preview: string;
  /** The first sentence. */
  lead: string;
  /** How many referrals there are of what; empty if the first sentence says it all. */
  counts: CountView[];
  notes: string[];
  parts: PartView[];
  /** What was left out after the last part. */
  more: string | null;
  footer: string[];
}

/** `13 to do today`, among them `1 STAT` and `2 URGENT`. */
export interface CountView {
  count: number;
  label: string;
  /** How many of them can't wait. */
  priorities: { text: string; tone: Priority }[];
}

/** Some of a mail's sections under one heading. */
export interface PartView {
  /** In a liaison's mail the practice; null: none. */
  heading: string | null;
  notes: string[];
  sections: SectionView[];
}

export interface SectionView {
  title: string;
  count: number;
  hint: string | null;
  /** Referrals. */
  rows: RowView[];
  /** Whatever else the section lists. */
  entries: EntryView[];
  more: string | null;
}

/** One line of a list that is not of referrals: a feed, a queue, a practice. */
export interface EntryView {
  name: string;
  /** What is the matter with it: `silent for 3 days`. */
  state: string;
  /** Whether something has gone wrong. */
  isOver: boolean;
  details: string | null;
}
