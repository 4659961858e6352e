import type { Directory } from '../../shared/contracts/config.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { isAllowed, operationsRecipient } from '../../shared/domain/mail/recipients.ts';
import { type CoordinatorFacts, personIn } from '../../shared/domain/referral/owners.ts';
import { plural } from '../../shared/mail/format-time.ts';
import type { ConfigInForce } from '../../shared/store/config-store.ts';
import { utcMinute } from '../operate/lines.ts';
import { type Finding, fail, finding, ok, type Read, some, warn } from './finding.ts';

/** Whether the configuration is in force, and reaches people. */

/** Detection begins to apply a configuration 6 minutes after the push, at a quarter hour. */
const BEGUN_WITHIN_MS = 40 * MINUTE_MS;

/** @param swept referrals that were brought under it so far, if it isn't applied yet */
export function configurationCheck(inForce: Read<InForce | null>, swept: Read<number>, now: Instant): Finding {
  return finding('configuration', inForce, (found) => {
    if (found === null) return fail('none was pushed', '`npx loopwatch config push DIR --stage STAGE`.');
    const { version, pushedAt, appliedPush } = found;
    const says = `${version}, pushed ${utcMinute(pushedAt)} UTC`;
    if (appliedPush === pushedAt) return ok(`${says}, applied`);
    const begun = swept.is === 'read' && swept.value > 0;
    if (!begun && now - pushedAt > BEGUN_WITHIN_MS) {
      return fail(`${says}, not applied`, 'detect-breaches fails or does not run: docs/runbooks.md#runs-failing.');
    }
    return warn(`${says}, being applied`, '`npx loopwatch config status` shows how far it has come.');
  });
}

export function peopleCheck(directory: Read<Directory | null>): Finding {
  return finding('people', directory, (found) => {
    if (found === null) return ok('wait for a configuration');
    const { people, organization } = found;
    const all = [...people, operationsRecipient(found)];
    const unreachable = all.filter((person) => !isAllowed(person, found)).map(({ id }) => id);
    if (unreachable.length === 0) return ok(`all ${people.length} have an address that mail may go to`);
    const mend = "Correct the addresses or the organization's allowedDomains in directory.json, and push.";
    const none = organization.allowedDomains.length === 0 ? 'allowedDomains is empty: mail goes to nobody' : null;
    const says = none ?? `no mail may go to: ${some(unreachable)}`;
    return unreachable.length === all.length || unreachable.includes('operations')
      ? fail(says, mend)
      : warn(says, mend);
  });
}

/** @param facts what is known of referrals that decides whose they are */
export function ownersCheck(directory: Read<Directory | null>, facts: Read<readonly CoordinatorFacts[]>): Finding {
  return finding('coordinators', directory, (found) => {
    if (found === null) return ok('wait for a configuration');
    if (facts.is === 'unread') return { level: 'unknown', says: facts.why, mend: null };
    const named = new Set(facts.value.flatMap(({ coordinatorId }) => coordinatorId ?? []));
    const left = [...named].filter((id) => personIn(found, 'coordinator', id) === null).sort();
    if (left.length === 0) return ok('everybody whom senders name is in the directory');
    const who = `${plural(left.length, 'coordinator')} named by senders ${left.length === 1 ? 'is' : 'are'} not in it: ${some(left)}`;
    return warn(who, 'Their referrals go by site and specialty. See docs/runbooks.md#referrals-without-a-coordinator.');
  });
}

export function sitesCheck(directory: Read<Directory | null>): Finding {
  return finding('sites', directory, (found) => {
    if (found === null) return ok('wait for a configuration');
    const routes = found.people.flatMap(({ role, routes: own = [] }) => (role === 'coordinator' ? own : []));
    const without = found.sites
      .filter(
        ({ id, fallbackCoordinatorId: fallback }) =>
          !(fallback !== undefined && personIn(found, 'coordinator', fallback)) &&
          !routes.some(({ site }) => site === undefined || site === id),
      )
      .map(({ id }) => id);
    if (without.length === 0) return ok(`all ${found.sites.length} have a coordinator`);
    return warn(`no coordinator: ${some(without)}`, 'Give each a fallbackCoordinatorId or somebody a route, and push.');
  });
}

type InForce = Pick<ConfigInForce, 'version' | 'pushedAt' | 'appliedPush'>;
