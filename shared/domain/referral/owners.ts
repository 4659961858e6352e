import type { Directory, Person } from '../../contracts/config.ts';
import type { ReferralState } from '../../contracts/state.ts';

type Routed = Pick<ReferralState, 'coordinatorId' | 'liaisonId' | 'site' | 'specialty' | 'practiceId'>;

/** Who is responsible for a referral, by the current directory. Null: nobody, so operations. */
export function ownersOf(
  referral: Routed,
  directory: Directory,
): { coordinatorId: string | null; liaisonId: string | null } {
  return { coordinatorId: coordinatorOf(referral, directory), liaisonId: liaisonOf(referral, directory) };
}

function coordinatorOf({ coordinatorId, site, specialty }: Routed, directory: Directory): string | null {
  if (coordinatorId !== null && personIn(directory, 'coordinator', coordinatorId)) return coordinatorId;
  const routed = routedTo({ site, specialty }, directory);
  if (routed !== null) return routed;
  const fallback = directory.sites.find(({ id }) => id === site)?.fallbackCoordinatorId;
  return fallback !== undefined && personIn(directory, 'coordinator', fallback) ? fallback : null;
}

/** The coordinator whose route matches on most fields; of several such routes the first listed. Null: none matches. */
function routedTo({ site, specialty }: Pick<Routed, 'site' | 'specialty'>, { people }: Directory): string | null {
  const matching = people
    .filter(({ role }) => role === 'coordinator')
    .flatMap(({ id, routes = [] }) => routes.map((route) => ({ id, route })))
    .filter(({ route }) => (route.site ?? site) === site && (route.specialty ?? specialty) === specialty)
    .map(({ id, route }) => ({ id, fields: Number(route.site !== undefined) + Number(route.specialty !== undefined) }));
  const most = Math.max(...matching.map(({ fields }) => fields));
  return matching.find(({ fields }) => fields === most)?.id ?? null;
}

function liaisonOf({ liaisonId, practiceId }: Routed, directory: Directory): string | null {
  if (liaisonId !== null && personIn(directory, 'liaison', liaisonId)) return liaisonId;
  const ofPractice = directory.practices.find(({ id }) => id === practiceId)?.liaisonId;
  return ofPractice !== undefined && personIn(directory, 'liaison', ofPractice) ? ofPractice : null;
}

/** The person with that role and id, if the directory has one. */
export function personIn(directory: Directory, role: Person['role'], id: string): Person | null {
  return directory.people.find((person) => person.role === role && person.id === id) ?? null;
}
