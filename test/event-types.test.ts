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

/** Type errors of the product, by file, with one piece of text in one file replaced. */
function errorsWith(path: string, text: string, replacement: string): string[] {
  const overlaid = join(ROOT, path);
  const content = readFileSync(overlaid, 'utf8');
  if (!content.includes(text)) throw new Error(`${path} doesn't contain ${text}`);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, version) => {
    if (name === overlaid) return ts.createSourceFile(name, content.replace(text, replacement), version, true);
    if (!parsed.has(name)) parsed.set(name, read(name, version));
    return parsed.get(name);
  };
  const program = ts.createProgram({ rootNames: fileNames, options, host });
  const files = program.getSemanticDiagnostics().map(({ file }) => (file ? relative(ROOT, file.fileName) : ''));
  return [...new Set(files)].sort();
}

/** One more event type at the head of a topic's list. */
const withEventType = (topic: string, type: string): string[] => {
  const list = `const ${topic.toUpperCase()}_EVENTS = {\n`;
  return errorsWith(EVENT, list, `${list}  '${type}': z.object({}),\n`);
};

const withKind = (list: string, kind: string): string[] =>
  errorsWith(VOCABULARY, `const ${list} = [`, `const ${list} = ['${kind}', `);

/** Every event type is documented. */
const DOCUMENTED = 'local/docs/event-notes.ts';

describe('a type that is planted is a type error in each file that has to decide about it, and in no other', () => {
  it.each([
    ['referral', 'referral.planted', ['shared/domain/referral/clock-table.ts', 'shared/domain/referral/timeline.ts']],
    ['retraction', 'event.planted', ['shared/domain/referral/event-order.ts']],
    ['alert', 'alert.planted', ['shared/domain/referral/fold.ts']],
    ['practice', 'practice.planted', ['shared/domain/practice/facts.ts']],
    ['feed', 'feed.planted', []],
  ])('an event type about a %s', (topic, type, deciding) => {
    expect(withEventType(topic, type)).toEqual([DOCUMENTED, ...deciding].sort());
  });

  it('a topic of events', () => {
    const plant = '  feed: FEED_EVENTS,\n';
    expect(errorsWith(EVENT, plant, `${plant}  planted: FEED_EVENTS,\n`)).toEqual([EVENT]);
  });

  it('a kind of subject', () => {
    expect(errorsWith(EVENT, "  feed: 'feed',", "  feed: 'planted',")).toEqual([
      'functions/ingest-events/handler.ts',
      DOCUMENTED,
    ]);
  });

  it('a kind of clock', () => {
    expect(withKind('CLOCK_KINDS', 'planted')).toEqual([]);
  });

  it('a kind of alert without a clock', () => {
    expect(withKind('WATCH_KINDS', 'planted')).toEqual([]);
  });
});
