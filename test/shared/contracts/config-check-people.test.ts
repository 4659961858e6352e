import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import type { Directory, Person } from '../../../shared/contracts/config.ts';
import { checkConfig, problemText } from '../../../shared/contracts/config-check.ts';
import { sampleDirectory } from '../../builders/config.ts';

type Away = NonNullable<Person['away']>[number];

const person = (id: string, role: Person['role'], away: Away[] = []): Person => ({
  id,
  role,
  name: id,
  email: `${id}@example.org`,
  timeZone: 'America/New_York',
  away,
});
const entry = (deputyId: string, from = '2026-07-01', to = '2026-07-14'): Away => ({ from, to, deputyId });

/** What is found about Ada's absences, with Bo, who is a coordinator too, Lee the liaison and these others. */
function found(absences: Away[], others: Person[] = []): string[] {
  const people = [person('ada', 'coordinator', absences), person('bo', 'coordinator'), person('lee', 'liaison')];
  const known = new Set(others.map(({ id }) => id));
  const directory: Directory = {
    ...sampleDirectory(),
    sites: [],
    practices: [],
    people: [...people.filter(({ id }) => !known.has(id)), ...others],
  };
  const { problems, warnings } = checkConfig({ policy: defaultPolicy(), directory });
  return [
    ...problems.map((each) => `problem: ${problemText(each)}`),
    ...warnings.map((each) => `warning: ${problemText(each)}`),
  ].map((text) => text.replace('directory.json people[0].', ''));
}

describe('An absence', () => {
  it('with a deputy of the same role is in order, also of a single day', () => {
    expect(found([entry('bo'), entry('bo', '2026-08-03', '2026-08-03')])).toEqual([]);
  });

  it.each<[string, Away, string]>([
    [
      'ends before it begins',
      entry('bo', '2026-07-14', '2026-07-01'),
      'problem: away[0].to: "2026-07-01" - expected 2026-07-14 or later',
    ],
    [
      'has a deputy who is nobody',
      entry('zoe'),
      'problem: away[0].deputyId: "zoe" - is nobody in people, expected another coordinator such as bo',
    ],
    [
      'has a deputy of another role',
      entry('lee'),
      'problem: away[0].deputyId: "lee" - is a liaison, expected another coordinator such as bo',
    ],
    [
      'has oneself for a deputy',
      entry('ada'),
      'problem: away[0].deputyId: "ada" - is the person who is away, expected another coordinator such as bo',
    ],
  ])('that %s is refused', (_what, away, expected) => {
    expect(found([away])).toEqual([expected]);
  });

  it('that overlaps with another one is warned of, with the one that counts', () => {
    expect(found([entry('bo'), entry('bo', '2026-07-14', '2026-07-20')])).toEqual([
      'warning: away[1].from: "2026-07-14" - overlaps with 2026-07-01 to 2026-07-14, which is listed first and counts',
    ]);
    expect(found([entry('bo'), entry('bo', '2026-07-15', '2026-07-20')])).toEqual([]);
  });

  it('whose deputy is away too is warned of, with who gets the mail then', () => {
    const bo = person('bo', 'coordinator', [entry('ada', '2026-07-10', '2026-07-20')]);
    expect(found([entry('bo')], [bo])).toContain(
      'warning: away[0].deputyId: "bo" - is away from 2026-07-10 to 2026-07-20: mail goes to the site\'s fallback coordinator or to operations then',
    );
  });
});

describe('A link to referrals', () => {
  const refused = (referralUrl: string): boolean => {
    const directory = sampleDirectory();
    const spoiled = { ...directory, organization: { ...directory.organization, referralUrl } };
    const { problems } = checkConfig({ policy: defaultPolicy(), directory: spoiled });
    return problems.some(({ path }) => path === 'organization.referralUrl');
  };

  it.each([
    ['https://records.example.org/r/{referralId}', false],
    ['HTTPS://records.example.org/r?id={referralId}', false],
    ['http://localhost:8080/{referralId}', false],
    ['http://127.0.0.1/{referralId}', false],
    ['http://[::1]:8025/{referralId}', false],
    ['http://records.example.org/{referralId}', true],
    ['http://localhost.example.org/{referralId}', true],
    ['javascript:alert("{referralId}")', true],
    ['records.example.org/{referralId}', true],
    ['https://{referralId}.example.org/', true],
  ])('to %s is refused: %s', (url, expected) => {
    expect(refused(url)).toBe(expected);
  });
});

describe('The time of a digest', () => {
  it.each([
    ['07:00', false],
    ['06:45', false],
    ['06:50', true],
    ['7:00', true],
    ['24:00', true],
  ])('%s is refused: %s', (digestAt, expected) => {
    const directory = sampleDirectory();
    const people = directory.people.map((each) => ({ ...each, digestAt }));
    const { problems } = checkConfig({ policy: defaultPolicy(), directory: { ...directory, people } });
    expect(problems.some(({ path }) => path.endsWith('.digestAt'))).toBe(expected);
  });
});
