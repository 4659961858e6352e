import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import { simpleParser } from 'mailparser';
import type { Config } from '../../shared/contracts/config.ts';
import { REPORT_KINDS } from '../../shared/contracts/report.ts';
import type { FunctionSummary } from '../cost/recorder.ts';
import { InputError } from './input-error.ts';
import { mailFileName } from './mail-file-name.ts';
import type { ReadOut } from './read-out.ts';

/** What `summary.json` says. */
export interface Summary {
  until: string;
  events: number;
  duplicates: number;
  referrals: number;
  byStage: Record<string, number>;
  alerts: number;
  breachesByKind: Record<string, number>;
  mails: number;
  mailsByKind: Record<string, number>;
  refused: number;
  refusedByReason: Record<string, number>;
  /** Messages that failed to the end, by the queue in which they did: their work was not done. */
  undone: Record<string, number>;
  wallSeconds: number;
  /** Requests and capacity units by function, by the cost model. */
  functions: Record<string, FunctionSummary>;
}

/** How many items have each `key`, sorted by key. */
export function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts = Object.entries(Object.groupBy(items, key)).map(([name, group]) => [name, group?.length ?? 0] as const);
  return Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of a folder that a replay has written: `explain` needs both. */
const MARKS = ['log.ndjson', 'config.json'];
const FOLDERS = ['mail', ...REPORT_KINDS];
const FILES = ['referrals.ndjson', 'alerts.ndjson', 'mail.ndjson', 'quarantine.ndjson', 'summary.json', ...MARKS];
/** Of a configuration, among whose files none of a replay belongs. */
const CONFIGURATION = ['policy.json', 'directory.json'];

/**
 * Refuses a folder in which a replay would replace or remove what no replay has written, that holds a configuration or
 * that is its input.
 * @throws InputError
 */
export function refuseForeign(folder: string, inputs: readonly string[]): void {
  if (inputs.some((path) => resolve(path) === resolve(folder)))
    throw new InputError(`--out ${folder}: is what is read; name another folder`);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory()) throw new InputError(`--out ${folder}: is a file, expected a folder`);
  const names = new Set(readdirSync(folder));
  if (CONFIGURATION.some((name) => names.has(name)))
    throw new InputError(`--out ${folder}: holds a configuration; name another folder`);
  const [first] = [...FOLDERS, ...FILES].filter((name) => names.has(name));
  const missing = MARKS.find((name) => !names.has(name));
  if (first !== undefined && missing !== undefined)
    throw new InputError(
      `--out ${folder}: holds ${first}, and ${missing} is missing, so no replay has written it; name another folder, or delete it`,
    );
}

/** Writes the files of a replay into a folder and replaces those of an earlier one (docs/on-one-machine.md lists them). */
export async function writeOut(folder: string, out: ReadOut, config: Config, summary: Summary): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // First, so that what a run that was stopped has left is known for a replay's. `explain` reads these: the log as the
  // store keeps it, and the configuration.
  await writeRows(join(folder, 'log.ndjson'), out.log);
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config)}\n`);
  removeWritten(join(folder, 'mail'), MAIL);
  mkdirSync(join(folder, 'mail'), { recursive: true });
  const mails: unknown[] = [];
  const taken = new Set<string>();
  for (const { sent, ...row } of out.mails) {
    const { html, text } = await simpleParser(Buffer.from(sent.raw), { skipImageLinks: true });
    const name = mailFileName(row, config.directory.organization.timeZone, taken);
    // With a slash on Windows too: every machine reads what one has written.
    const path = (extension: string): string => `mail/${name}.${extension}`;
    writeFileSync(join(folder, path('eml')), sent.raw);
    writeFileSync(join(folder, path('html')), html || '');
    writeFileSync(join(folder, path('txt')), text ?? '');
    mails.push({ ...row, html: path('html'), text: path('txt'), eml: path('eml') });
  }
  await writeRows(join(folder, 'referrals.ndjson'), out.referrals);
  await writeRows(join(folder, 'alerts.ndjson'), out.alerts);
  await writeRows(join(folder, 'mail.ndjson'), mails);
  await writeRows(join(folder, 'quarantine.ndjson'), out.quarantine);
  for (const kind of REPORT_KINDS) removeWritten(join(folder, kind), REPORT);
  for (const { kind, period, scope, report } of out.reports) {
    const parent = join(folder, kind, period);
    mkdirSync(parent, { recursive: true });
    writeFileSync(join(parent, `${fileName(scope)}.json`), `${JSON.stringify(report, null, 2)}\n`);
  }
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
}

/** The files that a replay writes there: a name as of `mailFileName`, a period with the reports of its scopes. */
const MAIL = /^\d{4}-\d\d-\d\d-\d{4}-.+-[0-9a-f]+\.(?:eml|html|txt)$/;
const REPORT = /^\d{4}-(?:W\d\d|\d\d|Q\d)\/[^/]+\.json$/;

/** Removes what an earlier replay has written into a folder, and its subfolders that are empty then. Nothing else. */
function removeWritten(folder: string, written: RegExp): void {
  if (!existsSync(folder)) return;
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll(sep, '/'));
  for (const path of paths) if (written.test(path)) rmSync(join(folder, path));
  for (const path of [...paths, '.']) {
    const inside = join(folder, path);
    if (statSync(inside, { throwIfNoEntry: false })?.isDirectory() && readdirSync(inside).length === 0)
      rmdirSync(inside);
  }
}

/** A file name for a scope: ids come from other systems and may have characters that a file name can't have. */
function fileName(scope: string): string {
  return scope.replace(/[%/\\:*?"<>|\p{Cc}]/gu, (character) => encodeURIComponent(character).replace('*', '%2A'));
}

/** Writes one JSON object on each line. */
async function writeRows(file: string, rows: readonly unknown[]): Promise<void> {
  const stream = createWriteStream(file);
  for (const row of rows) stream.write(`${JSON.stringify(row)}\n`);
  stream.end();
  await finished(stream);
}
