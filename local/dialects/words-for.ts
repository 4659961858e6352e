import type { Config } from '../../shared/contracts/config.ts';
import type { CrosswalkName } from '../../shared/contracts/dialects.ts';
import { FILL_IN } from '../../shared/contracts/fill-in.ts';
import { APPOINTMENT_STATUSES, CONTACT_CHANNELS, CONTACT_OUTCOMES } from '../../shared/contracts/vocabulary.ts';
import { cancellerOf, closeReasonOf, declineReasonOf, pauseReasonOf, priorityOf } from '../draft/status-words.ts';
import type { TryConfig } from './try-messages.ts';

/** Of a configuration what words for values are looked for in. */
export type HelpConfig = TryConfig & { policy?: Config['policy'] };

const CROSSWALKS: Readonly<Record<string, CrosswalkName>> = {
  ...{ priority: 'priority', specialty: 'specialty', site: 'site', payer: 'payer' },
  ...{ practice: 'practice', 'practice.id': 'practice', by: 'cancel', channel: 'channel', outcome: 'outcome' },
  status: 'status',
};
const REASONS: Readonly<Record<string, CrosswalkName>> = {
  'referral.closed.reason': 'close',
  'referral.declined.reason': 'decline',
  'referral.paused.reason': 'pause',
};

/** The crosswalk that a field is read by. Null: none is. @param field event type and field */
export function crosswalkOf(field: string): CrosswalkName | null {
  const name = /^(?:referral|appointment|visit|contact|note)\.(?:[a-z_]+\.)?(practice\.id|\w+)$/.exec(field)?.[1] ?? '';
  return REASONS[field] ?? CROSSWALKS[name] ?? null;
}

/** The word that a value commonly means: one of the contract, an id of the directory, or the value itself. */
export function wordFor(field: string, value: string, config: HelpConfig): string {
  const crosswalk = crosswalkOf(field);
  const { sites = [], practices = [] } = config.directory;
  switch (crosswalk) {
    case 'priority':
      return priorityOf(value) ?? FILL_IN;
    case 'close':
      return closeReasonOf(value) ?? FILL_IN;
    case 'decline':
      return declineReasonOf(value) ?? FILL_IN;
    case 'pause':
      return pauseReasonOf(value) ?? FILL_IN;
    case 'cancel':
      return cancellerOf(value) ?? FILL_IN;
    case 'channel':
      return alike(value, CONTACT_CHANNELS) ?? FILL_IN;
    case 'outcome':
      return alike(value, CONTACT_OUTCOMES) ?? FILL_IN;
    case 'status':
      return alike(value, APPOINTMENT_STATUSES) ?? FILL_IN;
    case 'site':
      return sites.find(({ id, name }) => alike(value, [id, name]))?.id ?? FILL_IN;
    case 'practice':
      return practices.find(({ id, name, aliases = [] }) => alike(value, [id, name, ...aliases]))?.id ?? value;
    case 'specialty':
      return alike(value, specialtiesOf(config)) ?? value;
    case 'payer':
    case null:
      return value;
  }
}

const specialtiesOf = ({ policy }: HelpConfig): string[] =>
  (policy?.versions ?? []).flatMap(({ rules }) => rules.flatMap(({ match }) => match.specialty ?? []));

/** The first of some words that is the same without case, spaces and signs. */
function alike(value: string, words: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return words.find((word) => plain(word) !== '' && plain(word) === plain(value));
}
