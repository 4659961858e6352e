import { type Config, type Directory, directorySchema, type Match, type Policy, policySchema } from './config.ts';
import { checkDialects } from './config-check-dialects.ts';
import { checkDirectory } from './config-check-directory.ts';
import { checkDirectoryLimits, checkPolicyLimits, checkReachable } from './config-check-limits.ts';
import { checkPolicy } from './config-check-policy.ts';
import { schemaProblems, unknownFields } from './config-check-schema.ts';
import { checkSpaces } from './config-check-spaces.ts';
import { checkSpecialties } from './config-check-specialties.ts';
import { checkZones } from './config-check-zones.ts';
import { type Findings, listed, type Path, type Problem, problem } from './config-problem.ts';
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
 * their schemas. Takes what `JSON.parse` returned and never throws. It is stricter than the schemas, with which the
 * functions read what is stored: what an earlier release has pushed stays in force.
 */
export function checkConfig(input: Files): ConfigCheck {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const findings: Findings = {
    problem: (...finding) => problems.push(problem(...finding)),
    warning: (...finding) => warnings.push(problem(...finding)),
  };
  problems.push(
    ...unknownFields('policy.json', policySchema, input.policy),
    ...unknownFields('directory.json', directorySchema, input.directory),
  );
  const read = parse({ ...input, dialects: withoutSchemaName(input.dialects) }, problems);
  checkSpaces('policy.json', input.policy, findings.warning);
  checkSpaces('directory.json', input.directory, findings.warning);
  checkZones('directory.json', input.directory, findings.problem);
  // A sender may indeed write the same offset all year.
  checkZones('dialects.json', input.dialects, findings.warning);
  checkParsed(read, findings);
  if (!read.policy || !read.directory || problems.length > 0) return { config: null, problems, warnings };
  const { policy, directory, dialects } = read;
  return { config: dialects ? { policy, directory, dialects } : { policy, directory }, problems: [], warnings };
}

/** What has passed its schema. */
interface Parsed {
  policy?: Policy | undefined;
  directory?: Directory | undefined;
  dialects?: Dialects | undefined;
}

function parse(input: Files, problems: Problem[]): Parsed {
  const policy = policySchema.safeParse(input.policy);
  const directory = directorySchema.safeParse(input.directory);
  const dialects = dialectsSchema.optional().safeParse(input.dialects);
  if (!policy.success) problems.push(...schemaProblems('policy.json', policySchema, policy.error, input.policy));
  if (!directory.success)
    problems.push(...schemaProblems('directory.json', directorySchema, directory.error, input.directory));
  if (!dialects.success) {
    problems.push(...schemaProblems('dialects.json', dialectsSchema, dialects.error, input.dialects));
  }
  return { policy: policy.data, directory: directory.data, dialects: dialects.data };
}

function checkParsed({ policy, directory, dialects }: Parsed, findings: Findings): void {
  const sites = directory?.sites ?? null;
  if (dialects) checkDialects(dialects, sites, findings);
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
  for (const [version, { rules, required = [] }] of versions.entries()) {
    for (const [list, entries] of Object.entries({ rules, required })) {
      for (const [index, { match }] of entries.entries()) {
        checkMatch(match, ['versions', version, list, index, 'match', 'site'], sites, findings);
      }
    }
  }
}

/** A match for unknown sites only matches nothing, which is a problem; an unknown site among others is a warning. */
function checkMatch({ site: ids = [] }: Match, path: Path, sites: Directory['sites'], findings: Findings): void {
  const known = sites.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  const never = unknown.length === ids.length;
  const message = `${never ? 'can never match: ' : ''}no such site in directory.json, expected one${listed(known, unknown[0] ?? '')}`;
  const report = never ? findings.problem : findings.warning;
  for (const id of unknown) report('policy.json', [...path, ids.indexOf(id)], id, message);
}
