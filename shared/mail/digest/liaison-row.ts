import type { Config } from '../../contracts/config.ts';
import type { DigestRow, LiaisonDigestContent, LiaisonSection } from '../../contracts/mail.ts';
import type { AlertKind } from '../../contracts/vocabulary.ts';
import type { RowView } from '../blocks.ts';
import { clip } from '../names.ts';
import { briefDeclineWords } from './end-reason-wording.ts';
import { MOVED_ON, nextStep, paceWord } from './next-step.ts';
import { briefOfficeNews, updateAskedOf } from './office-update.ts';
import { marksOf, stateOf, toRowView } from './row-view.ts';
import { shortNameOf } from './short-name.ts';

/** A referral in a liaison's digest, in a line or two: what to tell the office of it, or what to know. */
export function toLiaisonRow(
  row: DigestRow,
  section: LiaisonSection,
  content: LiaisonDigestContent,
  config: Config,
): RowView {
  const { sites } = config.directory;
  const { order, news } = saidOf(row, section, content, config);
  const about = [
    row.specialty === null ? null : clip(row.specialty.replaceAll('_', ' ')),
    // Where there is one site, it says nothing.
    row.site === null || sites.length === 1 ? null : shortNameOf(sites, row.site),
  ].filter((part) => part !== null);
  const details = [news, about.join(', '), alsoOf(row, section)].filter((part) => part !== null && part !== '');
  return {
    ...toRowView(row, section, content, config),
    state: stateOf(row, content),
    standing: null,
    action: order,
    details: details.join(' · '),
    remarks: marksOf(row, content, config).map((text) => ({ text, isOver: false })),
  };
}

/** What the reader is asked to do, and what they only need to know. */
function saidOf(
  row: DigestRow,
  section: LiaisonSection,
  content: LiaisonDigestContent,
  config: Config,
): { order: string | null; news: string | null } {
  switch (section) {
    case 'office_not_told': {
      const news = briefOfficeNews(row.stage, row.officeUpdate);
      if (news === null) return { order: MOVED_ON, news: null };
      const asked = updateAskedOf(row, content, config);
      return asked === 'reader'
        ? { order: `Tell them${paceWord(row.priority)}: ${news}`, news: null }
        : { order: null, news: `${asked.name} is to tell them: ${news}` };
    }
    case 'declined_not_rerouted': {
      const reason = row.officeUpdate?.declineReason ?? null;
      return {
        order: nextStep(row.kind, row.stage, row.priority).replace(/\.$/, ''),
        news: reason === null ? null : briefDeclineWords(reason),
      };
    }
    case 'late_notes':
      return { order: null, news: 'consult note' };
    case 'unreachable':
      return { order: null, news: 'unreachable' };
    case 'long_waits':
      return { order: null, news: 'long wait' };
  }
}

/** What else is late or due, in the words of the sections. */
const WORD: Partial<Record<AlertKind, string>> = {
  reroute: 'not rerouted',
  note: 'late note',
  reached: 'not reached',
  scheduled: 'long wait',
  visit: 'long wait',
};

/** In a section of waits or of patients who can't be reached that they wait goes without saying. */
function alsoOf({ also }: DigestRow, section: LiaisonSection): string | null {
  const isSaid = section === 'long_waits' || section === 'unreachable';
  const words = also.flatMap(({ kind }) => WORD[kind] ?? []).filter((word) => !isSaid || word === 'late note');
  return words.length === 0 ? null : `also ${[...new Set(words)].join(', ')}`;
}
