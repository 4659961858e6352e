import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, validateConfig } from '../../../local/cli/config.ts';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { directoryOf } from '../../../local/simulate/organization.ts';
import { DEFAULT_UNTIL } from '../../../local/simulate/simulate.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

beforeEach(() => {
  write('policy.json', JSON.stringify(defaultPolicy()));
  write('directory.json', JSON.stringify(directoryOf(DEFAULT_UNTIL)));
});

function write(file: string, text: string) {
  writeFileSync(join(folder, file), text);
}

async function validate(json = false) {
  const printed: string[] = [];
  const code = await validateConfig(folder, { json, print: (line) => printed.push(line) });
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
        more: 1,
      }),
    );
    const { code, printed } = await validate();
    expect(code).toBe(1);
    expect(printed.filter((line) => line.startsWith('error    directory.json sites['))).toHaveLength(4);
    expect(printed.filter((line) => line.startsWith('warning  directory.json more'))).toHaveLength(1);
    expect(printed.at(-1)).toBe(`${folder}: 4 problems, 1 warning`);
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
    expect((await validate()).text).toMatch(/policy\.json: is not JSON: .*line 4 column 3/);
  });

  it('ignores a byte order mark', async () => {
    write('policy.json', `\uFEFF${JSON.stringify(defaultPolicy())}`);
    expect((await validate()).code).toBe(0);
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
