import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { policySchema, TARGET_UNITS } from '../../../shared/contracts/config.ts';
import { EVENT_DATA, EVENT_TYPES, type EventType } from '../../../shared/contracts/event.ts';
import { COORDINATOR_SECTIONS } from '../../../shared/contracts/mail.ts';
import {
  ALERT_LEVELS,
  CLOCK_KINDS,
  CLOSE_REASON_CLASS,
  CLOSE_REASONS,
  DECLINE_REASONS,
  MAIL_KINDS,
  type Outcome,
  PAUSE_REASONS,
  REFUSAL_REASONS,
  RESOLUTIONS,
  STAGES,
  WATCH_KINDS,
} from '../../../shared/contracts/vocabulary.ts';
import { isExclusion, isLeakage } from '../../../shared/domain/referral/end-reasons.ts';
import { ruleFor } from '../../../shared/domain/referral/policy.ts';
import { actsNext } from '../../../shared/domain/referral/stage.ts';
import { anchors, codes, numbers, numbersIn, page, paragraph, table, words } from './domain-page.ts';

describe('the page of the domain contract', () => {
  it('has each anchor once', () => {
    expect(anchors.filter((id, index) => anchors.indexOf(id) !== index)).toEqual([]);
  });

  it('numbers its paragraphs as their anchors say, in order', () => {
    const place = (id: string) => id.split('-').map(Number) as [section: number, paragraph: number];
    for (const id of numbers) expect(paragraph(id)).toContain(`</a>**${id.replace('-', '.')}** `);
    const sorted = numbers.toSorted((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
    expect(numbers).toEqual(sorted);
    expect(new Set(numbers.map((id) => place(id)[0]))).toEqual(new Set([2, 3, 4, 5, 6, 7, 8, 9]));
  });

  it('says at its top which rules are not built yet', () => {
    const marked = numbers.filter((id) => paragraph(id).includes('** **Not yet'));
    const said = page.split('\n').find((line) => line.startsWith('**Not yet** marks')) ?? '';
    const listed = [...said.matchAll(/\(#([\d-]+)\)(?: to \[[\d.]+\]\(#([\d-]+)\))?/g)].flatMap(([, from, to = from]) =>
      numbers.slice(numbers.indexOf(from as string), numbers.indexOf(to as string) + 1),
    );
    expect(listed).toEqual(marked);
  });

  it('has a source for every figure that it cites', () => {
    const sources = anchors.filter((id) => id.startsWith('source-'));
    expect(sources).toEqual(Array.from({ length: 17 }, (_, index) => `source-${index + 1}`));
    for (const id of sources) expect(page).toContain(`(#${id})`);
  });
});

/** Fields that may be left out, though the code has a word for each afterwards (2.15). */
const MAY_BE_LEFT_OUT = ['referral.closed reason', 'referral.declined reason'];

describe('its table of events', () => {
  const rows = table('2-5').map(([type = '', data = '']) => [codes(type)[0] as EventType, data] as const);
  const cells = new Map(rows);

  it('has the types that the code takes, in the same order', () => {
    expect(rows.map(([type]) => type)).toEqual(EVENT_TYPES);
  });

  it.each(EVENT_TYPES)('has the fields of %s, and which may be left out', (type) => {
    const { required, properties } = schemaOf(type);
    const inCode = Object.keys(properties).map((name) =>
      required.includes(name) && !MAY_BE_LEFT_OUT.includes(`${type} ${name}`) ? name : `${name}?`,
    );
    const said =
      type === 'referral.updated' && cells.get(type)?.includes('any of the fields of `referral.received`')
        ? fieldsIn(cells.get('referral.received')).map((field) => `${field.replace('?', '')}?`)
        : fieldsIn(cells.get(type));
    expect(said.sort()).toEqual(inCode.sort());
  });

  it.each(EVENT_TYPES)('has the words of %s', (type) => {
    for (const [name, property] of Object.entries(schemaOf(type).properties)) {
      const inCode = `${type} ${name}` === 'referral.declined reason' ? [...DECLINE_REASONS] : wordsOf(property);
      // These lists are in tables of their own.
      if (name === 'kind' || inCode.includes(CLOSE_REASONS[0]) || type === 'referral.updated') continue;
      const group = new RegExp(`\`${name}\`\\?? \\(((?:\`\\w+\`(?:, )?)+)\\)`).exec(cells.get(type) ?? '');
      expect({ [name]: codes(group?.[1] ?? '') }).toEqual({ [name]: inCode });
    }
  });

  interface Property {
    enum?: string[];
    anyOf?: Property[];
  }
  function schemaOf(type: EventType): { required: string[]; properties: Record<string, Property> } {
    const { required = [], properties = {} } = z.toJSONSchema(EVENT_DATA[type], { unrepresentable: 'any' });
    return { required, properties: properties as Record<string, Property> };
  }
  const wordsOf = ({ enum: own, anyOf = [] }: Property): string[] => own ?? anyOf.flatMap(wordsOf);

  /** Fields of the first level, with their question marks. */
  function fieldsIn(cell = ''): string[] {
    let text = cell.replace(/\{[^}]*\}/g, '');
    while (/\([^()]*\)/.test(text)) text = text.replace(/\([^()]*\)/g, '');
    return [...text.matchAll(/`(\w+)`(\??)/g)].map(([, name, mark]) => `${name}${mark}`).filter((f) => f !== 'subject');
  }
});

describe('its closed lists are those of the code:', () => {
  it('refusal reasons', () => expect(words('2-41')).toEqual(REFUSAL_REASONS));
  it('stages, in the order in which they are tried', () => expect(words('3-1')).toEqual(STAGES));
  it('kinds of clock', () => expect(words('4-2')).toEqual(CLOCK_KINDS));
  it('kinds of alert without a clock', () => expect(words('6-2')).toEqual(WATCH_KINDS));
  it('levels', () => expect(words('6-13')).toEqual(ALERT_LEVELS));
  it('units of targets', () => expect(words('5-4')).toEqual(TARGET_UNITS));
  it('sections of the coordinator digest', () => expect(words('8-22')).toEqual(COORDINATOR_SECTIONS));

  it('resolutions', () => {
    const said = [...table('6-20'), ...table('6-22')].map(([, resolution = '']) => codes(resolution)[0]);
    expect(new Set(said)).toEqual(new Set(RESOLUTIONS));
  });

  it('outcomes', () => {
    const outcomes = { excluded: 0, met: 0, lost: 0, missed: 0, running: 0 } satisfies Record<Outcome, 0>;
    expect(words('4-14')).toEqual(Object.keys(outcomes));
  });

  it('mails', () => {
    expect(table('8-1').map(([mail = '']) => codes(mail)[0])).toEqual(MAIL_KINDS);
  });

  it.each(STAGES)('who acts next in stage %s', (stage) => {
    const row = table('3-1').find(([first = '']) => codes(first)[0] === stage);
    expect(row?.[2]?.replace(/ \(.*/, '')).toBe(actsNext(stage));
  });
});

describe('its table of closing reasons', () => {
  const rows = table('7-1').flatMap(([name = '', reasons = '', counts = '']) =>
    codes(reasons).map((reason) => ({ reason, endClass: name.replace(' ', '_'), counts })),
  );

  it('has every reason in its class', () => {
    expect(Object.fromEntries(rows.map(({ reason, endClass }) => [reason, endClass]))).toEqual(CLOSE_REASON_CLASS);
  });

  it.each(CLOSE_REASONS)('says what %s counts as', (reason) => {
    const counts = rows.find((row) => row.reason === reason)?.counts ?? '';
    expect([counts.startsWith('leakage'), counts === 'exclusion']).toEqual([isLeakage(reason), isExclusion(reason)]);
  });
});

describe('its default figures', () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'config', 'default', 'policy.json');
  const [version] = policySchema.parse(JSON.parse(readFileSync(file, 'utf8'))).versions;
  if (!version) throw new Error('the default pack has no version');
  const rows = table('5-22').map(([clock = '', ...cells]) => ({ clock, cells }));
  const [warnHours, escalateDays] = numbersIn(paragraph('5-23').replace(/^.*\*\*/, '')) as [number, number];

  /** A rule from its cell, such as `8 business days (warns 3 days before)`. */
  function ruleIn(clock: string, cell: string) {
    const [, value, unit = ''] = /^(\d+) ([a-z ]*(?:hour|day)s?)/.exec(cell) ?? [];
    const warnDays = /warns (\d+) days before/.exec(cell)?.[1];
    const escalates = Number(/escalates (\d+) days after/.exec(cell)?.[1] ?? escalateDays);
    const before = warnDays === undefined ? { value: warnHours, unit: 'hours' } : days(Number(warnDays));
    return {
      target: { value: Number(value), unit: unit.replace(' ', '_').replace(/s?$/, 's') },
      ...(clock.includes('(warns at start)') ? { warnAtStart: true } : { warnBefore: before }),
      escalateAfter: days(escalates),
    };
  }
  const days = (value: number) => ({ value, unit: 'calendar_days' });

  it('name the clocks that the default pack has', () => {
    const inFile = new Set(version.rules.flatMap(({ clocks }) => Object.keys(clocks)));
    expect(new Set(words('5-22'))).toEqual(inFile);
  });

  it.each(rows)('are those of config/default for $clock', ({ clock, cells }) => {
    const kind = CLOCK_KINDS.find((each) => each === codes(clock)[0]);
    if (!kind) throw new Error(`no such clock: ${clock}`);
    const columns = [['stat', 'asap'], ['urgent'], ['routine']] as const;
    for (const [column, priorities] of columns.entries()) {
      for (const priority of priorities) {
        const fields = { priority, specialty: null, site: null, payer: null, tags: [] };
        expect(ruleFor(version, kind, fields)).toEqual(ruleIn(clock, cells[column] ?? ''));
      }
    }
  });

  it('are those of config/default for pauses', () => {
    expect(words('5-12')).toEqual(PAUSE_REASONS);
    const said = table('5-12').map(([reason = '', cap]) => [codes(reason)[0], Number(cap)]);
    expect(Object.fromEntries(said)).toEqual(version.pauseCaps);
  });

  it('are those of config/default for everything else', () => {
    const { silence, attendanceUnknownAfter, snoozeCapDays, urgentLead, attempts } = version;
    const said = table('5-24').map(([setting = '', value = '']) => [codes(setting)[0], numbersIn(value)]);
    expect(Object.fromEntries(said)).toEqual({
      silence: [silence.stat, silence.urgent, silence.routine],
      attendanceUnknownAfter: [attendanceUnknownAfter.value],
      snoozeCapDays: [snoozeCapDays],
      urgentLead: [urgentLead.value],
      attempts: [attempts.total, attempts.phoneDays, attempts.letters, attempts.quietDays],
    });
    expect(silence.asap).toBe(silence.stat);
    expect([attendanceUnknownAfter.unit, urgentLead.unit]).toEqual(['business_days', 'business_hours']);
  });
});
