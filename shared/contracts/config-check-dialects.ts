import type { Directory } from './config.ts';
import { checkCodes } from './config-check-codes.ts';
import { checkCsv } from './config-check-csv.ts';
import { checkPaths } from './config-check-paths.ts';
import type { Findings } from './config-findings.ts';
import { listing, type Path } from './config-problem.ts';
import { type CrosswalkName, type DialectSettings, type Dialects, UNKNOWN } from './dialects.ts';
import { expectedWord } from './nearest.ts';
import {
  APPOINTMENT_STATUSES,
  CLOSE_REASONS,
  CONTACT_CHANNELS,
  CONTACT_OUTCOMES,
  DECLINE_REASONS,
  PAUSE_REASONS,
  PRIORITIES,
} from './vocabulary.ts';

/** The words that the entries of a crosswalk have to lead to. */
const WORDS: { [N in CrosswalkName]?: readonly string[] } = {
  priority: PRIORITIES,
  decline: DECLINE_REASONS,
  close: CLOSE_REASONS,
  cancel: ['patient', 'practice', 'system'],
  pause: PAUSE_REASONS,
  channel: CONTACT_CHANNELS,
  outcome: CONTACT_OUTCOMES,
  status: APPOINTMENT_STATUSES,
};

type Places = Pick<Directory, 'sites' | 'practices'>;

/**
 * Checks what the schema of `dialects.json` can't see: names that come twice, words of crosswalks, mappings that could
 * never make an event.
 * @param directory null: it can't be read
 */
export function checkDialects({ defaults, senders }: Dialects, directory: Places | null, findings: Findings) {
  checkSettings(defaults, ['defaults'], directory, findings);
  const first = new Map<string, number>();
  for (const [index, sender] of senders.entries()) {
    const path: Path = ['senders', index];
    const earlier = first.get(sender.name);
    if (earlier === undefined) first.set(sender.name, index);
    else {
      const message = `expected another than senders[${earlier}] has`;
      findings.problem('dialects.json', [...path, 'name'], sender.name, message);
    }
    checkSettings(sender, path, directory, findings);
    if (sender.csv) checkCsv(sender.csv, [...path, 'csv'], findings);
    if (sender.match && Object.keys(sender.match).length === 0) {
      findings.problem(
        'dialects.json',
        [...path, 'match'],
        sender.match,
        'expected at least one path; it never matches',
      );
    }
  }
}

function checkSettings(settings: DialectSettings, path: Path, directory: Places | null, findings: Findings): void {
  const { crosswalks = {} } = settings;
  for (const [name, words] of Object.entries(WORDS) as [CrosswalkName, readonly string[]][]) {
    for (const [code, word] of Object.entries(crosswalks[name] ?? {})) {
      if (typeof word === 'string' && words.includes(word)) continue;
      const message = () => expectedWord(word, words, `one of ${words.join(', ')}`);
      findings.problem('dialects.json', [...path, 'crosswalks', name, code], word, message);
    }
  }
  checkCodes(settings, path, findings);
  checkPaths(settings, path, findings);
  if (directory !== null) checkPlaces(settings, path, directory, findings);
}

function checkPlaces(settings: DialectSettings, path: Path, { sites, practices }: Places, findings: Findings) {
  checkIds('site', sites, settings, path, findings);
  // A directory without any practice does without them.
  if (practices.length > 0) checkIds('practice', practices, settings, path, findings);
}

/** Warns of a site or a practice that isn't in the directory: nobody is told of its referrals. */
function checkIds(
  kind: 'site' | 'practice',
  known: readonly { id: string }[],
  { crosswalks = {}, fields = {} }: DialectSettings,
  path: Path,
  findings: Findings,
): void {
  const ids = new Set(known.map(({ id }) => id));
  const listed = listing([...ids]);
  const check = (id: string, at: Path): void => {
    if (ids.has(id)) return;
    const message = () => `is no ${kind} in directory.json, expected one${listed(id)}`;
    findings.warning('dialects.json', [...path, ...at], id, message);
  };
  for (const [code, entry] of Object.entries(crosswalks[kind] ?? {})) {
    // Whoever gives a practice's name here means not to list it.
    if (typeof entry === 'string') check(entry, ['crosswalks', kind, code]);
    else if (entry.name === undefined) check(entry.id, ['crosswalks', kind, code]);
  }
  const { [kind]: instead = UNKNOWN } = fields;
  if (instead !== UNKNOWN) check(instead, ['fields', kind]);
}
