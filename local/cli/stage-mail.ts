import type { StageSettings } from '../../infra/stage.ts';
import type { Config, Directory } from '../../shared/contracts/config.ts';
import { problemText } from '../../shared/contracts/config-check.ts';
import { type Problem, problem } from '../../shared/contracts/config-problem.ts';

/**
 * What of a configuration can't work on a stage: SES refuses a sender that its identity doesn't cover, and if nobody's
 * address is in an allowed domain, all mail is left out. An empty list of domains says so on purpose.
 */
export function stageMailProblems(
  stage: string,
  { mail }: { mail: Pick<StageSettings['mail'], 'identity'> },
  config: Config,
): Problem[] {
  const { organization } = config.directory;
  const problems: Problem[] = [];
  if (!isCovered(organization.sender, mail.identity)) {
    const expected = mail.identity.includes('@')
      ? mail.identity
      : `an address at ${mail.identity} or a domain below it`;
    const message = `expected ${expected}: stage ${stage} sends by that identity alone (mail.identity of infra/stages/${stage}.json)`;
    problems.push(problem('directory.json', ['organization', 'sender'], organization.sender, message));
  }
  if (isNobodyAllowed(config.directory)) {
    const domains = [...new Set(config.directory.people.map(({ email }) => domainOf(email)))].sort().join(', ');
    const message = `expected a domain of somebody's address (${domains}): no mail would go to anybody. An empty list says that on purpose`;
    problems.push(problem('directory.json', ['organization', 'allowedDomains'], organization.allowedDomains, message));
  }
  return problems;
}

/** @throws Error whose message lists every problem, a line each */
export function assertMailWorks(...given: Parameters<typeof stageMailProblems>): void {
  const problems = stageMailProblems(...given);
  if (problems.length === 0) return;
  throw new Error(
    ['the configuration does not fit the stage, nothing was pushed', ...problems.map(problemText)].join('\n'),
  );
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** A verified domain stands for its addresses and those of the domains below it, a verified address for itself. */
function isCovered(sender: string, identity: string): boolean {
  const own = identity.toLowerCase();
  if (own.includes('@')) return sender.toLowerCase() === own;
  const domain = domainOf(sender);
  return domain === own || domain.endsWith(`.${own}`);
}

function isNobodyAllowed({ organization, people }: Directory): boolean {
  const allowed = organization.allowedDomains.map((domain) => domain.toLowerCase());
  const addresses = [organization.operationsMailbox, ...people.map(({ email }) => email)];
  return allowed.length > 0 && people.length > 0 && !addresses.some((address) => allowed.includes(domainOf(address)));
}
