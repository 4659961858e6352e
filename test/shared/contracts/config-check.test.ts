import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { configSchema } from '../../../shared/contracts/config.ts';
import { checkConfig, problemText } from '../../../shared/contracts/config-check.ts';

// biome-ignore lint/suspicious/noExplicitAny: these tests spoil what the types would forbid.
type Loose = any;
type Files = { policy: Loose; directory: Loose };

/** Two files that are in order, to be spoiled by each test. */
function good(): Files {
  return {
    policy: structuredClone(defaultPolicy()),
    directory: {
      organization: {
        name: 'Example',
        timeZone: 'America/New_York',
        operationsMailbox: 'operations@example.org',
        sender: 'loopwatch@example.org',
        allowedDomains: ['example.org'],
      },
      sites: [{ id: 'north', name: 'North', timeZone: 'America/New_York', fallbackCoordinatorId: 'coordinator-1' }],
      practices: [{ id: 'practice-1', name: 'Practice 1', segment: 'primary_care', liaisonId: 'liaison-1' }],
      people: [
        person('coordinator', { routes: [{ site: 'north' }] }),
        person('liaison'),
        person('leader', { scope: {} }),
      ],
    },
  };
}

function person(role: string, more: object = {}) {
  return { id: `${role}-1`, role, name: role, email: `${role}-1@example.org`, timeZone: 'America/New_York', ...more };
}

/** Problems and warnings after a change, as a person reads them. */
function found(spoil: (files: Files) => void) {
  const files = good();
  spoil(files);
  const check = checkConfig(files);
  expect(check.config === null).toBe(check.problems.length > 0);
  return { problems: check.problems.map(problemText), warnings: check.warnings.map(problemText) };
}

describe('a configuration in order', () => {
  it('comes out with its defaults filled in, without problems or warnings', () => {
    const check = checkConfig(good());
    expect(check.problems).toEqual([]);
    expect(check.warnings).toEqual([]);
    expect(check.config?.directory.organization.identifiers).toBe('reference');
    expect(check.config?.policy).toEqual(defaultPolicy());
  });

  it('may name its JSON Schema, for editors, and is the same configuration', () => {
    const named = good();
    named.policy.$schema = 'policy.schema.json';
    named.directory.$schema = 'directory.schema.json';
    expect(checkConfig(named)).toEqual(checkConfig(good()));
  });
});

describe('what a schema refuses is named with path, value and what would be right', () => {
  it.each<[string, (files: Files) => void, string]>([
    [
      'a unit that does not exist',
      ({ policy }) => {
        policy.versions[0].rules[2].clocks.note.target.unit = 'days';
      },
      'policy.json versions[0].rules[2].clocks.note.target.unit: "days" - expected one of hours, business_hours, business_days, calendar_days',
    ],
    [
      'a clock that does not exist',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.consult = { target: null };
      },
      'policy.json versions[0].rules[0].clocks.consult: {"target":null} - unknown name; expected one of acceptance, first_attempt, reached, scheduled, visit, rebook, reroute, note, acknowledge, referrer_update',
    ],
    [
      'a target that nobody waits for, and that would take for ever to work out',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.note.target.value = 1_000_000_000;
      },
      'policy.json versions[0].rules[0].clocks.note.target.value: 1000000000 - expected a number of at most 10000',
    ],
    [
      'a misspelled field of a match, which would match every referral',
      ({ policy }) => {
        policy.versions[0].rules[1].match = { sites: ['north'] };
      },
      'policy.json versions[0].rules[1].match.sites: ["north"] - unknown field; did you mean site?',
    ],
    [
      'a misspelled field',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.note.warnbefore = { value: 1, unit: 'hours' };
      },
      'policy.json versions[0].rules[0].clocks.note.warnbefore: {"value":1,"unit":"hours"} - unknown field; did you mean warnBefore?',
    ],
    [
      'a misspelled field of what has defaults',
      ({ policy }) => {
        policy.versions[0].silence = { urgnet: 2 };
      },
      'policy.json versions[0].silence.urgnet: 2 - unknown field; did you mean urgent?',
    ],
    [
      'a field that the directory does not know',
      ({ directory }) => {
        directory.organization.logo = 'logo.png';
      },
      'directory.json organization.logo: "logo.png" - unknown field; known are name, timeZone, operationsMailbox',
    ],
    [
      'a target of nothing',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.note.target.value = 0;
      },
      'policy.json versions[0].rules[0].clocks.note.target.value: 0 - expected a number above 0',
    ],
    [
      'a target of a fraction',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.note.target.value = 1.5;
      },
      'policy.json versions[0].rules[0].clocks.note.target.value: 1.5 - expected a whole number',
    ],
    [
      'two ways of warning at once',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.note.warnAtStart = true;
      },
      'warnBefore or warnAtStart, not both',
    ],
    [
      'a missing part',
      ({ policy }) => {
        delete policy.versions[0].rules;
      },
      'policy.json versions[0].rules: missing - expected a list',
    ],
    [
      'no rules',
      ({ policy }) => {
        policy.versions[0].rules = [];
      },
      'policy.json versions[0].rules: [] - expected at least one entry',
    ],
    [
      'a priority that does not exist',
      ({ policy }) => {
        policy.versions[0].rules[1].match.priority = ['soon'];
      },
      'policy.json versions[0].rules[1].match.priority[0]: "soon" - expected one of routine, urgent, asap, stat',
    ],
    [
      'a time zone that does not exist',
      ({ directory }) => {
        directory.sites[0].timeZone = 'America/Springfield';
      },
      'directory.json sites[0].timeZone: "America/Springfield" - no such time zone; expected a region such as America/New_York',
    ],
    [
      'a weekday that does not exist',
      ({ directory }) => {
        directory.sites[0].hours = { mon: ['08:00', '17:00'], tuesday: ['08:00', '17:00'] };
      },
      'directory.json sites[0].hours.tuesday: ["08:00","17:00"] - unknown name; did you mean tue? Expected one of mon, tue, wed, thu, fri, sat, sun',
    ],
    [
      'a date that does not exist',
      ({ directory }) => {
        directory.sites[0].holidays = ['2026-02-30'];
      },
      'directory.json sites[0].holidays[0]: "2026-02-30" - expected a date as YYYY-MM-DD',
    ],
    [
      'an address that is none',
      ({ directory }) => {
        directory.people[0].email = 'coordinator-1';
      },
      'directory.json people[0].email: "coordinator-1" - expected an e-mail address',
    ],
    [
      'a link without a place for the referral',
      ({ directory }) => {
        directory.organization.referralUrl = 'https://records.example.org';
      },
      'expected text with {referralId} in it',
    ],
    [
      'a file that holds something else',
      (files) => {
        files.policy = [];
      },
      'policy.json: [] - expected an object',
    ],
  ])('%s', (_, spoil, text) => {
    const { problems } = found(spoil);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(text);
  });

  it('shortens a long value', () => {
    const { problems } = found(({ directory }) => {
      directory.people[0].email = 'x'.repeat(500);
    });
    expect(problems[0]?.length).toBeLessThan(200);
  });

  it('reports a misspelled field even if that makes another one missing', () => {
    const { problems } = found(({ directory }) => {
      directory.people[0].emial = directory.people[0].email;
      delete directory.people[0].email;
    });
    expect(problems).toEqual([
      'directory.json people[0].emial: "coordinator-1@example.org" - unknown field; did you mean email?',
      'directory.json people[0].email: missing - expected text',
    ]);
  });

  it('reports both files at once', () => {
    const { problems } = found((files) => {
      files.policy = null;
      files.directory = undefined;
    });
    expect(problems).toEqual(['policy.json: null - expected an object', 'directory.json: expected an object']);
  });
});

describe('people, sites and ids have to fit each other', () => {
  it.each<[string, (files: Files) => void, string]>([
    [
      'a liaison who is nobody',
      ({ directory }) => {
        directory.practices[0].liaisonId = 'liaison-9';
      },
      'directory.json practices[0].liaisonId: "liaison-9" - is nobody in people, expected a liaison such as liaison-1',
    ],
    [
      'a liaison who is a leader',
      ({ directory }) => {
        directory.practices[0].liaisonId = 'leader-1';
      },
      'directory.json practices[0].liaisonId: "leader-1" - is a leader, expected a liaison such as liaison-1',
    ],
    [
      'a fallback who is no coordinator',
      ({ directory }) => {
        directory.sites[0].fallbackCoordinatorId = 'liaison-1';
      },
      'directory.json sites[0].fallbackCoordinatorId: "liaison-1" - is a liaison, expected a coordinator such as coordinator-1',
    ],
    [
      'an escalation to nobody',
      ({ directory }) => {
        directory.sites[0].escalateTo = 'leader-2';
      },
      'directory.json sites[0].escalateTo: "leader-2" - is nobody in people, expected a coordinator such as coordinator-1',
    ],
    [
      'an escalation to a leader, whose mail has aggregates only',
      ({ directory }) => {
        directory.sites[0].escalateTo = 'leader-1';
      },
      'directory.json sites[0].escalateTo: "leader-1" - is a leader, expected a coordinator such as coordinator-1',
    ],
    [
      'holidays of a site that does not exist',
      ({ directory }) => {
        directory.people[1].holidaysOf = 'south';
      },
      'directory.json people[1].holidaysOf: "south" - is no site in sites, expected one such as north',
    ],
    [
      'a person listed twice',
      ({ directory }) => {
        directory.people.push(person('leader'));
      },
      'directory.json people[3].id: "leader-1" - expected another than people[2] has',
    ],
    [
      'a site listed twice',
      ({ directory }) => {
        directory.sites.push(directory.sites[0]);
      },
      'directory.json sites[1].id: "north" - expected another than sites[0] has',
    ],
    [
      'a practice listed twice',
      ({ directory }) => {
        directory.practices.push(directory.practices[0]);
      },
      'directory.json practices[1].id',
    ],
    [
      'a feed listed twice',
      ({ directory }) => {
        directory.feeds = [
          { name: 'records', expectedEveryHours: 1 },
          { name: 'records', expectedEveryHours: 2 },
        ];
      },
      'directory.json feeds[1].name: "records"',
    ],
    [
      'two versions of one name',
      ({ policy }) => {
        policy.versions.push({ ...policy.versions[0], effectiveFrom: '2027-01-01T00:00:00Z' });
      },
      'policy.json versions[1].version: "2026-01"',
    ],
    [
      'two versions in force from the same instant, however it is written',
      ({ policy }) => {
        policy.versions.push({ ...policy.versions[0], version: 'b', effectiveFrom: '2025-12-31T19:00:00-05:00' });
      },
      'policy.json versions[1].effectiveFrom: "2026-01-01T00:00:00.000Z" - expected another than versions[0] has',
    ],
    [
      'a rule only for a site that does not exist',
      ({ policy }) => {
        policy.versions[0].rules[1].match = { site: ['south'] };
      },
      'policy.json versions[0].rules[1].match.site[0]: "south" - can never match: no such site in directory.json, expected one such as north',
    ],
    [
      'required fields only for a site that does not exist',
      ({ policy }) => {
        policy.versions[0].required = [{ match: { site: ['south'] }, fields: ['payer'] }];
      },
      'policy.json versions[0].required[0].match.site[0]: "south" - can never match',
    ],
    [
      'a route to a site that does not exist',
      ({ directory }) => {
        directory.people[0].routes.push({ site: 'south' });
      },
      'directory.json people[0].routes[1].site: "south" - is no site in sites, expected one such as north',
    ],
    [
      'a scope of a site that does not exist',
      ({ directory }) => {
        directory.people[2].scope = { site: 'south' };
      },
      'directory.json people[2].scope.site: "south" - is no site in sites, expected one such as north',
    ],
  ])('%s', (_, spoil, text) => {
    const { problems } = found(spoil);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(text);
  });

  it('ignores capital letters in a domain', () => {
    const { problems } = found(({ directory }) => {
      directory.people[1].email = 'liaison-1@EXAMPLE.org';
    });
    expect(problems).toEqual([]);
  });
});

describe('what is in force on a stage', () => {
  it.each<[string, (files: Files) => void]>([
    [
      'a field of another release',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.note.warnbefore = 1;
      },
    ],
    [
      'a target of years',
      ({ policy }) => {
        policy.versions[0].rules[0].clocks.note.target.value = 9_000;
      },
    ],
  ])('is read with %s, though a push of it is refused', (_, spoil) => {
    const files = good();
    spoil(files);
    expect(configSchema.safeParse(files).success).toBe(true);
    expect(checkConfig(files).config).toBeNull();
  });

  it.each<[string, (files: Files) => void]>([
    [
      'a zone without daylight saving time',
      ({ directory }) => {
        directory.sites[0].timeZone = 'EST';
      },
    ],
    [
      'feeds and holidays of any year',
      ({ directory }) => {
        directory.sites[0].holidays = ['0026-12-25'];
        directory.feeds = [{ name: 'records', expectedEveryHours: 1_000_000 }];
      },
    ],
    [
      'figures of years that nothing looks through',
      ({ policy }) => {
        policy.versions[0].snoozeCapDays = 10_000;
        policy.versions[0].pauseCaps = { medical_hold: 10_000 };
        policy.versions[0].attempts = { total: 10_000, quietDays: 10_000 };
      },
    ],
  ])('can be pushed again with %s, with warnings', (_, spoil) => {
    const { problems, warnings } = found(spoil);
    expect(problems).toEqual([]);
    expect(warnings).not.toEqual([]);
  });
});

describe('a warning does not keep a configuration from being used', () => {
  it.each<[string, (files: Files) => void, string]>([
    [
      'a route that one coordinator has twice',
      ({ directory }) => {
        directory.people[0].routes.push({ site: 'north' });
      },
      'directory.json people[0].routes[1]: {"site":"north"} - listed twice; the first, of coordinator-1, counts',
    ],
    [
      'a route that two coordinators have',
      ({ directory }) => {
        directory.people.push({ ...person('coordinator', { routes: [{ site: 'north' }] }), id: 'coordinator-2' });
      },
      'directory.json people[3].routes[0]: {"site":"north"} - listed twice; the first, of coordinator-1, counts',
    ],
    [
      'no allowed domain',
      ({ directory }) => {
        directory.organization.allowedDomains = [];
      },
      'directory.json organization.allowedDomains: [] - expected at least one domain: without any no mail is sent',
    ],
    [
      'a person outside the allowed domains',
      ({ directory }) => {
        directory.people[1].email = 'liaison-1@example.com';
      },
      'directory.json people[1].email: "liaison-1@example.com" - expected an address in organization.allowedDomains (example.org): no mail goes there',
    ],
    [
      'an operations mailbox outside the allowed domains',
      ({ directory }) => {
        directory.organization.operationsMailbox = 'operations@sub.example.org';
      },
      'directory.json organization.operationsMailbox',
    ],
    [
      'routes of somebody who is no coordinator',
      ({ directory }) => {
        directory.people[1].routes = [{ site: 'north' }];
      },
      'directory.json people[1].routes: [{"site":"north"}] - routes of a liaison are not used',
    ],
    [
      'a clock that no rule names',
      ({ policy }) => {
        for (const { clocks } of policy.versions[0].rules) delete clocks.reroute;
      },
      'policy.json versions[0].rules: "reroute" - no rule names this clock',
    ],
    [
      'a rule that a later one hides',
      ({ policy }) => {
        policy.versions[0].rules.push({
          match: { priority: ['asap', 'stat'] },
          clocks: policy.versions[0].rules[2].clocks,
        });
      },
      'policy.json versions[0].rules[2].match: {"priority":["stat","asap"]} - never counts: rules[3] matches the same',
    ],
    [
      'a site that nobody works',
      ({ directory }) => {
        directory.sites.push({ id: 'south', name: 'South', timeZone: 'America/New_York' });
      },
      'directory.json sites[1]: "south" - no coordinator has a route for this site',
    ],
    [
      'a scope of a segment that no practice has',
      ({ directory }) => {
        directory.people[2].scope = { segment: 'pediatrics' };
      },
      'directory.json people[2].scope.segment: "pediatrics" - no practice has this segment: the report stays empty',
    ],
    [
      'one unknown site among known ones',
      ({ policy }) => {
        policy.versions[0].rules[1].match = { site: ['north', 'south'] };
      },
      'policy.json versions[0].rules[1].match.site[1]: "south" - no such site in directory.json',
    ],
  ])('%s', (_, spoil, text) => {
    const { problems, warnings } = found(spoil);
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(text);
  });

  it('says nothing of a clock that is switched off on purpose', () => {
    const { warnings } = found(({ policy }) => {
      for (const { clocks } of policy.versions[0].rules) delete clocks.reroute;
      policy.versions[0].rules[0].clocks.reroute = { target: null };
    });
    expect(warnings).toEqual([]);
  });
});
