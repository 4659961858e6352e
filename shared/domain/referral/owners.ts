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
  let best: { fields: number; id: string } | null = null;
  for (const person of directory.people) {
    if (person.role !== 'coordinator') continue;
    for (const route of person.routes ?? []) {
      if (route.site !== undefined && route.site !== site) continue;
      if (route.specialty !== undefined && route.specialty !== specialty) continue;
      const fields = Number(route.site !== undefined) + Number(route.specialty !== undefined);
      if (best === null || fields > best.fields) best = { fields, id: person.id };
    }
  }
  if (best !== null) return best.id;
  const fallback = directory.sites.find(({ id }) => id === site)?.fallbackCoordinatorId;
  return fallback !== undefined && personIn(directory, 'coordinator', fallback) ? fallback : null;
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
