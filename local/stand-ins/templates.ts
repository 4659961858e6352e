import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Template } from '../../infra/templates.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, '.loopwatch', 'cache');

/**
 * The synthesized templates of a stage. Loading the CDK and synthesizing takes about a second, so the result is kept in
 * a cache, under a hash of its inputs. A cache that can't be read or written only costs that second.
 */
export async function localTemplates(stage = 'local'): Promise<Template[]> {
  const file = join(CACHE, `templates-${stage}-${fingerprint()}.json`);
  const cached = readCache(file);
  if (cached) return cached;
  const { synthesizeTemplates } = await import('../../infra/templates.ts');
  const templates = synthesizeTemplates(stage);
  writeCache(file, templates);
  return templates;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const infra = readdirSync(join(ROOT, 'infra'), { recursive: true, encoding: 'utf8' });
  const sources = infra.filter((path) => path.endsWith('.ts')).map((path) => join('infra', path));
  for (const path of ['cdk.json', ...sources.sort()]) hash.update(path).update(readFileSync(join(ROOT, path)));
  const { version } = createRequire(import.meta.url)('aws-cdk-lib/package.json') as { version: string };
  return hash.update(version).digest('hex').slice(0, 16);
}

function readCache(file: string): Template[] | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function writeCache(file: string, templates: Template[]): void {
  try {
    mkdirSync(CACHE, { recursive: true });
    // Written beside and then renamed, so that another process never reads half a file.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(templates));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A read-only installation: synthesize each time.
  }
}
