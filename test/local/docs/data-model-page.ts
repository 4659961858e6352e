import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** docs/data-model.md. */
export const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'data-model.md'), 'utf8');

/** What stands in backquotes in a section's table, a list for each row and cell. */
export function rows(heading: string): string[][][] {
  const section = page.split(`\n${heading}\n`)[1]?.split(/\n##/)[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  return lines.slice(1).map((line) => line.split('|').slice(1, -1).map(codes));
}

const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

/** A key with its variable parts left blank, as the code's templates and the page write them. */
export const shape = (key: string) => key.replace(/\$\{[^}]*\}|<[^>]*>/g, '<>');

/** Each kind of item by its table and key as the page writes them: `operations alias#<hash of sender and key> referral`. */
export function itemKinds(): string[] {
  return (['referrals', 'operations'] as const).flatMap((table) =>
    rows(`### Table \`${table}\``).flatMap(([, partitions = [], sorts = []]) =>
      partitions.flatMap((pk) => (sorts.length === 0 ? ['<key>'] : sorts).map((sk) => `${table} ${pk} ${sk}`)),
    ),
  );
}
