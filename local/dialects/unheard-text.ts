import { type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { type UnheardClock, unheardClocks } from '../../shared/domain/referral/unheard.ts';
import { bold, field, WIDTH } from '../cli/columns.ts';
import type { HelpConfig } from './words-for.ts';

const LABEL = 18;

/**
 * Clocks of the policy that the mappings of CSV leave running, with what to do about them. Empty where other senders are
 * named too, of which nobody knows what they say, and where no policy is given.
 */
export function unheardLines({ dialects = NO_DIALECTS, policy }: HelpConfig): string[] {
  const said = typesMapped(dialects);
  const unheard = policy && said ? unheardClocks(said, policy) : [];
  if (unheard.length === 0) return [];
  return [
    bold('Clocks that run though nothing says when they are met'),
    ...unheard.flatMap((clock) => field(clock.kind, whyRunning(clock), WIDTH, 2, LABEL)),
    ...field(
      '',
      'If no emit can say it and no other system will, a target of null in policy.json switches the clock off. Else its alerts fill the digests.',
      WIDTH,
      2,
      0,
    ),
  ];
}

/** Of which event nobody hears, and what stops the clock all the same. */
function whyRunning({ waitsFor, stopsAtVisit }: UnheardClock): string {
  const never = `no ${waitsFor.join(' or ')}`;
  return stopsAtVisit ? `${never}; it stops when the patient is booked or seen` : `${never}; nothing stops it`;
}

/** The types of event that the mappings of senders make. Null: not all of them have one. */
function typesMapped({ senders }: Dialects): ReadonlySet<string> | null {
  const mappings = senders.map(({ csv }) => csv);
  if (mappings.length === 0 || mappings.some((csv) => csv === undefined)) return null;
  return new Set(
    mappings.flatMap((csv) => {
      if (csv === undefined) return [];
      return csv.kind === 'states' ? csv.emit.map(({ type }) => type) : Object.values(csv.type.values);
    }),
  );
}
