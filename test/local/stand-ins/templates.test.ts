import { expect, it } from 'vitest';
import { synthesizeTemplates } from '../../../infra/templates.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';

it('returns the synthesized templates, also from the cache', async () => {
  const synthesized = synthesizeTemplates('cached');
  expect(await localTemplates('cached')).toEqual(synthesized);
  expect(await localTemplates('cached')).toEqual(synthesized);
});
