#!/usr/bin/env node
// The `loopwatch` command: re-executes itself on Lambda's Node version with TypeScript loaded on the fly.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runUnderLambdaNode } from './lambda-node.mjs';

// React's development build would take three times as long to make mails.
process.env.NODE_ENV ??= 'production';

const here = dirname(fileURLToPath(import.meta.url));
// Otherwise the loader takes the tsconfig.json of the current folder and compiles JSX differently.
process.env.TSX_TSCONFIG_PATH ??= join(here, '..', '..', 'tsconfig.json');
const loader = pathToFileURL(loaderPath()).href;
runUnderLambdaNode(['--import', loader, join(here, '..', 'cli', 'main.ts'), ...process.argv.slice(2)]);

function loaderPath() {
  try {
    return createRequire(import.meta.url).resolve('tsx');
  } catch {
    console.error(`What Loopwatch needs isn't installed. Run this in ${join(here, '..', '..')}: npm ci`);
    process.exit(1);
  }
}
