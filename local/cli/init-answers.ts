import * as z from 'zod';
import { complaintOfZone } from '../../shared/contracts/config-check-zones.ts';

/** What `loopwatch init` has to know. */
export interface Answers {
  name: string;
  timeZone: string;
  sender: string;
  domain: string;
  coordinator: { name: string; email: string };
  /** Where operations mail goes. */
  operations: string;
  sites: { id: string; name: string }[];
}

/** An answer as somebody gave it, on the command line or when asked; sites as a list. */
export type Given = Partial<Record<Exclude<keyof Answers, 'sites'>, string>> & { site?: string[] };

/** What is wrong with an answer. */
export class AnswerError extends Error {}

/** These read answers. They throw an AnswerError that says what would be right. */
export const READERS = {
  name: (text: string): string => filled(text, 'the name of the organization'),
  timeZone: (text: string): string => {
    const complaint = complaintOfZone(filled(text, 'a time zone such as America/New_York'));
    if (complaint !== null) throw new AnswerError(`${text}: ${complaint}`);
    return spelled(text.trim());
  },
  sender: (text: string): string => address(text),
  domain: (text: string): string => {
    const domain = text.replace(/^@/, '').toLowerCase();
    if (domain.includes(','))
      throw new AnswerError(`${text}: expected one domain; more go into directory.json afterwards`);
    if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(domain)) {
      throw new AnswerError(`${text}: expected a domain such as example.org`);
    }
    return domain;
  },
  /** `Ada Example <ada@example.org>`, or the address alone. */
  coordinator: (text: string): Answers['coordinator'] => {
    if (text.split('@').length > 2) {
      throw new AnswerError(`${text}: expected one coordinator; more of them go into directory.json afterwards`);
    }
    const [, name = '', email = text] = /^(.*)<([^<>]+)>$/.exec(text) ?? [];
    return {
      name: name.trim() || 'Coordinator',
      email: address(email.trim(), ', as in Ada Example <ada@example.org>'),
    };
  },
  operations: (text: string): string => address(text),
  /** `main=Main Clinic`, the name alone, or the id alone. */
  site: (text: string): Answers['sites'][number] => {
    const [first = '', ...rest] = text.split('=');
    const known = filled(first, 'a site as id=name, such as main=Main Clinic');
    const hasSpace = /\s/.test(known);
    if (rest.length > 0 && hasSpace) throw new AnswerError(`${known}: expected an id without spaces`);
    return { id: hasSpace ? idFrom(known) : known, name: rest.join('=').trim() || known };
  },
} as const;

/**
 * The sites of answers, each of which may name several with commas. A site's id is as in the events, so any text but an
 * id that another site has.
 * @param before sites that are known already; they are not in what is returned
 */
export function sitesOf(texts: readonly string[], before: Answers['sites'] = []): Answers['sites'] {
  const named = texts.flatMap((text) => text.split(',')).filter((text) => text.trim() !== '');
  const sites = (named.length > 0 ? named : ['']).map(READERS.site);
  const all = [...before, ...sites];
  const twice = all.find(({ id }, index) => all.findIndex((site) => site.id === id) < index);
  if (twice) throw new AnswerError(`${twice.id}: expected another id for the second site`);
  return sites;
}

/** Nobody outside the domain gets mail, so a coordinator there would get none. */
export function inDomain(email: string, domain: string): string {
  if (domainOf(email) === domain) return email;
  throw new AnswerError(`${email}: expected an address at ${domain}, where mail may go; --domain names another domain`);
}

/** The coordinator of an answer, at an address to which mail may go. */
export function coordinatorIn(text: string, domain: string): Answers['coordinator'] {
  const coordinator = READERS.coordinator(text);
  return { ...coordinator, email: inDomain(coordinator.email, domain) };
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/** `hill-clinic`, of `Hill Clinic`. */
function idFrom(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return filled(id, 'a site as id=name, such as main=Main Clinic');
}

function filled(text: string, what: string): string {
  if (text.trim() === '') throw new AnswerError(`expected ${what}`);
  return text.trim();
}

/** @param form what may stand around the address */
function address(text: string, form = ''): string {
  if (!z.email().safeParse(text).success) throw new AnswerError(`${text}: expected an e-mail address${form}`);
  return text;
}

/** A time zone in the capital and small letters in which it is usually written. */
function spelled(zone: string): string {
  const known = Intl.supportedValuesOf('timeZone').find((each) => each.toLowerCase() === zone.toLowerCase());
  return known ?? zone;
}
