import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Template } from '../../infra/templates.ts';
import { COMMAND_VARIABLES, FUNCTION_VARIABLES, PLATFORM_VARIABLES, SDK_VARIABLES } from './environment-notes.ts';
import { code, table } from './markdown.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** `process.env.VAR`, `env.VAR`, and `env[VAR]` with a constant that is called like the variable. */
const READ = /\benv(?:\.|\[)([A-Z][A-Z_]{3,})\b/g;
/** The addresses of the services: `${service}_ENDPOINT`. */
const ENDPOINTS = /\}_ENDPOINT`/;

/** The environment variables that a stage's functions get, and which of them. Throws on one without a note. */
export function functionVariables(templates: readonly Template[], stage: string): string {
  const functions = new Map<string, string[]>();
  for (const { Type, Properties } of templates.flatMap(({ Resources }) => Object.values(Resources))) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { FunctionName, Environment } = Properties as {
      FunctionName: string;
      Environment?: { Variables: Record<string, unknown> };
    };
    for (const name of Object.keys(Environment?.Variables ?? {})) {
      functions.set(name, [...(functions.get(name) ?? []), FunctionName.slice(`loopwatch-${stage}-`.length)]);
    }
  }
  const most = Math.max(...[...functions.values()].map(({ length }) => length));
  const rows = noted([...functions.keys()], FUNCTION_VARIABLES).map(([name, meaning]) => {
    const users = functions.get(name) ?? [];
    return [code(name), users.length === most ? 'all' : users.map(code).join(', '), meaning];
  });
  return table(['variable', 'function', 'meaning'], rows);
}

/** The environment variables that commands read, and those that the AWS SDK reads for them. Throws on one without a note. */
export function commandVariables(): string {
  const elsewhere = { ...FUNCTION_VARIABLES, ...PLATFORM_VARIABLES };
  const read = variablesRead().filter((name) => !(name in elsewhere));
  const rows = [...noted(read, COMMAND_VARIABLES), ...Object.entries(SDK_VARIABLES)];
  return table(
    ['variable', 'meaning'],
    rows.map(([name, meaning]) => [code(name), meaning]),
  );
}

/** The names of all environment variables that the code reads. */
function variablesRead(): string[] {
  const files = globSync('{bench,functions,infra,local,shared}/**/*.{ts,tsx,mjs}', { cwd: ROOT });
  const texts = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(READ)].map(([, name]) => name as string));
  if (texts.some((text) => ENDPOINTS.test(text))) names.push('DYNAMODB_ENDPOINT', 'SQS_ENDPOINT', 'SES_ENDPOINT');
  return [...new Set(names)];
}

/** Names with their notes, in the order of the notes. Both have to be the same names. */
function noted(names: readonly string[], notes: Record<string, string>): [name: string, meaning: string][] {
  const silent = names.filter((name) => !(name in notes));
  if (silent.length > 0) throw new Error(`local/docs/environment-notes.ts doesn't say what ${silent.join(', ')} means`);
  const unread = Object.keys(notes).filter((name) => !names.includes(name));
  if (unread.length > 0) throw new Error(`nothing reads ${unread.join(', ')} of local/docs/environment-notes.ts`);
  return Object.entries(notes);
}
