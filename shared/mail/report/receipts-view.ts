import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { DECLINE_REASONS } from '../../contracts/vocabulary.ts';
import { nameOf } from '../names.ts';
import { type Block, fact, row, type Section, table } from './blocks.ts';
import {
  type Cell,
  cell,
  counted,
  countOf,
  FEWEST_FOR_PERCENT,
  FEWEST_IN_GROUP,
  grouped,
  mostFirst,
  shareText,
  shortShare,
  sum,
} from './figures.ts';
import { DECLINE_REASON, PERIOD } from './report-wording.ts';
import { bySpecialtyName } from './scope.ts';

const MOST_ROWS = 5;

interface Group {
  name: string;
  received: number;
  incomplete: number;
  declined: number;
}

/** What came in: how complete, and what of it was declined. */
export function intakeSection({ report: { intake, received }, reportKind }: ReportContent, config: Config): Section {
  const { one } = PERIOD[reportKind];
  const declined = sum(Object.values(intake.declined));
  const reasons = mostFirst(intake.declined) as [keyof typeof DECLINE_REASON, number][];
  return {
    title: 'Intake',
    blocks: [
      fact('Received', `${counted(received.n, 'referral')} this ${one}, ${grouped(received.prior)} the ${one} before.`),
      fact('Incomplete at receipt', `${shareText(intake.incomplete)}.`),
      fact(`Declined this ${one}`, declined === 0 ? 'none.' : `${counted(declined, 'time')}.`),
      ...table(
        null,
        ['Declined because', 'Times'],
        reasons.map(([reason, n]) =>
          row(DECLINE_REASONS.includes(reason) ? DECLINE_REASON[reason] : reason, [cell(grouped(n))], {
            bar: n / (reasons[0]?.[1] ?? 1),
          }),
        ),
      ),
      ...groupBlocks('Specialty', specialtiesOf(intake, config)),
      ...groupBlocks('Practice', practicesOf(intake, config)),
    ],
  };
}

/** The specialties or practices with most that is incomplete or declined. */
function groupBlocks(column: string, groups: readonly Group[]): Block[] {
  const troubled = groups
    .filter(({ incomplete, declined }) => incomplete + declined > 0)
    .sort((a, b) => b.incomplete + b.declined - a.incomplete - a.declined || (a.name < b.name ? -1 : 1));
  const rows = troubled
    .slice(0, MOST_ROWS)
    .map(({ name, received, incomplete, declined }) =>
      row(name, [incompleteCell(incomplete, received), cell(grouped(declined))]),
    );
  return table(`By ${column.toLowerCase()}: most incomplete or declined`, [column, 'Incomplete', 'Declined'], rows);
}

/** Of how many, whichever way a percentage may be given. */
function incompleteCell(n: number, d: number): Cell {
  return d < FEWEST_FOR_PERCENT
    ? cell(countOf({ n, d }))
    : cell(grouped(n), `${shortShare({ n, d })} of ${grouped(d)}`);
}

function specialtiesOf(intake: ReportFigures['intake'], config: Config): Group[] {
  const add = (a: number, b: number): number => a + b;
  const named = (counts: Readonly<Record<string, number>>): Map<string, number> =>
    new Map(bySpecialtyName(counts, add, config));
  return groupsOf(
    named(intake.receivedBySpecialty),
    named(intake.incomplete.bySpecialty),
    named(intake.declinedBySpecialty),
  );
}

/** Only of practices that are large enough: a few people could be told apart. */
function practicesOf(intake: ReportFigures['intake'], { directory }: Config): Group[] {
  const counts = (of: Readonly<Record<string, number>>): Map<string, number> => new Map(Object.entries(of));
  return groupsOf(
    counts(intake.receivedByPractice),
    counts(intake.incomplete.byPractice),
    counts(intake.declinedByPractice),
  )
    .filter(({ name }) => (intake.patientsByPractice[name] ?? 0) >= FEWEST_IN_GROUP)
    .map((group) => ({ ...group, name: nameOf(directory.practices, group.name) }));
}

function groupsOf(
  received: ReadonlyMap<string, number>,
  incomplete: ReadonlyMap<string, number>,
  declined: ReadonlyMap<string, number>,
): Group[] {
  return [...new Set([...received.keys(), ...declined.keys()])].map((name) => ({
    name,
    received: received.get(name) ?? 0,
    incomplete: incomplete.get(name) ?? 0,
    declined: declined.get(name) ?? 0,
  }));
}
