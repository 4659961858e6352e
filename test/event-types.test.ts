import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const EVENT = 'shared/contracts/event.ts';
const VOCABULARY = 'shared/contracts/vocabulary.ts';

const { options, fileNames } = ts.parseJsonConfigFileContent(
  {
    ...ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config,
    include: ['functions', 'local', 'shared'],
  },
  ts.sys,
  ROOT,
);

/** Parsed once: only the overlaid file differs between two programs. */
const parsed = new Map<string, ts.SourceFile | undefined>();

type Planted = [text: string, replacement: string];

/** The files of the product in which planting something in one file makes type errors. */
function filesWithErrors(path: string, ...planted: Planted[]): string[] {
  const overlaid = join(ROOT, path);
  let content = readFileSync(overlaid, 'utf8');
  for (const [text, replacement] of planted) {
    if (!content.includes(text)) throw new Error(`${path} doesn't contain ${text}`);
    content = content.replace(text, replacement);
  }
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, version) => {
    if (name === overlaid) return ts.createSourceFile(name, content, version, true);
    if (!parsed.has(name)) parsed.set(name, read(name, version));
    return parsed.get(name);
  };
  const program = ts.createProgram({ rootNames: fileNames, options, host });
  const files = program.getSemanticDiagnostics().map(({ file }) => (file ? relative(ROOT, file.fileName) : ''));
  return [...new Set(files)].sort();
}

/** One more event type at the head of a topic's list. */
function eventType(topic: string): Planted {
  const list = `const ${topic.toUpperCase()}_EVENTS = {\n`;
  return [list, `${list}  '${topic}.planted': z.object({}),\n`];
}

const kind = (list: string): Planted => [`const ${list} = [`, `const ${list} = ['planted', `];

/** One program for all topics: no file decides about two of them, except those that have a word for every type. */
const DECIDES = {
  every: ['local/docs/event-notes.ts', 'shared/intake/dialects/event-id.ts', 'shared/mail/report/report-wording.ts'],
  referral: ['shared/domain/referral/clock-table.ts', 'shared/domain/referral/timeline.ts'],
  retraction: ['shared/domain/referral/event-order.ts'],
  alert: ['shared/domain/referral/fold.ts'],
  practice: ['shared/domain/practice/facts.ts'],
  feed: [],
};

// Each case compiles the whole product.
describe('planting is a type error in each file that has to decide, and in no other', { timeout: 300_000 }, () => {
  it('for an event type of each topic', () => {
    const { every, ...byTopic } = DECIDES;
    const planted = Object.keys(byTopic).map(eventType);
    expect(filesWithErrors(EVENT, ...planted)).toEqual([...every, ...Object.values(byTopic).flat()].sort());
  });

  it('for a kind of subject', () => {
    expect(filesWithErrors(EVENT, ["  feed: 'feed',", "  feed: 'planted',"])).toEqual([
      'functions/ingest-events/handler.ts',
      'local/docs/event-notes.ts',
      'local/fuzz/play.ts',
      'local/operate/taken-in.ts',
    ]);
  });

  it('for a kind of clock', () => {
    expect(filesWithErrors(VOCABULARY, kind('CLOCK_KINDS'))).toEqual([
      'shared/domain/mail/coarse.ts',
      'shared/domain/mail/liaison-digest.ts',
      'shared/domain/referral/clock-table.ts',
      'shared/mail/digest/next-step.ts',
      'shared/mail/digest/wording.ts',
      'shared/mail/report/report-wording.ts',
    ]);
  });

  it('for a kind of alert without a clock', () => {
    expect(filesWithErrors(VOCABULARY, kind('WATCH_KINDS'))).toEqual([
      'shared/domain/alert/watches.ts',
      'shared/domain/mail/coarse.ts',
      'shared/domain/mail/liaison-digest.ts',
      'shared/mail/digest/next-step.ts',
      'shared/mail/digest/wording.ts',
    ]);
  });
});
