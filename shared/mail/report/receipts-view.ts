import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { DECLINE_REASONS } from '../../contracts/vocabulary.ts';
import { type Block, type Cell, cell, fact, row, type Section, sectionIfAny, table } from '../blocks.ts';
import { counted, formatCount, sum } from '../lists.ts';
import { nameOf } from '../names.ts';
import { countOf, FEWEST_FOR_PERCENT, FEWEST_PEOPLE, mostFirst, shareText, shortShare } from './format-figure.ts';
import { DECLINE_REASON, PERIOD } from './report-wording.ts';
import { bySpecialtyName } from './scope.ts';

const MOST_ROWS = 5;

/** What came in for one specialty or from one practice. */
interface Receipts {
  name: string;
  received: number;
  incomplete: number;
  declined: number;
}

/** What came in, how complete it was, and how much was declined. Nothing if nothing came. */
export function receiptsSection(
  { report: { intake, received }, reportKind }: ReportContent,
  config: Config,
): Section[] {
  const { one } = PERIOD[reportKind];
  const declined = sum(Object.values(intake.declined));
  const reasons = mostFirst(intake.declined) as [keyof typeof DECLINE_REASON, number][];
  if (received.n + received.prior + declined === 0) return [];
  return sectionIfAny('Intake', [
    fact(
      'Received',
      `${counted(received.n, 'referral')} this ${one}, ${formatCount(received.prior)} the ${one} before.`,
    ),
    ...(intake.incomplete.n === 0 ? [] : [fact('Incomplete at receipt', `${shareText(intake.incomplete)}.`)]),
    ...(declined === 0 ? [] : [fact(`Declined this ${one}`, `${counted(declined, 'time')}.`)]),
    ...table(
      null,
      ['Declined because', 'Times'],
      reasons.map(([reason, n]) =>
        row(DECLINE_REASONS.includes(reason) ? DECLINE_REASON[reason] : reason, [cell(formatCount(n))], {
          bar: n / (reasons[0]?.[1] ?? 1),
        }),
      ),
    ),
    ...receiptsBlocks('Specialty', specialtiesOf(intake, config)),
    ...receiptsBlocks('Practice', practicesOf(intake, config)),
  ]);
}

/** The specialties or practices with the most incomplete or declined referrals. */
function receiptsBlocks(column: string, receipts: readonly Receipts[]): Block[] {
  const troubled = receipts
    .filter(({ incomplete, declined }) => incomplete + declined > 0)
    .sort((a, b) => b.incomplete + b.declined - a.incomplete - a.declined || (a.name < b.name ? -1 : 1));
  const rows = troubled
    .slice(0, MOST_ROWS)
    .map(({ name, received, incomplete, declined }) =>
      row(name, [incompleteCell(incomplete, received), cell(formatCount(declined))]),
    );
  return table(`By ${column.toLowerCase()}: most incomplete or declined`, [column, 'Incomplete', 'Declined'], rows);
}

/** A count and what it is out of, as a percentage if there are enough. */
function incompleteCell(n: number, d: number): Cell {
  return d < FEWEST_FOR_PERCENT
    ? cell(countOf({ n, d }))
    : cell(formatCount(n), `${shortShare({ n, d })} of ${formatCount(d)}`);
}

function specialtiesOf(intake: ReportFigures['intake'], config: Config): Receipts[] {
  const add = (a: number, b: number): number => a + b;
  const named = (counts: Readonly<Record<string, number>>): Map<string, number> =>
    new Map(bySpecialtyName(counts, add, config));
  return receiptsOf(
    named(intake.receivedBySpecialty),
    named(intake.incomplete.bySpecialty),
    named(intake.declinedBySpecialty),
  );
}

/** Only practices that are large enough: among a few people each could be recognized. */
function practicesOf(intake: ReportFigures['intake'], { directory }: Config): Receipts[] {
  const counts = (of: Readonly<Record<string, number>>): Map<string, number> => new Map(Object.entries(of));
  return receiptsOf(
    counts(intake.receivedByPractice),
    counts(intake.incomplete.byPractice),
    counts(intake.declinedByPractice),
  )
    .filter(({ name }) => (intake.patientsByPractice[name] ?? 0) >= FEWEST_PEOPLE)
    .map((own) => ({ ...own, name: nameOf(directory.practices, own.name) }));
}

function receiptsOf(
  received: ReadonlyMap<string, number>,
  incomplete: ReadonlyMap<string, number>,
  declined: ReadonlyMap<string, number>,
): Receipts[] {
  return [...new Set([...received.keys(), ...declined.keys()])].map((name) => ({
    name,
    received: received.get(name) ?? 0,
    incomplete: incomplete.get(name) ?? 0,
    declined: declined.get(name) ?? 0,
  }));
}
