import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import { type Block, fact, muted, type Section, section } from '../blocks.ts';
import { yearOf } from '../format-time.ts';
import { counted } from '../lists.ts';
import { FEWEST_FOR_PERCENT, FEWEST_PEOPLE, shareText } from './format-figure.ts';
import { PERIOD } from './report-wording.ts';

/** The yearly estimate, and what it is not. Nothing before anybody counts. */
export function estimateSection({ report }: ReportContent, { directory }: Config): Section[] {
  const { cms50Estimate, cms50TooRecent, from } = report;
  if (cms50Estimate.d === 0) return [];
  const year = yearOf(parseInstant(from) ?? 0, directory.organization.timeZone);
  const recent =
    cms50TooRecent === 0
      ? ''
      : ` Of those without one ${counted(cms50TooRecent, 'was', 'were')} ordered under 90 days ago, so theirs may yet come.`;
  return [
    section('CMS50-style estimate', [
      fact('Patients whose note came back', `${shareText(cms50Estimate)}.${recent}`),
      muted(
        `An estimate, not a certified measure: of patients whose first referral of ${year} was ordered from January to October, ` +
          'cancelled ones, duplicates and the like aside, those with a note of that year.',
      ),
    ]),
  ];
}

/** How every figure is made, for readers who want to check it. */
export function definitionsSection({ reportKind }: ReportContent): Section {
  const { one } = PERIOD[reportKind];
  return section('How these figures are made', [
    defined(
      'Kept in time',
      `of the promises (SLA clocks) that fell due in the ${one}, by elapsed time with pauses ignored, the share that was kept ` +
        'by then. What is overdue and still open is missed; what ended early without being done is lost, and counts as not kept.',
    ),
    defined(
      'Excluded',
      'entered in error, or ended before it was due: by a cancellation, as a duplicate and the like, by other care, or ' +
        'as completed.',
    ),
    defined(
      'Better, worse and usual',
      `the usual level is the share of up to 26 ${one}s before that had ${FEWEST_FOR_PERCENT} or more due, as known now; there must ` +
        `be 8. A change is this ${one} outside the usual range (3 standard errors), the last 8 ${one}s on one side of the ` +
        'usual level, or each of the last 7 lower, or higher, than the one before. Missed mostly: at the site or in the specialty ' +
        'with most misses beyond its own share before.',
    ),
    defined(
      'Lost, leaked and loop closed',
      'of referrals received 90 to 180 days before this report. Leaked: ended for a reason that means no care in the ' +
        'network, without a completed visit or a note. Loop closed: the referring side has the note.',
    ),
    defined(
      'How long, how soon',
      'Kaplan-Meier; booked or lost by a day is the cumulative incidence (Aalen-Johansen), each with the other as competing end.',
    ),
    defined(
      'No-shows',
      `of the appointments that started in the ${one} and have an outcome. Attendance is never inferred.`,
    ),
    defined(
      'Practices',
      'gone quiet: none for 60 days and 3 times the usual gap, after 4 or more in a year. Declining: 40 percent fewer over 8 ' +
        'weeks than the half year before leads to expect, with a chance under 0.5 percent were nothing changed.',
    ),
    defined(
      'Small numbers',
      `under ${FEWEST_FOR_PERCENT} members counts are given, not percentages; of practices and segments, groups under ` +
        `${FEWEST_PEOPLE} people are left out.`,
    ),
  ]);
}

const defined = (term: string, meaning: string): Block => fact(term, meaning, 'muted');
