import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { refusedLicences } from '../../local/licences.ts';

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));

it('every package that is deployed has an allowed licence', () => {
  expect(refusedLicences(lock)).toEqual([]);
});

it('a package with another licence or none is named, unless it is a development tool', () => {
  const packages = {
    '': { version: '0.1.0', license: 'Apache-2.0' },
    'node_modules/fine': { version: '1.0.0', license: 'MIT' },
    'node_modules/tool': { version: '1.0.0', license: 'GPL-3.0', dev: true },
    'node_modules/fine/node_modules/@scope/copyleft': { version: '2.0.0', license: 'AGPL-3.0' },
    'node_modules/silent': { version: '3.0.0' },
  };
  expect(refusedLicences({ packages })).toEqual(['@scope/copyleft 2.0.0: AGPL-3.0', 'silent 3.0.0: no licence named']);
});
