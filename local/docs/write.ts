import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesizeTemplates } from '../../infra/templates.ts';
import { EVENT_TYPES } from '../../shared/contracts/event.ts';
import { loopwatchProgram } from '../cli/program.ts';
import { compactJson } from '../packs/compact-json.ts';
import { alarmTable } from './alarm-table.ts';
import { asyncApi } from './asyncapi.ts';
import { commandSections } from './cli-page.ts';
import { commandVariables, functionVariables } from './environment.ts';
import { EVENT_NOTES, exampleEvent } from './event-notes.ts';
import { fieldLines, fieldTable } from './fields.ts';
import { code, withGenerated } from './markdown.ts';
import { configJsonSchemas, definitionOf, eventJsonSchema, type JsonSchema, stageJsonSchema } from './schemas.ts';

/** The stage whose templates are read; its name isn't in the documents. */
const STAGE = 'any';
const FOLDER = fileURLToPath(new URL('../../docs/', import.meta.url));

/** The text of every document with generated content, by its path under `docs/`. Hand-written parts are kept. */
export function docFiles(): Map<string, string> {
  const events = eventJsonSchema();
  const { policy, directory, dialects } = configJsonSchemas();
  let configuration = withGenerated(page('configuration.md'), 'policy.json', fieldTable(policy));
  configuration = withGenerated(configuration, 'dialects.json', fieldTable(dialects));
  const templates = synthesizeTemplates(STAGE);
  let reference = withGenerated(page('reference.md'), 'command variables', commandVariables());
  reference = withGenerated(reference, 'function variables', functionVariables(templates, STAGE));
  return new Map([
    ['schemas/event.schema.json', compactJson(events)],
    ['schemas/policy.schema.json', compactJson(policy)],
    ['schemas/directory.schema.json', compactJson(directory)],
    ['schemas/dialects.schema.json', compactJson(dialects)],
    ['asyncapi.json', compactJson(asyncApi(events))],
    ['events.md', withGenerated(page('events.md'), 'types', eventSections(events))],
    ['configuration.md', withGenerated(configuration, 'directory.json', fieldTable(directory))],
    ['cli.md', withGenerated(page('cli.md'), 'commands', commandSections(loopwatchProgram(() => {})))],
    ['deploy.md', withGenerated(page('deploy.md'), 'stage', fieldTable(stageJsonSchema()))],
    ['reference.md', withGenerated(reference, 'alarms', alarmTable(templates, STAGE))],
  ]);
}

const page = (path: string) => readFileSync(join(FOLDER, path), 'utf8');

function eventSections(events: JsonSchema): string {
  return EVENT_TYPES.map((type) => {
    const { description, properties } = definitionOf(type, events);
    const data = (properties?.data ?? {}) as JsonSchema;
    const fields = fieldLines(data).map((line) => `- ${line}`);
    const sections = [`### ${code(type)}`, `${description} Sent by: ${EVENT_NOTES[type].sender}.`];
    if (fields.length > 0) sections.push(fields.join('\n'));
    sections.push(`\`\`\`json\n${JSON.stringify(exampleEvent(type))}\n\`\`\``);
    return sections.join('\n\n');
  }).join('\n\n');
}

// Run as a script after a change to a contract, it writes the documents again.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of docFiles()) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), text);
  }
}
