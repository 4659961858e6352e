#!/usr/bin/env node
// The `loopwatch` command: re-executes itself on Lambda's Node version with TypeScript loaded on the fly.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runUnderLambdaNode } from './lambda-node.mjs';

// React's development build, which mails would be made with otherwise, takes three times as long.
process.env.NODE_ENV ??= 'production';

const here = dirname(fileURLToPath(import.meta.url));
// Else the loader takes the one of whatever folder the command is called in, and makes other code of JSX.
process.env.TSX_TSCONFIG_PATH ??= join(here, '..', '..', 'tsconfig.json');
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
runUnderLambdaNode(['--import', loader, join(here, '..', 'cli', 'main.ts'), ...process.argv.slice(2)]);
