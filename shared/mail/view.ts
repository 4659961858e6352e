import type { Priority } from '../contracts/vocabulary.ts';
import type { RowView } from './row-view.ts';

/** Everything that a mail says, as text: HTML and plain text are two layouts of this one view. */
export interface MailView {
  subject: string;
  title: string;
  date: string;
  /** For whom, and as of when. */
  byline: string;
  /** What an inbox shows beside the subject: how much there is of what. */
  preview: string;
  /** The first sentence. */
  lead: string;
  /** How much there is of what; empty where the first sentence says it all. */
  counts: CountView[];
  notes: string[];
  blocks: BlockView[];
  /** What was left out after the last block. */
  more: string | null;
  footer: string[];
}

/** `13 to do today`, of which `1 STAT`, `2 URGENT`. */
export interface CountView {
  count: number;
  label: string;
  /** What of it can't wait. */
  priorities: { text: string; tone: Priority }[];
}

export interface BlockView {
  /** Such as the practice, in a liaison's mail. */
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
  /** What else there is a list of. */
  entries: EntryView[];
  more: string | null;
}

/** One line of a list that is not of referrals: a feed, a queue, a practice. */
export interface EntryView {
  name: string;
  /** What of it: `silent for 3 days`. */
  state: string;
  /** It tells of something that went wrong. */
  isOver: boolean;
  details: string | null;
}
