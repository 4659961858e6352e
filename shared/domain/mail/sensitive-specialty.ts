import type { Directory } from '../../contracts/config.ts';

/** What mail calls a specialty that the directory lists as sensitive. */
export const SENSITIVE_SPECIALTY = 'specialty care';

/** Whether the directory lists a specialty as sensitive, in capital or small letters, with or without spaces around it. */
export function isSensitive(specialty: string, { organization }: Directory): boolean {
  const wanted = plain(specialty);
  return organization.sensitiveSpecialties.some((each) => plain(each) === wanted);
}

const plain = (specialty: string): string => specialty.trim().toLowerCase();
