import { type Config, type Directory, directorySchema, type Match, type Policy, policySchema } from './config.ts';
import { checkDialects } from './config-check-dialects.ts';
import { checkDirectory } from './config-check-directory.ts';
import { checkFilledIn } from './config-check-fill-in.ts';
import { checkDirectoryLimits, checkPolicyLimits, checkReachable } from './config-check-limits.ts';
import { checkPolicy } from './config-check-policy.ts';
import { acceptedPart } from './config-check-rest.ts';
import { checkFields, readWithSchema } from './config-check-schema.ts';
import { checkSpaces } from './config-check-spaces.ts';
import { checkSpecialties } from './config-check-specialties.ts';
import { checkZones } from './config-check-zones.ts';
import { collection, type Findings, type Report } from './config-findings.ts';
import { listing, type Path, type Problem } from './config-problem.ts';
import { type Dialects, dialectsSchema } from './dialects.ts';

export { type Problem, problemText } from './config-problem.ts';

/** `config` is null if there are problems. A configuration with warnings can be used. */
export type ConfigCheck =
  | { config: Config; problems: []; warnings: Problem[] }
  | { config: null; problems: Problem[]; warnings: Problem[] };

interface Files {
  policy: unknown;
  directory: unknown;
  /** Undefined where there is no `dialects.json`. */
  dialects?: unknown;
}

/**
 * Checks the files of a configuration together: each against its schema, then all against each other, if they have passed
 * their schemas; of `dialects.json` also what its schema accepts of it. Takes what `JSON.parse` returned and never throws;
 * of each file at most 1000 problems and 1000 warnings are kept, and the number of the others. It is stricter than the
 * schemas, with which the functions read what is stored: what an earlier release has pushed stays in force.
 */
export function checkConfig(input: Files): ConfigCheck {
  const problems = collection();
  const warnings = collection();
  const findings: Findings = { problem: problems.report, warning: warnings.report };
  checkFields('policy.json', policySchema, input.policy, findings.problem);
  checkFields('directory.json', directorySchema, input.directory, findings.problem);
  const unread = withoutSchemaName(input.dialects);
  const read = parse({ ...input, dialects: unread }, findings.problem);
  checkSpaces('policy.json', input.policy, findings.warning);
  checkSpaces('directory.json', input.directory, findings.warning);
  checkZones('directory.json', input.directory, findings.warning);
  checkZones('dialects.json', input.dialects, findings.warning);
  checkParsed(read, unread, findings);
  const known = [...problems.all(), ...warnings.all()];
  for (const [file, given] of [
    ['policy.json', input.policy],
    ['directory.json', input.directory],
    ['dialects.json', input.dialects],
  ] as const) {
    checkFilledIn(file, given, known, findings.warning);
  }
  const { policy, directory, dialects } = read;
  const found = problems.all();
  if (!policy || !directory || found.length > 0) return { config: null, problems: found, warnings: warnings.all() };
  const config = dialects ? { policy, directory, dialects } : { policy, directory };
  return { config, problems: [], warnings: warnings.all() };
}

/** What has passed its schema. */
interface Parsed {
  policy?: Policy | undefined;
  directory?: Directory | undefined;
  dialects?: Dialects | undefined;
}

function parse(input: Files, report: Report): Parsed {
  return {
    policy: readWithSchema('policy.json', policySchema, input.policy, report),
    directory: readWithSchema('directory.json', directorySchema, input.directory, report),
    dialects: readWithSchema('dialects.json', dialectsSchema.optional(), input.dialects, report),
  };
}

/** @param unread `dialects.json` as it was given */
function checkParsed({ policy, directory, dialects }: Parsed, unread: unknown, findings: Findings): void {
  const sites = directory?.sites ?? null;
  const mappings = dialects ?? acceptedPart(unread);
  if (mappings) checkDialects(mappings, directory ?? null, findings);
  if (policy) {
    checkPolicy(policy, sites, findings);
    checkPolicyLimits(policy, findings);
  }
  if (directory) {
    checkDirectory(directory, findings);
    checkDirectoryLimits(directory, findings);
  }
  if (policy && directory) {
    checkMatchSites(policy, directory, findings);
    checkReachable(policy, directory, findings);
    checkSpecialties(policy, directory, dialects, findings);
  }
}

/** `$schema` is for editors. */
function withoutSchemaName(file: unknown): unknown {
  if (typeof file !== 'object' || file === null || !('$schema' in file)) return file;
  const { $schema: _, ...rest } = file;
  return rest;
}

function checkMatchSites({ versions }: Policy, { sites }: Directory, findings: Findings): void {
  const ids = sites.map(({ id }) => id);
  const known = { ids: new Set(ids), listed: listing(ids) };
  for (const [version, { rules, required = [] }] of versions.entries()) {
    for (const [list, entries] of Object.entries({ rules, required })) {
      for (const [index, { match }] of entries.entries()) {
        checkMatch(match, ['versions', version, list, index, 'match', 'site'], known, findings);
      }
    }
  }
}

interface KnownSites {
  ids: ReadonlySet<string>;
  /** Makes the known ones that a wrong id may mean. */
  listed(id: string): string;
}

/** A match for unknown sites only matches nothing, which is a problem; an unknown site among others is a warning. */
function checkMatch({ site: ids = [] }: Match, path: Path, { ids: known, listed }: KnownSites, findings: Findings) {
  const never = !ids.some((id) => known.has(id));
  const report = never ? findings.problem : findings.warning;
  for (const [index, id] of ids.entries()) {
    if (known.has(id)) continue;
    const message = () =>
      `${never ? 'can never match: ' : ''}no such site in directory.json, expected one${listed(id)}`;
    report('policy.json', [...path, index], id, message);
  }
}
