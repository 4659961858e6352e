import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** What the compiler's API tells of the whole code. Both programs are made of the same parsed files. */

const ROOT = join(import.meta.dirname, '..');

interface Project {
  options: ts.CompilerOptions;
  fileNames: string[];
}

/** The project of tsconfig.json, or some folders of it. */
function projectOf(...folders: string[]): Project {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(folders.length > 0 ? { ...config, include: folders } : config, ts.sys, ROOT);
}

const parsed = new Map<string, ts.SourceFile | undefined>();

/** The program of a project in which the files of `planted`, by path, have another text, or are new. */
function programWith({ options, fileNames }: Project, planted: Record<string, string>): ts.Program {
  const texts = new Map(Object.entries(planted).map(([path, text]) => [join(ROOT, path), text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.getSourceFile = (name, version) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, version);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, version));
    return parsed.get(name);
  };
  return ts.createProgram({ rootNames: [...new Set([...fileNames, ...texts.keys()])], options, host });
}

const pathOf = ({ fileName }: ts.SourceFile): string => relative(ROOT, fileName);

describe('planting is a type error in each file that has to decide, and in no other', () => {
  const EVENT = 'shared/contracts/event.ts';
  const VOCABULARY = 'shared/contracts/vocabulary.ts';

  /** Files that have a word for every type of event. */
  const EVERY = [
    'local/docs/event-notes.ts',
    'shared/intake/dialects/event-id.ts',
    'shared/mail/report/report-wording.ts',
  ];
  /** What the messages of its errors name, and the files that have them. */
  const DECIDES: Record<string, string[]> = {
    // An event type of each topic.
    'referral.planted': [...EVERY, 'shared/domain/referral/timeline.ts'],
    'retraction.planted': [...EVERY, 'shared/domain/referral/event-order.ts'],
    'alert.planted': [...EVERY, 'shared/domain/referral/fold.ts'],
    'practice.planted': [...EVERY, 'shared/domain/practice/facts.ts'],
    'feed.planted': EVERY,
    // A kind of subject. Messages name its type, of which one kind became another.
    SubjectKind: [
      'functions/ingest-events/handler.ts',
      'local/docs/event-notes.ts',
      'local/fuzz/play.ts',
      'local/operate/taken-in.ts',
    ],
    // A kind of clock.
    planted_clock: [
      'shared/domain/mail/coarse.ts',
      'shared/domain/mail/liaison-digest.ts',
      'shared/domain/referral/clock-table.ts',
      'shared/mail/digest/next-step.ts',
      'shared/mail/digest/wording.ts',
      'shared/mail/report/report-wording.ts',
    ],
    // A kind of alert without a clock.
    planted_watch: [
      'shared/domain/alert/watches.ts',
      'shared/domain/mail/coarse.ts',
      'shared/domain/mail/liaison-digest.ts',
      'shared/mail/digest/next-step.ts',
      'shared/mail/digest/wording.ts',
    ],
  };

  /** The text of a file with something after, or instead of, what it has. */
  function plant(path: string, ...changes: [text: string, replacement: string][]): Record<string, string> {
    let content = readFileSync(join(ROOT, path), 'utf8');
    for (const [text, replacement] of changes) {
      if (!content.includes(text)) throw new Error(`${path} doesn't contain ${text}`);
      content = content.replace(text, replacement);
    }
    return { [path]: content };
  }

  const inList = (head: string, first: string): [string, string] => [head, head + first];
  const eventType = (topic: string) =>
    inList(`const ${topic.toUpperCase()}_EVENTS = {\n`, `  '${topic}.planted': z.object({}),\n`);

  /**
   * What an error is about: its message, and what its function switches over if the message is only that the function
   * doesn't always return.
   */
  function about({ code, file, start = 0, messageText }: ts.Diagnostic, checker: ts.TypeChecker): string {
    const lines = [ts.flattenDiagnosticMessageText(messageText, '\n')];
    if (code !== 2366 || !file) return lines.join('\n');
    let around: ts.Node = file;
    const narrow = (node: ts.Node): void => {
      if (start < node.pos || start >= node.end) return;
      if (ts.isFunctionLike(node)) around = node;
      ts.forEachChild(node, narrow);
    };
    narrow(file);
    const switches = (node: ts.Node): void => {
      if (ts.isSwitchStatement(node)) {
        const type = checker.getTypeAtLocation(node.expression);
        lines.push(checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation));
      }
      ts.forEachChild(node, switches);
    };
    switches(around);
    return lines.join('\n');
  }

  it('for an event type of each topic, a kind of subject, of clock, and of alert without a clock', {
    timeout: 300_000,
  }, () => {
    const program = programWith(projectOf('functions', 'local', 'shared'), {
      ...plant(EVENT, ...['referral', 'retraction', 'alert', 'practice', 'feed'].map(eventType), [
        "  feed: 'feed',",
        "  feed: 'planted',",
      ]),
      ...plant(
        VOCABULARY,
        inList('const CLOCK_KINDS = [', "'planted_clock', "),
        inList('const WATCH_KINDS = [', "'planted_watch', "),
      ),
    });
    const errors = program.getSemanticDiagnostics().map((error) => ({
      path: error.file ? pathOf(error.file) : '',
      says: about(error, program.getTypeChecker()),
    }));
    const naming = (name: string) => errors.filter(({ says }) => says.includes(name)).map(({ path }) => path);
    for (const [name, files] of Object.entries(DECIDES)) {
      expect([...new Set(naming(name))].sort(), name).toEqual(files.toSorted());
    }
    const named = new Set(Object.keys(DECIDES).flatMap(naming));
    expect(errors.filter(({ path }) => !named.has(path))).toEqual([]);
  });
});

describe('what is deprecated', () => {
  /** Not in the compiler's public types, but the only way to what editors strike through without parsing again. */
  interface SuggestingChecker {
    getSuggestionDiagnostics(file: ts.SourceFile): (ts.DiagnosticWithLocation & { reportsDeprecated?: object })[];
  }

  /** Places that use what is marked as deprecated, as `path:line`. Biome only looks at what is imported. */
  function deprecatedCalls(program: ts.Program): string[] {
    const checker = program.getTypeChecker() as unknown as SuggestingChecker;
    return program.getRootFileNames().flatMap((name) => {
      const file = program.getSourceFile(name);
      if (!file) throw new Error(`${name} is not in the program`);
      return checker
        .getSuggestionDiagnostics(file)
        .filter(({ reportsDeprecated }) => reportsDeprecated)
        .map(({ start }) => `${pathOf(file)}:${file.getLineAndCharacterOfPosition(start).line + 1}`);
    });
  }

  it('is found where it is planted, and used nowhere else', { timeout: 120_000 }, () => {
    const program = programWith(projectOf(), {
      'shared/planted.ts': "export const planted = 'abc'.substr(1);\n",
    });
    expect(deprecatedCalls(program)).toEqual(['shared/planted.ts:1']);
  });
});
