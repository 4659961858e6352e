import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, configSchema } from '../../shared/contracts/config.ts';
import { WORKDAYS } from '../../shared/contracts/vocabulary.ts';
import { compactJson } from '../packs/compact-json.ts';
import { defaultPolicy } from '../packs/packs.ts';
import { WIDTH, wrap } from './columns.ts';
import { counted } from './config-text.ts';
import type { Answers } from './init-answers.ts';
import type { Print } from './print.ts';
import { quoted } from './shell-word.ts';

const FILES = ['policy', 'directory'] as const;
/** Which specialties a new organization's mail doesn't name. */
const SENSITIVE = ['behavioral_health', 'substance_use'];

interface InitOptions {
  json: boolean;
  print: Print;
}

/** Throws an Error if a file that `init` would write is there already. */
export function assertNothingThere(folder: string): void {
  const there = FILES.map((file) => join(folder, `${file}.json`)).filter((path) => existsSync(path));
  if (there.length > 0) throw new Error(`there already: ${there.join(' and ')}; nothing was written`);
}

/** `loopwatch init DIR`: writes a configuration to start from, replacing nothing, and prints what to do next. */
export async function writeFirstConfig(folder: string, answers: Answers, { json, print }: InitOptions): Promise<void> {
  const config = firstConfig(answers);
  assertNothingThere(folder);
  await mkdir(folder, { recursive: true });
  const paths = FILES.map((file) => join(folder, `${file}.json`));
  for (const file of FILES) {
    await writeFile(join(folder, `${file}.json`), compactJson(config[file]), { flag: 'wx' });
  }
  if (json) print(JSON.stringify({ files: paths }));
  else for (const line of summary(folder, answers)) print(line);
}

/** The default policy, and a directory with one coordinator who has every site. */
export function firstConfig({ name, timeZone, sender, domain, coordinator, operations, sites }: Answers): Config {
  const id = 'coordinator-1';
  return {
    policy: defaultPolicy(),
    directory: configSchema.shape.directory.parse({
      organization: {
        name,
        timeZone,
        operationsMailbox: operations,
        sender,
        allowedDomains: [domain],
        sensitiveSpecialties: [...SENSITIVE],
      },
      sites: sites.map((site) => ({
        ...site,
        timeZone,
        hours: Object.fromEntries(WORKDAYS.map((day) => [day, ['08:00', '17:00']])),
        holidays: [],
        fallbackCoordinatorId: id,
      })),
      practices: [],
      people: [{ id, role: 'coordinator', ...coordinator, timeZone, routes: sites.map((site) => ({ site: site.id })) }],
    }),
  };
}

function summary(folder: string, { timeZone, coordinator, operations, sites }: Answers): string[] {
  const mail =
    operations === coordinator.email
      ? `digests and operations mail go to ${coordinator.email}`
      : `digests go to ${coordinator.email}, operations mail to ${operations}`;
  const ids = sites.map(({ id, name }) => (id === name ? id : `${id} (${name})`));
  const hours = `${counted(sites.length, 'site')}, open Monday to Friday from 08:00 to 17:00, without holidays`;
  return [
    ...fitting(`${join(folder, 'policy.json')}: the default policy, with clocks for every priority`),
    ...fitting(`${join(folder, 'directory.json')}: ${hours}`),
    ...indented(`ids of sites, for events and dialects.json: ${ids.join(', ')}`),
    ...indented(mail),
    ...indented(`mail calls these specialties "specialty care": ${SENSITIVE.join(', ')}`),
    '',
    'Next:',
    `  npx loopwatch config validate ${quoted(folder)}`,
    ...sites.map(
      ({ id }) => `  npx loopwatch config holidays FILE.ics --site ${quoted(id)} --config ${quoted(folder)}`,
    ),
    `  npx loopwatch dialect draft EXPORT.csv --config ${quoted(folder)} --out ${quoted(join(folder, 'dialects.json'))}`,
    '',
    `The last is for a system that sends CSV. For HL7 v2 and FHIR begin with a`,
    'dialects.json such as this; docs/integrations.md goes on from there:',
    `  ${JSON.stringify({ defaults: { timeZone }, senders: [] })}`,
    'Practices and more people go into directory.json; docs/configuration.md has',
    'every field.',
  ];
}

/** Lines of a terminal's width; all but the first are indented. */
const fitting = (text: string): string[] =>
  wrap(text.split(' '), WIDTH - 2).map((line, index) => (index === 0 ? line : `  ${line}`));

const indented = (text: string): string[] => wrap(text.split(' '), WIDTH - 2).map((line) => `  ${line}`);
