import type { Instant } from '../../shared/contracts/instant.ts';
import { utcMinute } from '../operate/lines.ts';
import { type Finding, fail, finding, ok, type Read, some, warn } from './finding.ts';

/** What keeps data, and who hears of trouble. */

export interface Subscription {
  protocol: string;
  endpoint: string;
  confirmed: boolean;
}

/** @param email who should get the alarms by the stage's file. Null: it names nobody */
export function alarmsCheck(subscriptions: Read<readonly Subscription[] | null>, email: string | null): Finding {
  return finding('alarms', subscriptions, (found) => {
    if (found === null) return fail('there is no alarm topic', 'Deploy the stage.');
    const pending = found.filter(({ confirmed }) => !confirmed).map(({ endpoint }) => endpoint);
    const confirmed = found.filter((each) => each.confirmed);
    const confirm = 'Follow the link in the mail from AWS Notifications; it works for 3 days, then subscribe again.';
    if (email !== null && !found.some(({ endpoint }) => endpoint === email)) {
      return fail(`${email} isn't subscribed`, 'Deploy the stage, then follow the link in the mail.');
    }
    if (email !== null && pending.includes(email)) return fail(`${email} hasn't confirmed: it gets no alarm`, confirm);
    if (confirmed.length === 0) return fail('nobody gets the alarms', `Set alarmEmail in the stage's file. ${confirm}`);
    if (pending.length > 0) return warn(`not confirmed: ${some(pending)}`, confirm);
    return ok(
      `go to ${some(
        confirmed.map(({ endpoint }) => endpoint),
        2,
      )}`,
    );
  });
}

export interface DataKeyState {
  /** As KMS names it: `Enabled`, `Disabled`, `PendingDeletion`, ... */
  state: string;
  deletedAt: Instant | null;
}

export function keyCheck(key: Read<DataKeyState | null>): Finding {
  const mend = 'docs/runbooks.md#data-key-changed, at once.';
  return finding('data key', key, (found) => {
    if (found === null) return fail('there is none of that alias', 'Deploy the stage.');
    if (found.state === 'Enabled') return ok('enabled');
    if (found.deletedAt !== null)
      return fail(`is deleted at ${utcMinute(found.deletedAt)} UTC, and all data with it`, mend);
    return fail(`${found.state}: nothing can be read or written`, mend);
  });
}

/** @param tables by name; null: there is no such table */
export function backupsCheck(tables: Read<readonly { name: string; on: boolean | null }[]>): Finding {
  return finding('backups', tables, (all) => {
    const missing = all.filter(({ on }) => on === null).map(({ name }) => name);
    const off = all.filter(({ on }) => on === false).map(({ name }) => name);
    if (missing.length > 0) return fail(`no table ${some(missing)}`, 'Deploy the stage.');
    if (off.length > 0)
      return fail(`point-in-time recovery is off: ${some(off)}`, 'Deploy the stage, which switches it on.');
    return ok('point-in-time recovery is on for both tables');
  });
}
