import { describe, expect, it } from 'vitest';
import { checkConfig, problemText } from '../../../shared/contracts/config-check.ts';
import { FILL_IN } from '../../../shared/contracts/fill-in.ts';
import { sampleConfig } from '../../builders/config.ts';

const csv = { kind: 'states', subject: 'Ref', emit: [{ type: 'referral.received', time: 'Created' }] };
/** What is said of a sender's entry, in an order of its own. */
function said(sender: object): string[] {
  const dialects = { defaults: { timeZone: 'UTC' }, senders: [{ name: 'nights', csv, ...sender }] };
  const { problems, warnings } = checkConfig({ ...sampleConfig(), dialects });
  return [...problems, ...warnings].map(problemText).filter((text) => text.includes(FILL_IN));
}

describe('What was never filled in', () => {
  it('is said first, and then what to write', () => {
    const emit = [{ type: FILL_IN, time: 'Created' }];
    expect(said({ csv: { ...csv, emit } })).toEqual([
      expect.stringMatching(/emit\[0\]\.type: "FILL IN" - FILL IN is still there; write one of referral\.received, /),
    ]);
    expect(said({ crosswalks: { priority: { R: FILL_IN } } })).toEqual([
      'dialects.json senders[0].crosswalks.priority.R: "FILL IN" - FILL IN is still there; write one of routine, urgent, asap, stat',
    ]);
    expect(said({ crosswalks: { site: { R: FILL_IN } } })).toEqual([
      expect.stringMatching(/crosswalks\.site\.R: "FILL IN" - FILL IN is still there; write one such as north, /),
    ]);
    expect(said({ crosswalks: { practice: { R: FILL_IN } } })).toEqual([
      expect.stringMatching(/practice\.R: "FILL IN" - FILL IN is still there; write one such as practice-1, /),
    ]);
  });

  it.each([
    [
      'a column',
      { csv: { ...csv, subject: `${FILL_IN}: subject` } },
      'dialects.json senders[0].csv.subject: "FILL IN: subject" - FILL IN is still there; write what only you can know, such as the name of a column or an id',
    ],
    [
      'an id of your own',
      { crosswalks: { payer: { P: FILL_IN } } },
      'dialects.json senders[0].crosswalks.payer.P: "FILL IN" - FILL IN is still there; write what only you can know, such as the name of a column or an id',
    ],
  ])('is met where any text would do: %s', (_, sender, text) => {
    expect(said(sender)).toEqual([text]);
  });

  it('is met in the other files, too', () => {
    const { policy, directory } = sampleConfig();
    const organization = { ...directory.organization, name: FILL_IN };
    const { warnings } = checkConfig({ policy, directory: { ...directory, organization } });
    expect(warnings.map(problemText).filter((text) => text.includes(FILL_IN))).toHaveLength(1);
  });

  it('is no text that only has these words in it', () => {
    expect(said({ crosswalks: { payer: { P: 'FILL INN' } } })).toEqual([]);
  });
});

it('A hint comes before the words that are possible, however many they are', () => {
  const emit = [{ type: 'contact.atempted', time: 'Created' }];
  const dialects = { senders: [{ name: 'nights', csv: { ...csv, emit } }] };
  const [problem] = checkConfig({ ...sampleConfig(), dialects }).problems;
  expect(problem?.message).toMatch(/^did you mean contact\.attempted\? Expected one of referral\.received, /);
});
