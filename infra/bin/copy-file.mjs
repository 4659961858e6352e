// Copies a file, making folders as needed: the same command in every shell that a bundle is made in.
import { cpSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
cpSync(from, to);
