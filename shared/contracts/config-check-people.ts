import type { Person } from './config.ts';
import { listing } from './config-problem.ts';

type Role = Person['role'];

/** The people of a directory, as checks look them up; of several with one id the first. */
export interface People {
  named(id: string): Person | undefined;
  /** The one with this id who has this role. */
  inRole(id: string, role: Role): Person | undefined;
  /** By role: makes whom a wrong id may mean, but not the one who isn't meant. */
  listed: Record<Role, (id: string, except?: string) => string>;
}

/** Goes through the people once: a directory may have thousands, and as many practices that name one. */
export function peopleByRole(people: readonly Person[]): People {
  const byId = new Map<string, Person>();
  const byRole: Record<Role, Map<string, Person>> = { coordinator: new Map(), liaison: new Map(), leader: new Map() };
  for (const person of people) {
    for (const known of [byId, byRole[person.role]]) {
      if (!known.has(person.id)) known.set(person.id, person);
    }
  }
  const listingOf = (role: Role) => listing([...byRole[role].keys()]);
  return {
    named: (id) => byId.get(id),
    inRole: (id, role) => byRole[role].get(id),
    listed: { coordinator: listingOf('coordinator'), liaison: listingOf('liaison'), leader: listingOf('leader') },
  };
}
