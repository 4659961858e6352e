import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, validateConfig } from '../../../local/cli/config.ts';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { directoryOf } from '../../../local/simulate/organization.ts';
import { DEFAULT_UNTIL } from '../../../local/simulate/simulate.ts';
import { at } from '../../builders/instants.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
/** Far from the end of the list of holidays. */
const NOW = at('2026-03-02T12:00:00Z');

beforeEach(() => {
  write('policy.json', JSON.stringify(defaultPolicy()));
  write('directory.json', JSON.stringify(directoryOf(DEFAULT_UNTIL)));
});

function write(file: string, text: string) {
  writeFileSync(join(folder, file), text);
}

async function validate(json = false, now = NOW) {
  const printed: string[] = [];
  const code = await validateConfig(folder, { json, print: (line) => printed.push(line), now });
  return { code, printed, text: printed.join('\n') };
}

describe('loopwatch config validate', () => {
  it('says that a folder is valid and ends with 0', async () => {
    expect(await validate()).toMatchObject({ code: 0, text: `${folder}: valid, no warnings` });
  });

  it('lists problems and warnings, a line each, and ends with 1', async () => {
    const directory = directoryOf(DEFAULT_UNTIL);
    write(
      'directory.json',
      JSON.stringify({
        ...directory,
        sites: directory.sites.map((site) => ({ ...site, escalateTo: 'nobody' })),
        organization: { ...directory.organization, allowedDomains: [] },
      }),
    );
    const { code, printed } = await validate();
    expect(code).toBe(1);
    expect(printed.filter((line) => line.startsWith('error    directory.json sites['))).toHaveLength(4);
    expect(printed.filter((line) => line.startsWith('warning  directory.json organization.allowed'))).toHaveLength(1);
    expect(printed.at(-1)).toBe(`${folder}: 4 problems, 1 warning`);
  });

  it.each(['dialect.json', 'Dialects.json', 'dialects.json.txt'])(
    'says that a file seems to be misnamed if the one it is near to is missing: %s',
    async (name) => {
      write(name, '{ "senders": [] }');
      const warning = `dialects.json: there is none, and ${name} isn't read; rename it to dialects.json if it is meant`;
      const { code, printed } = await validate();
      expect({ code, printed }).toEqual({
        code: 0,
        printed: [`warning  ${warning}`, `${folder}: valid, 1 warning`],
      });
      const warned: string[] = [];
      await loadConfig(folder, (line) => warned.push(line));
      expect(warned).toEqual([`warning  ${warning}`]);
      write('dialects.json', '{ "senders": [] }');
      const there = await validate();
      rmSync(join(folder, 'dialects.json'));
      rmSync(join(folder, name));
      expect(there.text).toBe(`${folder}: valid, no warnings`);
    },
  );

  it('says nothing of files that are near to none', async () => {
    for (const name of ['people.json', 'package.json', 'policy.old.json']) write(name, '{}');
    const { text } = await validate();
    for (const name of ['people.json', 'package.json', 'policy.old.json']) rmSync(join(folder, name));
    expect(text).toBe(`${folder}: valid, no warnings`);
  });

  it('says the same as JSON when asked', async () => {
    write('policy.json', '{}');
    const { code, text } = await validate(true);
    expect(code).toBe(1);
    expect(JSON.parse(text)).toEqual({
      valid: false,
      problems: [{ file: 'policy.json', path: 'versions', message: 'expected a list' }],
      warnings: [],
    });
  });

  it('names a missing file', async () => {
    rmSync(join(folder, 'policy.json'));
    expect((await validate()).text).toContain(`policy.json: expected a file policy.json in ${folder}`);
  });

  it('names the line and column where a file stops being JSON', async () => {
    write('policy.json', '{\n  "versions": [\n  ]\n  "more": 1\n}');
    expect((await validate()).text).toMatch(/policy\.json: is not JSON: line 4, column 3: expected a comma/);
  });

  it('ignores a byte order mark', async () => {
    write('policy.json', `\uFEFF${JSON.stringify(defaultPolicy())}`);
    expect((await validate()).code).toBe(0);
  });
});

describe('holidays', () => {
  /** The warnings of a site with these holidays. */
  async function warnings(holidays: string[] | undefined, now: string): Promise<string[]> {
    const directory = directoryOf(DEFAULT_UNTIL);
    const sites = directory.sites.map(({ holidays: known = [], ...site }, index) => ({
      ...site,
      holidays: [...known, '2099-01-01'],
      ...(index === 1 && { holidays }),
    }));
    write('directory.json', JSON.stringify({ ...directory, sites }));
    const { code, printed } = await validate(false, at(now));
    expect(code).toBe(0);
    return printed.slice(0, -1);
  }
  const ends = (last: string) =>
    `warning  directory.json sites[1].holidays: "${last}" - is the last one, and after it deadlines fall on holidays; add those of the coming year, as with: npx loopwatch config holidays FILE.ics --site south`;

  it('that end within 60 days, or have ended, are warned of', async () => {
    expect(await warnings(['2026-12-25', '2026-01-01'], '2026-10-25T12:00:00Z')).toEqual([]);
    expect(await warnings(['2026-12-25', '2026-01-01'], '2026-10-26T12:00:00Z')).toEqual([ends('2026-12-25')]);
    expect(await warnings(['2025-12-25'], '2026-12-24T12:00:00Z')).toEqual([ends('2025-12-25')]);
  });

  it('that are missing are warned of, unless an empty list says that there are none', async () => {
    expect(await warnings(undefined, '2026-03-02T12:00:00Z')).toEqual([
      'warning  directory.json sites[1].holidays: missing - deadlines fall on holidays; expected a list of dates, or [] for a site that has none',
    ]);
    expect(await warnings([], '2026-03-02T12:00:00Z')).toEqual([]);
  });
});

describe('loading a configuration', () => {
  it('returns it checked', async () => {
    expect((await loadConfig(folder)).policy).toEqual(defaultPolicy());
  });

  it('throws one error with every problem', async () => {
    write('policy.json', 'no');
    rmSync(join(folder, 'directory.json'));
    await expect(loadConfig(folder)).rejects.toThrow(/2 problems.*policy\.json.*directory\.json/s);
  });
});
