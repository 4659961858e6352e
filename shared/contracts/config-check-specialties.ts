import type { Directory, Policy } from './config.ts';
import type { Findings } from './config-findings.ts';
import type { Path } from './config-problem.ts';
import type { Dialects } from './dialects.ts';
import { nearest } from './nearest.ts';

/** Specialties that are often written, so that no two of them are taken for a misspelling of each other. */
const USUAL = [
  ...['addiction_medicine', 'allergy', 'audiology', 'behavioral_health', 'cardiology', 'child_psychiatry'],
  ...['dermatology', 'endocrinology', 'gastroenterology', 'general_surgery', 'genetics', 'geriatrics', 'gynecology'],
  ...['hematology', 'hepatology', 'hiv', 'imaging', 'infectious_disease', 'mammography', 'maternal_fetal_medicine'],
  ...['mental_health', 'nephrology', 'neurology', 'neurosurgery', 'obstetrics', 'oncology', 'ophthalmology'],
  ...['orthopedics', 'otolaryngology', 'pain_management', 'pediatrics', 'physical_therapy', 'podiatry', 'psychiatry'],
  ...['psychology', 'pulmonology', 'radiology', 'rehabilitation', 'reproductive_health', 'rheumatology'],
  ...['sexual_health', 'speech_therapy', 'substance_use', 'surgery', 'urology', 'vascular_surgery'],
] as const;

/** Pairs of words: enough for a thousand specialties among the usual ones, and too few to wait for. */
const MOST_COMPARED = 100_000;

/**
 * Warns of a sensitive specialty that nothing else names and that is nearly one: misspelled it hides nothing. Warns too of
 * a crosswalk's word that is nearly one of the configuration: no rule would match it, and mail would name it. The words
 * are the sender's own, so one that is near to nothing isn't known to be wrong.
 */
export function checkSpecialties(
  policy: Policy,
  directory: Directory,
  dialects: Dialects | undefined,
  findings: Findings,
) {
  const words = inDialects(dialects);
  const known = new Set<string>(
    [...inPolicy(policy), ...inDirectory(directory), ...words.map(({ word }) => word), ...USUAL].map(lower),
  );
  let left = MOST_COMPARED;
  for (const [index, specialty] of directory.organization.sensitiveSpecialties.entries()) {
    if (known.has(lower(specialty)) || left <= 0) continue;
    left -= known.size;
    const meant = nearest(specialty, [...known]);
    if (meant === null) continue;
    const path: Path = ['organization', 'sensitiveSpecialties', index];
    const message = `no rule, route or scope has this specialty; did you mean ${meant}? Misspelled, mail would name it`;
    findings.warning('directory.json', path, specialty, message);
  }
  const meantBy = meantSpecialty({ policy, directory });
  for (const { word, path } of words) {
    if (left <= 0) break;
    left -= known.size;
    const meant = meantBy(word);
    if (meant === null) continue;
    const message = `no rule, route or sensitive specialty is written so; did you mean ${meant}?`;
    findings.warning('dialects.json', path, word, message);
  }
}

/**
 * Tells which specialty of the configuration a word means that none of its rules, routes, scopes and sensitive
 * specialties has: one that differs in case, spaces and the like, or in few letters. Null: they have it, or none is near.
 */
export function meantSpecialty({ policy, directory }: { policy: Policy; directory: Directory }) {
  const matched = new Set([...inPolicy(policy), ...inDirectory(directory)]);
  const sensitive = directory.organization.sensitiveSpecialties;
  // Mail compares these without case and outer spaces.
  const hidden = new Set(sensitive.map((specialty) => lower(specialty.trim())));
  const all = [...new Set([...matched, ...sensitive])];
  const bySpelling = new Map(all.map((word) => [bare(word), word]));
  const usual = new Set<string>(USUAL);
  return (word: string): string | null => {
    if (matched.has(word)) return null;
    const same = bySpelling.get(bare(word));
    if (same !== undefined) return hidden.has(lower(word.trim())) && !matched.has(same) ? null : same;
    return usual.has(lower(word)) ? null : nearest(lower(word), all);
  };
}

/** Letters and digits alone, without case. */
const bare = (text: string): string => lower(text).replace(/[^\p{L}\p{N}]/gu, '');

function inPolicy({ versions }: Policy): string[] {
  return versions.flatMap(({ rules, required = [] }) =>
    [...rules, ...required].flatMap(({ match }) => match.specialty ?? []),
  );
}

function inDirectory({ people }: Directory): string[] {
  return people
    .flatMap(({ routes = [], scope }) => [...routes.map(({ specialty }) => specialty), scope?.specialty])
    .filter((specialty) => specialty !== undefined);
}

/** The words of Loopwatch on the right of crosswalks, and a sender's fixed specialty. */
function inDialects(dialects: Dialects | undefined): { word: string; path: Path }[] {
  if (dialects === undefined) return [];
  const { defaults, senders } = dialects;
  const parts: [Path, Pick<typeof defaults, 'crosswalks' | 'fields'>][] = [
    [['defaults'], defaults],
    ...senders.map((sender, index): [Path, typeof sender] => [['senders', index], sender]),
  ];
  return parts.flatMap(([path, { crosswalks, fields }]) => [
    ...Object.entries(crosswalks?.specialty ?? {}).map(([code, word]) => ({
      word,
      path: [...path, 'crosswalks', 'specialty', code],
    })),
    ...(fields?.specialty === undefined ? [] : [{ word: fields.specialty, path: [...path, 'fields', 'specialty'] }]),
  ]);
}

const lower = (text: string): string => text.toLowerCase();
