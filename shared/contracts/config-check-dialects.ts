import type { Directory } from './config.ts';
import { checkCodes } from './config-check-codes.ts';
import { checkCsv } from './config-check-csv.ts';
import { checkPaths } from './config-check-paths.ts';
import type { Findings } from './config-findings.ts';
import { listing, type Path } from './config-problem.ts';
import type { CrosswalkName, DialectSettings, Dialects } from './dialects.ts';
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

/**
 * Checks what the schema of `dialects.json` can't see: names that come twice, words of crosswalks, mappings that could
 * never make an event.
 * @param sites of the directory; null: it can't be read
 */
export function checkDialects({ defaults, senders }: Dialects, sites: Directory['sites'] | null, findings: Findings) {
  checkSettings(defaults, ['defaults'], sites, findings);
  const first = new Map<string, number>();
  for (const [index, sender] of senders.entries()) {
    const path: Path = ['senders', index];
    const earlier = first.get(sender.name);
    if (earlier === undefined) first.set(sender.name, index);
    else {
      const message = `expected another than senders[${earlier}] has`;
      findings.problem('dialects.json', [...path, 'name'], sender.name, message);
    }
    checkSettings(sender, path, sites, findings);
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

function checkSettings(
  settings: DialectSettings,
  path: Path,
  sites: Directory['sites'] | null,
  findings: Findings,
): void {
  const { crosswalks = {} } = settings;
  const { problem, warning } = findings;
  for (const [name, words] of Object.entries(WORDS) as [CrosswalkName, readonly string[]][]) {
    for (const [code, word] of Object.entries(crosswalks[name] ?? {})) {
      if (typeof word === 'string' && words.includes(word)) continue;
      const message = () => expectedWord(word, words, `one of ${words.join(', ')}`);
      problem('dialects.json', [...path, 'crosswalks', name, code], word, message);
    }
  }
  checkCodes(settings, path, findings);
  checkPaths(settings, path, findings);
  if (sites === null) return;
  const ids = new Set(sites.map(({ id }) => id));
  const listed = listing([...ids]);
  for (const [code, site] of Object.entries(crosswalks.site ?? {})) {
    if (ids.has(site)) continue;
    const message = () => `is no site in directory.json, expected one${listed(site)}`;
    warning('dialects.json', [...path, 'crosswalks', 'site', code], site, message);
  }
}
