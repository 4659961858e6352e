import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
const recommended: Record<string, unknown> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

/** Where cdk.json differs from what the CDK recommends for a new app, and why. */
const OWN: Record<string, { value: unknown; why: string }> = {
  '@aws-cdk/core:target-partitions': { value: ['aws', 'aws-us-gov'], why: 'health organizations use GovCloud' },
  '@aws-cdk/core:enableAdditionalMetadataCollection': { value: false, why: 'nothing is reported' },
};

describe('the feature flags of the CDK', () => {
  it('are those recommended for a new app: to turn one on later can replace a resource', () => {
    const flags = Object.keys(recommended);
    const expected = flags.map((flag) => [flag, OWN[flag]?.value ?? recommended[flag]]);
    expect(Object.fromEntries(flags.map((flag) => [flag, context[flag]]))).toEqual(Object.fromEntries(expected));
  });

  it.each(Object.entries(OWN))('differ in %s', (flag, { value }) => {
    expect(context[flag]).toEqual(value);
    expect(recommended[flag]).not.toEqual(value);
  });
});
