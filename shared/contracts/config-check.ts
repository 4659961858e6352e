import { type Config, type Directory, directorySchema, type Match, type Policy, policySchema } from './config.ts';
import { type ConfigFile, type Path, type Problem, problem, schemaProblems, unknownFields } from './config-problem.ts';
import { CLOCK_KINDS } from './vocabulary.ts';

export { type Problem, problemText } from './config-problem.ts';

/** `config` is null where there are problems. Warnings don't keep a configuration from being used. */
export type ConfigCheck =
  | { config: Config; problems: []; warnings: Problem[] }
  | { config: null; problems: Problem[]; warnings: Problem[] };

/**
 * Checks `policy.json` and `directory.json` as one: each against its schema, then both against each other. Takes what
 * `JSON.parse` gave and never throws; checks between the files wait until both have passed their schemas.
 */
export function checkConfig(input: { policy: unknown; directory: unknown }): ConfigCheck {
  const policy = policySchema.safeParse(input.policy);
  const directory = directorySchema.safeParse(input.directory);
  const problems: Problem[] = [];
  const warnings = [
    ...unknownFields('policy.json', policySchema, input.policy),
    ...unknownFields('directory.json', directorySchema, input.directory),
  ];
  if (!policy.success) problems.push(...schemaProblems('policy.json', policy.error, input.policy));
  if (!directory.success) problems.push(...schemaProblems('directory.json', directory.error, input.directory));
  const findings: Findings = {
    problem: (...finding) => problems.push(problem(...finding)),
    warning: (...finding) => warnings.push(problem(...finding)),
  };
  if (policy.success) checkPolicy(policy.data, findings);
  if (directory.success) checkDirectory(directory.data, findings);
  if (policy.success && directory.success) {
    checkRuleSites(policy.data, directory.data, findings);
    if (problems.length === 0) {
      return { config: { policy: policy.data, directory: directory.data }, problems: [], warnings };
    }
  }
  return { config: null, problems, warnings };
}

type Report = (file: ConfigFile, path: Path, value: unknown, message: string) => void;
interface Findings {
  problem: Report;
  warning: Report;
}

function checkPolicy({ versions }: Policy, findings: Findings): void {
  const among = versions.map((_, index) => ['versions', index]);
  repeated('policy.json', versions, 'version', among, findings.problem);
  repeated('policy.json', versions, 'effectiveFrom', among, findings.problem);
  for (const [index, { rules }] of versions.entries()) {
    for (const [position, { match, clocks }] of rules.entries()) {
      const later = rules.findLastIndex((rule) => sameMatch(rule.match, match));
      if (later === position || Object.keys(clocks).some((kind) => !(kind in (rules[later]?.clocks ?? {})))) continue;
      const message = `never counts: rule ${later} matches the same referrals and names the same clocks`;
      findings.warning('policy.json', ['versions', index, 'rules', position, 'match'], match, message);
    }
    const named = new Set(rules.flatMap(({ clocks }) => Object.keys(clocks)));
    for (const kind of CLOCK_KINDS) {
      // Nobody expects `acknowledge`: it is off unless a policy sets it.
      if (named.has(kind) || kind === 'acknowledge') continue;
      const message = `no rule names this clock, so it never runs; a target of null would say that it is meant so`;
      findings.warning('policy.json', ['versions', index, 'rules'], kind, message);
    }
  }
}

/** Whether two matches name the same fields with the same values, in whatever order. */
function sameMatch(one: Match, other: Match): boolean {
  const sorted = (match: Match) =>
    Object.entries(match)
      .map(([field, values]) => [field, [...new Set<string>(values)].sort()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function checkDirectory(directory: Directory, findings: Findings): void {
  for (const key of ['sites', 'practices', 'people'] as const) {
    const among = directory[key].map((_, index) => [key, index]);
    repeated('directory.json', directory[key], 'id', among, findings.problem);
  }
  const feeds = directory.feeds ?? [];
  repeated(
    'directory.json',
    feeds,
    'name',
    feeds.map((_, index) => ['feeds', index]),
    findings.problem,
  );
  checkPeopleNamed(directory, findings);
  checkAddresses(directory, findings);
  checkRoutes(directory, findings);
  checkScopes(directory, findings);
}

/** Two members with the same `field`: the second is named. */
function repeated<K extends string>(
  file: ConfigFile,
  members: readonly Record<K, string>[],
  field: K,
  paths: readonly Path[],
  report: Report,
): void {
  const first = new Map<string, number>();
  for (const [index, member] of members.entries()) {
    const value = member[field];
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, index);
    else report(file, [...(paths[index] ?? []), field], value, `expected another than entry ${earlier} has`);
  }
}

/** Everybody that a site or practice names has to be in `people`, in a role that fits. */
function checkPeopleNamed({ sites, practices, people }: Directory, { problem: report }: Findings): void {
  const ids = (role?: string) => people.filter((person) => !role || person.role === role).map(({ id }) => id);
  const expectPerson = (path: Path, id: string | undefined, role?: string) => {
    if (id === undefined || ids(role).includes(id)) return;
    const found = people.find((person) => person.id === id);
    const wrong = found ? `is a ${found.role}, ` : 'is nobody in people, ';
    report('directory.json', path, id, `${wrong}expected ${role ? `a ${role}` : 'a person'}${listed(ids(role))}`);
  };
  for (const [index, site] of sites.entries()) {
    expectPerson(['sites', index, 'fallbackCoordinatorId'], site.fallbackCoordinatorId, 'coordinator');
    expectPerson(['sites', index, 'escalateTo'], site.escalateTo);
  }
  for (const [index, practice] of practices.entries()) {
    expectPerson(['practices', index, 'liaisonId'], practice.liaisonId, 'liaison');
  }
}

const LISTED = 12;
/** The names there are, where they are few enough to read. */
const listed = (names: readonly string[]) =>
  names.length > 0 && names.length <= LISTED ? ` such as ${names.join(', ')}` : '';

/** Mail goes to allowed domains only: a recipient elsewhere would never get any. An empty list allows none. */
function checkAddresses({ organization, people }: Directory, { warning }: Findings): void {
  const allowed = organization.allowedDomains.map((domain) => domain.toLowerCase());
  if (allowed.length === 0) {
    const path: Path = ['organization', 'allowedDomains'];
    warning('directory.json', path, allowed, 'expected at least one domain: without any no mail is sent');
    return;
  }
  const expectAllowed = (path: Path, address: string) => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    if (allowed.includes(domain)) return;
    // A warning: the directory is good for everything else, and the operations mail tells of mail that doesn't go out.
    warning(
      'directory.json',
      path,
      address,
      `expected an address in organization.allowedDomains (${allowed.join(', ')}): no mail goes there`,
    );
  };
  expectAllowed(['organization', 'operationsMailbox'], organization.operationsMailbox);
  for (const [index, { email }] of people.entries()) expectAllowed(['people', index, 'email'], email);
}

function checkRoutes({ sites, people }: Directory, findings: Findings): void {
  const siteIds = sites.map(({ id }) => id);
  const owners = new Map<string, string>();
  const covered = new Set<string | undefined>();
  for (const [person, { id, role, routes = [] }] of people.entries()) {
    if (role !== 'coordinator' && routes.length > 0) {
      findings.warning('directory.json', ['people', person, 'routes'], routes, `routes of a ${role} are not used`);
    }
    for (const [index, route] of routes.entries()) {
      const path = ['people', person, 'routes', index];
      if (route.site !== undefined && !siteIds.includes(route.site)) {
        const message = `is no site in sites, expected one${listed(siteIds)}`;
        findings.problem('directory.json', [...path, 'site'], route.site, message);
      }
      if (role !== 'coordinator') continue;
      covered.add(route.site);
      const key = JSON.stringify([route.site, route.specialty]);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, id);
      else findings.warning('directory.json', path, route, `listed twice; the first, of ${owner}, counts`);
    }
  }
  for (const [index, { id, fallbackCoordinatorId }] of sites.entries()) {
    if (fallbackCoordinatorId !== undefined || covered.has(id) || covered.has(undefined)) continue;
    const message =
      'no coordinator has a route for this site and it has no fallbackCoordinatorId: its referrals are nobody’s';
    findings.warning('directory.json', ['sites', index], id, message);
  }
}

/** A leader's scope has to be of something there is; specialties aren't listed anywhere. */
function checkScopes({ sites, practices, people }: Directory, findings: Findings): void {
  const siteIds = sites.map(({ id }) => id);
  for (const [person, { scope }] of people.entries()) {
    const path = ['people', person, 'scope'];
    if (scope?.site !== undefined && !siteIds.includes(scope.site)) {
      const message = `is no site in sites, expected one${listed(siteIds)}`;
      findings.problem('directory.json', [...path, 'site'], scope.site, message);
    }
    for (const field of ['segment', 'region'] as const) {
      const value = scope?.[field];
      if (value === undefined || practices.some((practice) => practice[field] === value)) continue;
      findings.warning(
        'directory.json',
        [...path, field],
        value,
        `no practice has this ${field}: the report stays empty`,
      );
    }
  }
}

/** A rule for sites that there are none of matches nothing; one such site among others is a warning. */
function checkRuleSites({ versions }: Policy, { sites }: Directory, findings: Findings): void {
  const siteIds = sites.map(({ id }) => id);
  for (const [version, { rules, required = [] }] of versions.entries()) {
    const matches = [
      ...rules.map(({ match }, index) => ({ match, path: ['versions', version, 'rules', index, 'match', 'site'] })),
      ...required.map(({ match }, index) => ({
        match,
        path: ['versions', version, 'required', index, 'match', 'site'],
      })),
    ];
    for (const { match, path } of matches) {
      const unknown = match.site?.filter((id) => !siteIds.includes(id)) ?? [];
      if (unknown.length === 0) continue;
      const never = unknown.length === match.site?.length;
      const message = `${never ? 'can never match: ' : ''}no such site in directory.json, expected one${listed(siteIds)}`;
      for (const id of unknown) {
        const at = [...path, match.site?.indexOf(id) ?? 0];
        if (never) findings.problem('policy.json', at, id, message);
        else findings.warning('policy.json', at, id, message);
      }
    }
  }
}
