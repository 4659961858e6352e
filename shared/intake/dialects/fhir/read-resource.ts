import type * as z from 'zod';
import type { Sender } from '../sender.ts';
import { EXPECTED_DATE, isJson, type Json } from './elements.ts';
import { RESOURCES, type ReadKind } from './resources.ts';
import { meansNone } from './stated-time.ts';

/** Reads a resource by the schema of its kind. A date that is none, but how its sender writes that there is none, is absent. */
export function readResource(
  kind: ReadKind,
  resource: Json,
  sender: Sender,
): ReturnType<(typeof RESOURCES)[ReadKind]['safeParse']> {
  const read = RESOURCES[kind].safeParse(resource);
  if (read.success) return read;
  const absent = read.error.issues.filter((issue) => isAbsentDate(issue, resource, sender));
  if (absent.length === 0) return read;
  return RESOURCES[kind].safeParse(absent.reduce((rest, { path }) => without(path, rest), resource));
}

function isAbsentDate({ message, path }: z.core.$ZodIssue, resource: Json, sender: Sender): boolean {
  if (message !== EXPECTED_DATE) return false;
  const value = path.reduce<unknown>((within, key) => (isJson(within) ? within[String(key)] : undefined), resource);
  return typeof value === 'string' && meansNone(value, sender);
}

/** The same without one field. No date stands in a list. */
function without([key, ...inside]: readonly PropertyKey[], value: Json): Json {
  const field = value[String(key)];
  return { ...value, [String(key)]: inside.length > 0 && isJson(field) ? without(inside, field) : undefined };
}
