import { meantCode, plainCode } from './code-text.ts';
import type { Findings } from './config-findings.ts';
import { type Path, pathText } from './config-problem.ts';
import type { DialectSettings } from './dialects.ts';

/** Checks how lists and crosswalks write codes: no code leads to two words, and the systems are names that somebody sends. */
export function checkCodes(settings: DialectSettings, path: Path, findings: Findings): void {
  for (const [name, table] of Object.entries(settings.crosswalks ?? {})) {
    checkTable(table ?? {}, [...path, 'crosswalks', name], findings);
  }
  for (const [within, codes] of listsOf(settings)) {
    for (const [index, code] of (codes ?? []).entries()) checkSystem(code, [...path, ...within, index], findings);
  }
}

const listsOf = ({ consultNotes, classes, fulfilTasks, referrals, visitTypes }: DialectSettings) =>
  [
    [['consultNotes'], consultNotes],
    [['classes'], classes],
    [['fulfilTasks'], fulfilTasks],
    [['referrals', 'include'], referrals?.include],
    [['referrals', 'exclude'], referrals?.exclude],
    [['visitTypes', 'include'], visitTypes?.include],
    [['visitTypes', 'exclude'], visitTypes?.exclude],
  ] as const;

/** Codes compare without case, so `u` and `U` are one: which of two words it means nobody could tell from the file. */
function checkTable(table: Readonly<Record<string, unknown>>, path: Path, findings: Findings): void {
  const first = new Map<string, { code: string; word: string }>();
  for (const [code, entry] of Object.entries(table)) {
    checkSystem(code, [...path, code], findings);
    const word = JSON.stringify(entry);
    const earlier = first.get(plainCode(code));
    if (!earlier) first.set(plainCode(code), { code, word });
    else if (earlier.word !== word) {
      const message = `expected what ${pathText([...path, earlier.code])} has: codes count without case, so these two are one`;
      findings.problem('dialects.json', [...path, code], entry, message);
    }
  }
}

function checkSystem(code: string, path: Path, { warning }: Findings): void {
  const meant = meantCode(code);
  if (meant === null) return;
  warning('dialects.json', path, code, `is read as system|code; did you mean ${meant}?`);
}
