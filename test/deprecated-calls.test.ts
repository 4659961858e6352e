import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** The program of tsconfig.json. Files in `planted` are added to it, by path. */
function serviceOf(planted: Record<string, string>): { service: ts.LanguageService; files: string[] } {
  const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.json'), {}, host);
  if (!config) throw new Error('tsconfig.json cannot be read');
  const files = [...config.fileNames, ...Object.keys(planted)];
  const textOf = (path: string) => planted[path] ?? (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const service = ts.createLanguageService({
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    getScriptFileNames: () => files,
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    fileExists: (path) => path in planted || ts.sys.fileExists(path),
    getCurrentDirectory: () => ROOT,
    getCompilationSettings: () => config.options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  return { service, files };
}

/** Places that use what is marked as deprecated, as `path:line`. Biome only looks at what is imported. */
function deprecatedCalls(service: ts.LanguageService, files: readonly string[]): string[] {
  return files.flatMap((path) =>
    service
      .getSuggestionDiagnostics(path)
      .filter(({ reportsDeprecated }) => reportsDeprecated)
      .map(({ start }) => {
        const line = service.getProgram()?.getSourceFile(path)?.getLineAndCharacterOfPosition(start).line ?? 0;
        return `${relative(ROOT, path)}:${line + 1}`;
      }),
  );
}

describe('what is deprecated', () => {
  it('is found where it is planted, and used nowhere else', { timeout: 120_000 }, () => {
    const planted = join(ROOT, 'shared', 'planted.ts');
    const { service, files } = serviceOf({ [planted]: "export const planted = 'abc'.substr(1);\n" });
    expect(deprecatedCalls(service, files)).toEqual(['shared/planted.ts:1']);
  });
});
