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
 * Warns of a sensitive specialty that nothing else names and that is nearly one: misspelled it hides nothing. The words
 * are the sender's own, so one that is near to nothing isn't known to be wrong.
 */
export function checkSpecialties(
  policy: Policy,
  directory: Directory,
  dialects: Dialects | undefined,
  findings: Findings,
) {
  const named = [...inPolicy(policy), ...inDirectory(directory), ...inDialects(dialects)].map(lower);
  const known = new Set<string>([...named, ...USUAL]);
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
}

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

function inDialects(dialects: Dialects | undefined): string[] {
  if (dialects === undefined) return [];
  return [dialects.defaults, ...dialects.senders].flatMap(({ crosswalks, fields }) => [
    ...Object.values(crosswalks?.specialty ?? {}),
    ...(fields?.specialty === undefined ? [] : [fields.specialty]),
  ]);
}

const lower = (text: string): string => text.toLowerCase();
