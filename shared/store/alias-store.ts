import type { Instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';

/** Another name of a referral at a sender: of the referral itself, or of one of its orders, appointments or documents. */
export interface Alias {
  sender: string;
  /** As translation gives it: `Appointment/77`. */
  key: string;
  referralId: string;
  /** What waited for this name hasn't found it yet. */
  isOpen: boolean;
  /** When it is forgotten, unless somebody uses it before. */
  expiresAt: Instant;
}

/** Which referral a sender's other names stand for. */
export interface AliasStore {
  /** What is known under some keys of a sender, unless `consistent` eventually; unknown keys are left out. */
  find(sender: string, keys: readonly string[], options?: { consistent?: boolean }): Promise<Alias[]>;
  /** What is known under a key, consistent. */
  get(sender: string, key: string): Promise<Alias | null>;
  /** Gives a referral a name, unless it is somebody's. It is open until `settle`. */
  name(alias: Pick<Alias, 'sender' | 'key' | 'referralId'>, now: Instant): Promise<Written>;
  /** Notes that nothing waits for a name any more. */
  settle(alias: Alias): Promise<Written>;
  /** Keeps a name that is used for as long as a new one. */
  keep(alias: Alias, now: Instant): Promise<Written>;
}
