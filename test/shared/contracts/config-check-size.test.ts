import { distance } from 'fastest-levenshtein';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import type { Directory, Person, Policy } from '../../../shared/contracts/config.ts';
import { checkConfig, problemText } from '../../../shared/contracts/config-check.ts';
import { checkDirectory } from '../../../shared/contracts/config-check-directory.ts';
import { checkPolicy } from '../../../shared/contracts/config-check-policy.ts';
import { collection } from '../../../shared/contracts/config-findings.ts';
import { sampleDirectory } from '../../builders/config.ts';

/** Configurations that are large, deep or wrong all over. */

vi.mock('fastest-levenshtein', { spy: true });
const compared = vi.mocked(distance);
beforeEach(() => {
  compared.mockClear();
});

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const fields = (count: number) => Object.fromEntries(many(count, (index) => [`u${index}`, 1]));
const deep: unknown = JSON.parse('['.repeat(300_000) + ']'.repeat(300_000));
const ROUTINE = { clocks: defaultPolicy().versions[0]?.rules[0]?.clocks };

const EMPTY: Directory = { ...sampleDirectory(), sites: [], practices: [], people: [] };
const good = () => ({ policy: defaultPolicy() as unknown, directory: EMPTY as unknown });
const directory = (more: object) => ({ ...good(), directory: { ...EMPTY, ...more } });
const policy = (rules: unknown[]) => {
  const [version] = defaultPolicy().versions;
  return { ...good(), policy: { versions: [{ ...version, rules: [...(version?.rules ?? []), ...rules] }] } };
};
const dialects = (more: object) => ({ ...good(), dialects: { defaults: {}, senders: [], ...more } });
const person = (id: string, more: object = {}) => ({
  ...{ id, role: 'liaison', name: id, email: `${id}@example.org`, timeZone: 'America/New_York' },
  ...more,
});

describe('A configuration with very many faults', () => {
  it.each<[string, object, string]>([
    ['fields of a directory', directory(fields(150_000)), 'directory.json'],
    ['fields of a policy', { ...good(), policy: { ...defaultPolicy(), ...fields(150_000) } }, 'policy.json'],
    ['fields of dialects', dialects({ defaults: fields(150_000) }), 'dialects.json'],
    [
      'crosswalks',
      dialects({
        defaults: { crosswalks: { priority: Object.fromEntries(many(20_000, (index) => [index, 'urgnt'])) } },
      }),
      'dialects.json',
    ],
  ])('in %s keeps a thousand of them, and says how many more there are', (_, files, file) => {
    const { config, problems } = checkConfig(files as never);
    expect(config).toBeNull();
    expect(problems).toHaveLength(1_001);
    expect(problemText(problems.at(-1) as never)).toMatch(new RegExp(`^${file}: \\d+000 more, not listed$`));
    expect(JSON.parse(JSON.stringify(problems))).toHaveLength(1_001);
  });

  it('of which the schema can make no list is refused all the same', () => {
    const [site] = sampleDirectory().sites;
    const { problems } = checkConfig(directory({ sites: [{ ...site, holidays: many(150_000, () => 'x') }] }) as never);
    expect(problems.map(problemText)).toEqual(['directory.json: has too many faults to list them']);
  });

  it('in a list of words that may be one word is refused', () => {
    const match = { 'MSH-4.1': many(150_000, () => 1) };
    const { problems } = checkConfig(dialects({ senders: [{ name: 'a', match }] }) as never);
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe('A value that is deeper than the stack', () => {
  it.each<[string, object]>([
    ['the policy', { ...good(), policy: deep }],
    ['versions', { ...good(), policy: { versions: deep } }],
    ['an unknown field of the directory', directory({ x: deep })],
    ['sites', directory({ sites: deep })],
    ['a zone', directory({ organization: { ...sampleDirectory().organization, timeZone: deep } })],
    ['dialects', { ...good(), dialects: deep }],
    ['a crosswalk', dialects({ defaults: { crosswalks: { site: deep } } })],
    ['a mapping', dialects({ senders: [{ name: 'a', csv: deep, match: deep }] })],
  ])('in %s is refused, and can be printed both ways', (_, files) => {
    const { problems } = checkConfig(files as never);
    expect(problems.map(problemText).join('\n')).toContain('[[[[[');
    expect(JSON.stringify(problems)).toContain('[[[[[');
  });
});

/** An object that counts how often any of its fields is read. */
function counted<T extends object>(object: T, count: () => void): T {
  return new Proxy(object, {
    get: (target, key) => {
      count();
      return Reflect.get(target, key);
    },
    ownKeys: (target) => {
      count();
      return Reflect.ownKeys(target);
    },
  });
}

/** How many fields a check reads of so many things. */
type Work = (count: number) => number;

const ofPeople: Work = (size) => {
  let reads = 0;
  const read = () => {
    reads += 1;
  };
  const away = (index: number) => [{ from: '2026-07-01', to: '2026-07-02', deputyId: `p${(index + 1) % size}` }];
  const people = many(size, (index) => counted(person(`p${index}`, { away: away(index) }), read)) as Person[];
  const practices = many(size, (index) =>
    counted({ id: `q${index}`, name: `Practice ${index}`, liaisonId: `p${index}` }, read),
  );
  const leaders = many(size, (index) =>
    person(`l${index}`, { role: 'leader', scope: { segment: 'x', site: `s${index}` } }),
  );
  const sites = many(size, (index) => counted({ id: `s${index}`, name: 'Site', timeZone: 'America/New_York' }, read));
  const large = { ...sampleDirectory(), people: [...people, ...leaders], practices, sites } as Directory;
  const { report, all } = collection();
  checkDirectory(large, { problem: report, warning: () => {} });
  expect(all()).toEqual([]);
  return reads;
};

const ofRules: Work = (size) => {
  let reads = 0;
  const rules = many(size, (index) => ({
    ...ROUTINE,
    match: counted({ specialty: [`s${index}`] }, () => {
      reads += 1;
    }),
  }));
  const [version] = defaultPolicy().versions;
  const large = { versions: [{ ...version, rules }] } as unknown as Policy;
  checkPolicy(large, [], { problem: () => {}, warning: () => {} });
  return reads;
};

describe('The work of a check', () => {
  it.each<[string, Work]>([
    ['people, practices and sites', ofPeople],
    ['rules', ofRules],
  ])('grows with the number of %s, and not with its square', (_, work) => {
    expect(work(400)).toBeLessThan(2.5 * work(200));
  });

  it('looks for the nearest id only for the first wrong ones', () => {
    const people = many(300, (index) => person(`person-${index}`));
    const practices = many(300, (index) => ({ id: `q${index}`, name: `q${index}`, liaisonId: `persn-${index}` }));
    const { problems } = checkConfig(directory({ people, practices }) as never);
    expect(problemText(problems[0] as never)).toContain('expected a liaison such as person-0');
    expect(problemText(problems[299] as never)).toMatch(/is nobody in people, expected a liaison$/);
    expect(compared.mock.calls.length).toBeLessThanOrEqual(20 * 300);
  });

  it('compares a zone with the cities once, however many people have it', () => {
    const people = many(300, (index) => person(`p${index}`, { timeZone: 'America/Bostn' }));
    const { problems } = checkConfig(directory({ people }) as never);
    expect(problems.length).toBeGreaterThanOrEqual(300);
    expect(compared.mock.calls.length).toBeGreaterThan(0);
    expect(compared.mock.calls.length).toBeLessThan(1_000);
  });

  it('compares sites that rules name and that are none with a few known ones', () => {
    const sites = many(50, (index) => ({ ...sampleDirectory().sites[0], id: `site-${index}` }));
    const rules = many(300, (index) => ({ ...ROUTINE, match: { site: [`sitte-${index}`] } }));
    const files = { ...policy(rules), directory: { ...EMPTY, sites } };
    expect(checkConfig(files as never).problems.length).toBeGreaterThanOrEqual(300);
    expect(compared.mock.calls.length).toBeLessThanOrEqual(3 * 20 * 50);
  });
});
