import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../local/fuzz/fuzz.ts';
import { fuzzPlan } from '../../../local/fuzz/plan.ts';
import { play, whereabouts } from '../../../local/fuzz/play.ts';

/**
 * Anything among an organization's messages, and hands among what is stored: what survives intake goes through detection,
 * mail, reports and `explain`, and harms nobody. `npm run fuzz` does the same with thousands, and says which message it was.
 */

const MESSAGES = 250;
const RANDOM_SEED = Math.floor(Math.random() * 1e9);

describe('fuzzed messages', () => {
  it.each([1, RANDOM_SEED])('are in a log or in quarantine, and hold up nothing: seed %i', async (seed) => {
    const { findings, messages, members, explained, mails } = await fuzz(
      fuzzPlan({ messages: MESSAGES, weeks: 1, seed }),
    );
    expect(findings).toEqual([]);
    expect(Object.values(messages).reduce((sum, count) => sum + count, 0)).toBe(MESSAGES);
    expect(messages['taken in']).toBeGreaterThan(MESSAGES / 4);
    expect(messages.invalid).toBeGreaterThan(MESSAGES / 8);
    expect(members['taken in']).toBeGreaterThan(MESSAGES / 4);
    expect(members.invalid).toBeGreaterThan(0);
    expect(members.malformed).toBeGreaterThan(0);
    expect(explained).toBeGreaterThan(24);
    expect(mails.coordinator_digest).toBeGreaterThan(0);
  });

  it('are found missing if one is lost', async () => {
    const plan = fuzzPlan({ messages: 20, weeks: 1, seed: 3 });
    const [lost] = plan.victims;
    if (lost === undefined) throw new Error('expected a message');
    const played = await play(plan, plan.clean);
    expect((await whereabouts(played, [lost, ...plan.clean])).findings).toMatchObject([
      { kind: 'lost', body: lost.body },
    ]);
  });
});
