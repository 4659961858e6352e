import type { Directory, Person } from '../../contracts/config.ts';
import type { ReferralState } from '../../contracts/state.ts';

/** The facts that decide who a referral's coordinator is. With a directory they name the person. */
export type CoordinatorFacts = Pick<ReferralState, 'coordinatorId' | 'site' | 'specialty'>;
/** The facts that decide who a referral's liaison is. */
export type LiaisonFacts = Pick<ReferralState, 'liaisonId' | 'practiceId'>;

/** Who is responsible for a referral, by the current directory. Null: nobody, so operations. */
export function ownersOf(
  referral: CoordinatorFacts & LiaisonFacts,
  directory: Directory,
): { coordinatorId: string | null; liaisonId: string | null } {
  return { coordinatorId: coordinatorOf(referral, directory), liaisonId: liaisonOf(referral, directory) };
}

/** The coordinator responsible for referrals of which these facts hold, by the current directory. Null: nobody. */
export function coordinatorOf(
  { coordinatorId, site, specialty }: CoordinatorFacts,
  directory: Directory,
): string | null {
  if (coordinatorId !== null && personIn(directory, 'coordinator', coordinatorId)) return coordinatorId;
  const routed = routedTo({ site, specialty }, directory);
  if (routed !== null) return routed;
  const fallback = directory.sites.find(({ id }) => id === site)?.fallbackCoordinatorId;
  return fallback !== undefined && personIn(directory, 'coordinator', fallback) ? fallback : null;
}

/** The coordinator whose route matches on most fields; of several such routes the first listed. Null: none matches. */
function routedTo(
  { site, specialty }: Pick<CoordinatorFacts, 'site' | 'specialty'>,
  { people }: Directory,
): string | null {
  const matching = people
    .filter(({ role }) => role === 'coordinator')
    .flatMap(({ id, routes = [] }) => routes.map((route) => ({ id, route })))
    .filter(({ route }) => (route.site ?? site) === site && (route.specialty ?? specialty) === specialty)
    .map(({ id, route }) => ({ id, fields: Number(route.site !== undefined) + Number(route.specialty !== undefined) }));
  const most = Math.max(...matching.map(({ fields }) => fields));
  return matching.find(({ fields }) => fields === most)?.id ?? null;
}

/** The liaison responsible for referrals of which these facts hold, by the current directory. Null: nobody. */
export function liaisonOf({ liaisonId, practiceId }: LiaisonFacts, directory: Directory): string | null {
  if (liaisonId !== null && personIn(directory, 'liaison', liaisonId)) return liaisonId;
  const ofPractice = directory.practices.find(({ id }) => id === practiceId)?.liaisonId;
  return ofPractice !== undefined && personIn(directory, 'liaison', ofPractice) ? ofPractice : null;
}

/** The person with that role and id, if the directory has one. */
export function personIn(directory: Directory, role: Person['role'], id: string): Person | null {
  return directory.people.find((person) => person.role === role && person.id === id) ?? null;
}
