import type { Ask } from '../operate/terminal.ts';
import { UsageError } from '../operate/usage-error.ts';
import {
  AnswerError,
  type Answers,
  coordinatorIn,
  domainOf,
  type Given,
  inDomain,
  READERS,
  sitesOf,
} from './init-answers.ts';

const FLAGS: Record<keyof Given, string> = {
  name: '--name',
  timeZone: '--time-zone',
  sender: '--sender',
  domain: '--domain',
  coordinator: '--coordinator',
  operations: '--operations',
  site: '--site',
};

/**
 * The answers on the command line, where nobody can be asked.
 * @throws UsageError that names the flags that are missing, or an answer that can't be
 */
export function answersOf(given: Given): Answers {
  const { name, timeZone, sender, coordinator, site = [] } = given;
  if (name === undefined || timeZone === undefined || sender === undefined || coordinator === undefined || !site[0]) {
    const needed = ['name', 'timeZone', 'sender', 'coordinator', 'site'] as const;
    const missing = needed.filter((field) => given[field] === undefined).map((field) => FLAGS[field]);
    throw new UsageError(`nobody can be asked here, and these are missing: ${missing.join(', ')}`);
  }
  const from = usage('sender', () => READERS.sender(sender));
  const domain = usage('domain', () => READERS.domain(given.domain ?? domainOf(from)));
  const person = usage('coordinator', () => coordinatorIn(coordinator, domain));
  return {
    name: usage('name', () => READERS.name(name)),
    timeZone: usage('timeZone', () => READERS.timeZone(timeZone)),
    sender: from,
    domain,
    coordinator: person,
    operations: usage('operations', () => inDomain(READERS.operations(given.operations ?? person.email), domain)),
    sites: usage('site', () => sitesOf(site)),
  };
}

function usage<T>(field: keyof Given, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof AnswerError ? new UsageError(`${FLAGS[field]} ${error.message}`) : error;
  }
}

/**
 * Asks for what the command line doesn't give, each question again until its answer can be.
 * @param timeZone what is offered for a time zone; empty if nothing is
 * @param say prints what is wrong with an answer
 */
export async function askAnswers(
  given: Given,
  timeZone: string,
  ask: Ask,
  say: (line: string) => void,
): Promise<Answers> {
  const answer = async <T>(
    field: keyof Given,
    question: string,
    read: (text: string) => T,
    offered = '',
  ): Promise<T> => {
    const known = field === 'site' ? undefined : given[field];
    if (known !== undefined) return usage(field, () => read(known));
    for (;;) {
      const typed = (await ask(`${question}${offered && ` [${offered}]`}: `)).trim();
      try {
        return read(typed || offered);
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        say(`  ${error.message}`);
      }
    }
  };
  const name = await answer('name', 'Name of the organization', READERS.name);
  const zone = await answer('timeZone', 'Time zone, such as America/New_York', READERS.timeZone, timeZone);
  const sender = await answer('sender', 'Address that mail comes from', READERS.sender);
  const domain = await answer('domain', 'Domain that mail may go to', READERS.domain, domainOf(sender));
  const toDomain = (text: string) => coordinatorIn(text, domain);
  const coordinator = await answer('coordinator', 'A coordinator, who calls patients, as Name <address>', toDomain);
  const toMailbox = (text: string) => inDomain(READERS.operations(text), domain);
  const operations = await answer('operations', 'Address for operations mail', toMailbox, coordinator.email);
  const sites = given.site ? usage('site', () => sitesOf(given.site ?? [])) : await askSites(answer, say);
  return { name, timeZone: zone, sender, domain, coordinator, operations, sites };
}

type Sites = Answers['sites'];
type Answer = (field: keyof Given, question: string, read: (text: string) => Sites) => Promise<Sites>;

/** Sites, until an empty answer; says which id each got. */
async function askSites(answer: Answer, say: (line: string) => void): Promise<Sites> {
  const sites: Sites = [];
  for (;;) {
    const isFirst = sites.length === 0;
    const question = isFirst ? 'Sites, each as id=name or its name, with commas' : 'More sites, or nothing';
    const more = await answer('site', question, (text) => (text === '' && !isFirst ? [] : sitesOf([text], sites)));
    if (more.length === 0) return sites;
    for (const { id, name } of more) say(`  id ${id}: ${name}`);
    sites.push(...more);
  }
}
