import type { Directory, Person } from './config.ts';
import { checkAway } from './config-check-away.ts';
import { peopleByRole } from './config-check-people.ts';
import { type Findings, repeated } from './config-findings.ts';
import { listing, type Path } from './config-problem.ts';

type Sites = Directory['sites'];

/**
 * Checks what the schema of `directory.json` can't see: ids that come twice, names of people and sites that aren't there,
 * addresses and links that lead nowhere.
 */
export function checkDirectory(directory: Directory, findings: Findings): void {
  for (const key of ['sites', 'practices', 'people'] as const) {
    const among = directory[key].map((_, index) => [key, index]);
    repeated('directory.json', directory[key], 'id', among, findings.problem);
  }
  const feeds = directory.feeds ?? [];
  const among = feeds.map((_, index) => ['feeds', index]);
  repeated('directory.json', feeds, 'name', among, findings.problem);
  checkPeopleNamed(directory, findings);
  checkAway(directory, findings);
  checkReferralUrl(directory, findings);
  checkAddresses(directory, findings);
  checkSitesOfPeople(directory, findings);
  checkScopes(directory, findings);
  checkAliases(directory, findings);
}

/** Every person that a site or practice names must be in `people`, in the right role. */
function checkPeopleNamed({ sites, practices, people }: Directory, { problem: report }: Findings): void {
  const { named, inRole, listed } = peopleByRole(people);
  const expectPerson = (path: Path, id: string | undefined, role: Person['role']) => {
    if (id === undefined || inRole(id, role)) return;
    const found = named(id);
    const wrong = found ? `is a ${found.role}, ` : 'is nobody in people, ';
    report('directory.json', path, id, () => `${wrong}expected a ${role}${listed[role](id)}`);
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
  const path: Path = ['organization', 'referralUrl'];
  if (!isSafe || url.host.includes('{')) {
    const message = 'expected an address that begins with https:// and the name of a host (http:// only to localhost)';
    report('directory.json', path, referralUrl, message);
  } else if (url.username !== '' || url.password !== '') {
    report(
      'directory.json',
      path,
      referralUrl,
      'expected an address without a user name and password: every mail would show it',
    );
  }
}

/** Mail goes only to allowed domains, and an empty list allows none. */
function checkAddresses({ organization, people }: Directory, { problem: report, warning }: Findings): void {
  for (const [index, domain] of organization.allowedDomains.entries()) {
    if (!/[@/:\s]/.test(domain)) continue;
    const message = 'expected the name of a domain such as example.org: no address is at this one';
    report('directory.json', ['organization', 'allowedDomains', index], domain, message);
  }
  const allowed = organization.allowedDomains.map((domain) => domain.toLowerCase());
  const isAllowed = new Set(allowed);
  if (allowed.length === 0) {
    const path: Path = ['organization', 'allowedDomains'];
    warning('directory.json', path, allowed, 'expected at least one domain: without any no mail is sent');
    return;
  }
  const expectAllowed = (path: Path, address: string) => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    if (isAllowed.has(domain)) return;
    // Only a warning: the rest of the directory is usable, and the operations mail reports mail that isn't sent.
    warning(
      'directory.json',
      path,
      address,
      () => `expected an address in organization.allowedDomains (${allowed.join(', ')}): no mail goes there`,
    );
  };
  expectAllowed(['organization', 'operationsMailbox'], organization.operationsMailbox);
  for (const [index, { email }] of people.entries()) expectAllowed(['people', index, 'email'], email);
}

function checkSitesOfPeople({ sites, people }: Directory, findings: Findings): void {
  const routed = new Set<string | undefined>();
  const owners = new Map<string, string>();
  const expectSite = siteExpected(sites, findings);
  for (const [index, person] of people.entries()) {
    const { role, routes = [], holidaysOf } = person;
    const path = ['people', index, 'routes'];
    expectSite(['people', index, 'holidaysOf'], holidaysOf);
    checkFieldsOfRole(person, index, findings);
    for (const [position, { site }] of routes.entries()) expectSite([...path, position, 'site'], site);
    if (role !== 'coordinator') continue;
    checkRoutesOnce(person, path, owners, findings);
    for (const { site } of routes) routed.add(site);
  }
  if (!people.some(({ role }) => role === 'coordinator')) {
    findings.warning('directory.json', ['people'], people.length, 'no coordinator: nobody gets a digest of referrals');
  }
  checkSitesCovered(sites, routed, findings);
}

function checkFieldsOfRole({ role, routes = [], scope, reports }: Person, index: number, { warning }: Findings): void {
  const path = ['people', index];
  if (role !== 'coordinator' && routes.length > 0) {
    warning('directory.json', [...path, 'routes'], routes, `routes of a ${role} are not used`);
  }
  if (role === 'leader') return;
  if (scope !== undefined) warning('directory.json', [...path, 'scope'], scope, `the scope of a ${role} is not used`);
  if (reports !== undefined) {
    warning('directory.json', [...path, 'reports'], reports, `reports go to leaders, and not to a ${role}`);
  }
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

/** Makes what reports an id that is none of a site. */
function siteExpected(sites: Sites, { problem: report }: Findings): (path: Path, id: string | undefined) => void {
  const ids = new Set(sites.map((site) => site.id));
  const listed = listing([...ids]);
  return (path, id) => {
    if (id === undefined || ids.has(id)) return;
    report('directory.json', path, id, () => `is no site in sites, expected one${listed(id)}`);
  };
}

/** A leader's scope must name known sites, segments and regions; specialties aren't listed anywhere. */
function checkScopes({ sites, practices, people }: Directory, findings: Findings): void {
  const expectSite = siteExpected(sites, findings);
  const known = {
    segment: new Set(practices.map(({ segment }) => segment)),
    region: new Set(practices.map(({ region }) => region)),
  };
  for (const [index, { scope }] of people.entries()) {
    const path = ['people', index, 'scope'];
    expectSite([...path, 'site'], scope?.site);
    for (const field of ['segment', 'region'] as const) {
      const value = scope?.[field];
      if (value === undefined || known[field].has(value)) continue;
      const message = `no practice has this ${field}: the report stays empty`;
      findings.warning('directory.json', [...path, field], value, message);
    }
  }
}

/** One name of two practices: reports can't tell whose it is. Names are compared without case. */
function checkAliases({ practices }: Directory, { warning }: Findings): void {
  const known = new Map<string, { index: number; as: string }>();
  const plain = (name: string): string => name.trim().toLowerCase();
  const note = (name: string, index: number, as: string): void => {
    if (!known.has(plain(name))) known.set(plain(name), { index, as });
  };
  for (const [index, { id, name }] of practices.entries()) {
    note(id, index, 'id');
    note(name, index, 'name');
  }
  for (const [index, { aliases = [] }] of practices.entries()) {
    for (const [position, alias] of aliases.entries()) {
      const other = known.get(plain(alias));
      if (other !== undefined && other.index !== index) {
        const message = `is ${other.as === 'alias' ? 'an alias' : `the ${other.as}`} of practices[${other.index}] too; expected a name of one practice`;
        warning('directory.json', ['practices', index, 'aliases', position], alias, message);
      }
      note(alias, index, 'alias');
    }
  }
}
