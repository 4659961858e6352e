#!/usr/bin/env node
// The `loopwatch` command: runs in this process if it is of Lambda's Node version, else in another one that is.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lambdaNode, runUnderLambdaNode } from './lambda-node.mjs';

const self = fileURLToPath(import.meta.url);
// React's development build would take three times as long to make mails.
process.env.NODE_ENV ??= 'production';

checkInstalled();
if (lambdaNode() === process.execPath) {
  const { runTypeScript } = await import('./typescript.mjs');
  await runTypeScript();
  await import('../cli/main.ts');
} else {
  runUnderLambdaNode([self, ...process.argv.slice(2)]);
}

function checkInstalled() {
  try {
    createRequire(import.meta.url).resolve('commander');
  } catch {
    console.error(`What Loopwatch needs isn't installed. Run this in ${join(dirname(self), '..', '..')}: npm ci`);
    process.exit(1);
  }
}
