import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import { type Block, fact, muted, type Section, section } from '../blocks.ts';
import { yearOf } from '../format-time.ts';
import { FEWEST_FOR_PERCENT, FEWEST_PEOPLE, shareText } from './format-figure.ts';
import { PERIOD } from './report-wording.ts';

/** The yearly estimate, and what it is not. */
export function estimateSection({ report }: ReportContent, { directory }: Config): Section {
  const { cms50Estimate, from } = report;
  const year = yearOf(parseInstant(from) ?? 0, directory.organization.timeZone);
  return section('CMS50-style estimate', [
    fact(
      'Patients whose note came back',
      cms50Estimate.d === 0 ? `no patient of ${year} counts towards it yet.` : `${shareText(cms50Estimate)}.`,
    ),
    muted(
      `An estimate, not a certified measure: patients whose first referral of ${year} was ordered from January to ` +
        'October, cancelled ones, duplicates and the like aside, and of these those with a note received in that year so far.',
    ),
  ]);
}

/** How every figure is made, for readers who want to check it. */
export function definitionsSection({ reportKind }: ReportContent): Section {
  const { one } = PERIOD[reportKind];
  return section('How these figures are made', [
    defined(
      'In time',
      `of the promises (SLA clocks) that fell due in the ${one}, the share that was kept by then. What is overdue and ` +
        'still open is missed; what ended early without being done is lost, and counts as not kept. Nothing is left undecided.',
    ),
    defined('Due', "by elapsed time, pauses ignored. Work lists leave pauses out; these figures don't."),
    defined(
      'Excluded',
      'entered in error, or ended before it was due: by a cancellation, as a duplicate and the like, by other care, or ' +
        'as completed.',
    ),
    defined(
      'Better, worse and usual',
      `the usual level is the share of up to 26 ${one}s before; ${one}s with under ${FEWEST_FOR_PERCENT} are passed over, ` +
        `and at least 8 must be left. A change is called one if this ${one} lies outside the usual range (3 standard ` +
        `errors, a control chart), if the last 8 ${one}s all lie on one side of the usual level, or if each of the last 7 ` +
        `is lower, or each higher, than the one before. Earlier ${one}s are computed with what is known now.`,
    ),
    defined(
      'Where patients are lost, and why they leak',
      'referrals received 90 to 180 days before this report, wherever they stand now.',
    ),
    defined('Leaked', 'ended for a reason that means no care in the network, without a completed visit or a note.'),
    defined(
      'Another network',
      'of those that were seen, or are known to have gone elsewhere. What expired or was closed without a known reason is neither.',
    ),
    defined('Loop closed', 'the consult note was received by the referring side; not the visit, not the signature.'),
    defined(
      'How long, how soon',
      'Kaplan-Meier, with open cases counted as long as they are known; booked or lost by a day is the cumulative ' +
        'incidence (Aalen-Johansen), each with the other as competing end.',
    ),
    defined(
      'No-shows',
      `of the appointments that started in the ${one} and have an outcome; one that was moved after it was missed counts ` +
        'for the start that was missed. Attendance is never inferred.',
    ),
    defined(
      'Gone quiet',
      'no referral for longer than 60 days and than 3 times the usual gap, of a practice with 4 or more in a year.',
    ),
    defined(
      'Declining',
      'a fall of 40 percent or more over 8 weeks against the half year before, with a chance under 0.5 percent were nothing changed.',
    ),
    defined(
      'Small numbers',
      `under ${FEWEST_FOR_PERCENT} members counts are given, not percentages; of practices and segments, groups under ` +
        `${FEWEST_PEOPLE} people are left out.`,
    ),
  ]);
}

const defined = (term: string, meaning: string): Block => fact(term, meaning, 'muted');
