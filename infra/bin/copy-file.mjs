// Copies a file and creates folders as needed. The command works in every shell that makes a bundle.
import { cpSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
cpSync(from, to);
