import { Option } from 'commander';
import { DIALECTS } from '../../../shared/contracts/vocabulary.ts';
import { name } from '../arguments.ts';

/** The dialect of files whose name or content doesn't say. */
export const dialectOption = (): Option =>
  new Option('--dialect <name>', 'what the input is; by default its name and content say so').choices(DIALECTS);

/** Whose files they are, where their names don't say. */
export const senderOption = (): Option =>
  new Option(
    '--sender <name>',
    'whose files they are; by default the entry whose name the name of a file begins with',
  ).argParser(name);
