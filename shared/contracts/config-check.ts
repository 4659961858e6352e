import {
  type Config,
  type Directory,
  directorySchema,
  type Match,
  type Person,
  type Policy,
  type PolicyVersion,
  policySchema,
} from './config.ts';
import { checkAway } from './config-check-away.ts';
import { checkDialects } from './config-check-dialects.ts';
import {
  type ConfigFile,
  type Findings,
  isInSelector,
  listed,
  type Path,
  type Problem,
  problem,
  type Report,
  schemaProblems,
  unknownFields,
} from './config-problem.ts';
import { dialectsSchema } from './dialects.ts';
import { CLOCK_KINDS } from './vocabulary.ts';

export { type Problem, problemText } from './config-problem.ts';

/** `config` is null if there are problems. A configuration with warnings can be used. */
export type ConfigCheck =
  | { config: Config; problems: []; warnings: Problem[] }
  | { config: null; problems: Problem[]; warnings: Problem[] };

/**
 * Checks the files of a configuration together: each against its schema, then all against each other, if they have passed
 * their schemas. Takes what `JSON.parse` returned and never throws.
 * @param input `dialects` is undefined where there is no `dialects.json`
 */
export function checkConfig(input: { policy: unknown; directory: unknown; dialects?: unknown }): ConfigCheck {
  const policy = policySchema.safeParse(input.policy);
  const directory = directorySchema.safeParse(input.directory);
  const unknown = [
    ...unknownFields('policy.json', policySchema, input.policy),
    ...unknownFields('directory.json', directorySchema, input.directory),
  ];
  const problems = unknown.filter(isInSelector);
  const warnings = unknown.filter((each) => !isInSelector(each));
  if (!policy.success) problems.push(...schemaProblems('policy.json', policy.error, input.policy));
  if (!directory.success) problems.push(...schemaProblems('directory.json', directory.error, input.directory));
  const dialects = dialectsSchema.optional().safeParse(input.dialects);
  if (!dialects.success)
    problems.push(...schemaProblems('dialects.json', dialects.error, input.dialects, dialectsSchema));
  const findings: Findings = {
    problem: (...finding) => problems.push(problem(...finding)),
    warning: (...finding) => warnings.push(problem(...finding)),
  };
  if (dialects.data) checkDialects(dialects.data, directory.data?.sites ?? null, findings);
  if (policy.success) checkPolicy(policy.data, findings);
  if (directory.success) checkDirectory(directory.data, findings);
  if (policy.success && directory.success) {
    checkMatchSites(policy.data, directory.data, findings);
    if (problems.length === 0) {
      const config = { policy: policy.data, directory: directory.data };
      return { config: dialects.data ? { ...config, dialects: dialects.data } : config, problems: [], warnings };
    }
  }
  return { config: null, problems, warnings };
}

type Rules = PolicyVersion['rules'];
type Sites = Directory['sites'];

function checkPolicy({ versions }: Policy, findings: Findings): void {
  const among = versions.map((_, index) => ['versions', index]);
  repeated('policy.json', versions, 'version', among, findings.problem);
  repeated('policy.json', versions, 'effectiveFrom', among, findings.problem);
  for (const [index, { rules }] of versions.entries()) {
    checkOverriddenRules(rules, ['versions', index, 'rules'], findings);
    checkClocksNamed(rules, ['versions', index, 'rules'], findings);
  }
}

/** A later rule with the same match and the same clocks always wins. */
function checkOverriddenRules(rules: Rules, path: Path, { warning }: Findings): void {
  for (const [index, { match, clocks }] of rules.entries()) {
    const later = rules.findLastIndex((rule) => sameMatch(rule.match, match));
    if (later === index || Object.keys(clocks).some((kind) => !(kind in (rules[later]?.clocks ?? {})))) continue;
    const message = `never counts: rule ${later} matches the same referrals and names the same clocks`;
    warning('policy.json', [...path, index, 'match'], match, message);
  }
}

function checkClocksNamed(rules: Rules, path: Path, { warning }: Findings): void {
  const named = new Set(rules.flatMap(({ clocks }) => Object.keys(clocks)));
  for (const kind of CLOCK_KINDS) {
    // `acknowledge` is off unless a policy sets it, so nobody expects it.
    if (named.has(kind) || kind === 'acknowledge') continue;
    const message = `no rule names this clock, so it never runs; a target of null would say that it is meant so`;
    warning('policy.json', path, kind, message);
  }
}

/** Whether two matches name the same fields with the same values, in any order. */
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
  checkAway(directory, findings);
  checkReferralUrl(directory, findings);
  checkAddresses(directory, findings);
  checkSitesOfPeople(directory, findings);
  checkScopes(directory, findings);
}

/** Reports each member whose `field` has the value of an earlier one. */
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

/** Every person that a site or practice names must be in `people`, in the right role. */
function checkPeopleNamed({ sites, practices, people }: Directory, { problem: report }: Findings): void {
  const expectPerson = (path: Path, id: string | undefined, role: Person['role']) => {
    const ids = people.filter((person) => person.role === role).map((person) => person.id);
    if (id === undefined || ids.includes(id)) return;
    const found = people.find((person) => person.id === id);
    const wrong = found ? `is a ${found.role}, ` : 'is nobody in people, ';
    report('directory.json', path, id, `${wrong}expected a ${role}${listed(ids)}`);
  };
  for (const [index, site] of sites.entries()) {
    expectPerson(['sites', index, 'fallbackCoordinatorId'], site.fallbackCoordinatorId, 'coordinator');
    expectPerson(['sites', index, 'escalateTo'], site.escalateTo, 'coordinator');
  }
  for (const [index, practice] of practices.entries()) {
    expectPerson(['practices', index, 'liaisonId'], practice.liaisonId, 'liaison');
  }
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** A link shows on its way who is referred, unless it is encrypted; and a referral's id mustn't say where it leads. */
function checkReferralUrl({ organization: { referralUrl } }: Directory, { problem: report }: Findings): void {
  if (referralUrl === undefined) return;
  const url = URL.canParse(referralUrl) ? new URL(referralUrl) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (isSafe && !url.host.includes('{')) return;
  const message = 'expected an address that begins with https:// and the name of a host (http:// only to localhost)';
  report('directory.json', ['organization', 'referralUrl'], referralUrl, message);
}

/** Mail goes only to allowed domains, and an empty list allows none. */
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
    // Only a warning: the rest of the directory is usable, and the operations mail reports mail that isn't sent.
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

function checkSitesOfPeople({ sites, people }: Directory, findings: Findings): void {
  const routed = new Set<string | undefined>();
  const owners = new Map<string, string>();
  for (const [index, person] of people.entries()) {
    const { role, routes = [], holidaysOf } = person;
    const path = ['people', index, 'routes'];
    expectSite(['people', index, 'holidaysOf'], holidaysOf, sites, findings);
    if (role !== 'coordinator' && routes.length > 0) {
      findings.warning('directory.json', path, routes, `routes of a ${role} are not used`);
    }
    for (const [position, { site }] of routes.entries()) expectSite([...path, position, 'site'], site, sites, findings);
    if (role !== 'coordinator') continue;
    checkRoutesOnce(person, path, owners, findings);
    for (const { site } of routes) routed.add(site);
  }
  checkSitesCovered(sites, routed, findings);
}

/** Only the first of two equal routes counts. @param owners ids of the coordinators who have the routes so far, by route */
function checkRoutesOnce(
  { id, routes = [] }: Person,
  path: Path,
  owners: Map<string, string>,
  { warning }: Findings,
): void {
  for (const [index, route] of routes.entries()) {
    const key = JSON.stringify([route.site, route.specialty]);
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, id);
    else warning('directory.json', [...path, index], route, `listed twice; the first, of ${owner}, counts`);
  }
}

/** @param routed the sites of the coordinators' routes; undefined stands for a route that takes every site */
function checkSitesCovered(sites: Sites, routed: ReadonlySet<string | undefined>, { warning }: Findings): void {
  for (const [index, { id, fallbackCoordinatorId }] of sites.entries()) {
    if (fallbackCoordinatorId !== undefined || routed.has(id) || routed.has(undefined)) continue;
    const message =
      'no coordinator has a route for this site and it has no fallbackCoordinatorId: its referrals are nobody’s';
    warning('directory.json', ['sites', index], id, message);
  }
}

function expectSite(path: Path, id: string | undefined, sites: Sites, { problem: report }: Findings): void {
  const ids = sites.map((site) => site.id);
  if (id === undefined || ids.includes(id)) return;
  report('directory.json', path, id, `is no site in sites, expected one${listed(ids)}`);
}

/** A leader's scope must name known sites, segments and regions; specialties aren't listed anywhere. */
function checkScopes({ sites, practices, people }: Directory, findings: Findings): void {
  for (const [index, { scope }] of people.entries()) {
    const path = ['people', index, 'scope'];
    expectSite([...path, 'site'], scope?.site, sites, findings);
    for (const field of ['segment', 'region'] as const) {
      const value = scope?.[field];
      if (value === undefined || practices.some((practice) => practice[field] === value)) continue;
      const message = `no practice has this ${field}: the report stays empty`;
      findings.warning('directory.json', [...path, field], value, message);
    }
  }
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
function checkMatch({ site: ids = [] }: Match, path: Path, sites: Sites, findings: Findings): void {
  const known = sites.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  const never = unknown.length === ids.length;
  const message = `${never ? 'can never match: ' : ''}no such site in directory.json, expected one${listed(known)}`;
  const report = never ? findings.problem : findings.warning;
  for (const id of unknown) report('policy.json', [...path, ids.indexOf(id)], id, message);
}
