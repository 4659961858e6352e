import { SQSClient } from '@aws-sdk/client-sqs';
import { systemTime } from '../../shared/platform/time-source.ts';
import { bold, dim, green, padEnd, red, wrap, yellow } from '../cli/columns.ts';
import { onStage } from '../cli/on-stage.ts';
import type { Print } from '../cli/print.ts';
import { clientConfig } from '../stand-ins/client-config.ts';
import { examine } from './examine.ts';
import type { Finding, Level } from './finding.ts';
import { dnsNames } from './names.ts';
import { awsServices } from './services.ts';

export interface DoctorOptions {
  stage: string;
  json?: boolean;
}

/**
 * `loopwatch doctor --stage S`: checks a stage and says how to mend what it finds. Only reads.
 * @returns the exit status: 1 if a check fails, else 0
 */
export async function doctor({ stage, json = false }: DoctorOptions, print: Print): Promise<0 | 1> {
  const findings = await onStage(stage, ['operations'], async (tables, access) => {
    const endpoint = process.env.SQS_ENDPOINT;
    const { settings, clientConfig: own } = access;
    const sqs = new SQSClient(endpoint ? clientConfig(endpoint) : own);
    const region = await tables.client.config.region();
    const services = settings === null ? null : awsServices(stage, { region }, tables.client);
    try {
      return await examine({
        ...{ stage, settings, tables, sqs, region, services },
        caller: access.caller,
        now: systemTime.now(),
        names: dnsNames(),
      });
    } finally {
      services?.close();
      sqs.destroy();
    }
  });
  print(json ? JSON.stringify({ stage, counts: countsOf(findings), findings }) : findingsText(stage, findings));
  return findings.some(({ level }) => level === 'fail') ? 1 : 0;
}

/** The worst first. */
const LEVELS: readonly Level[] = ['fail', 'warn', 'unknown', 'ok'];

const countsOf = (findings: readonly Finding[]): Record<Level, number> => {
  const count = (level: Level): number => findings.filter((each) => each.level === level).length;
  return { fail: count('fail'), warn: count('warn'), unknown: count('unknown'), ok: count('ok') };
};

const WORD_WIDTH = 7;
const CHECK_WIDTH = 15;
const MARGIN = 2 + WORD_WIDTH + CHECK_WIDTH;

/** The findings for a terminal of 80 columns: what is wrong first, each with how to mend it. */
export function findingsText(stage: string, findings: readonly Finding[]): string {
  const counts = countsOf(findings);
  const figures = LEVELS.filter((level) => counts[level] > 0).map((level) => `${counts[level]} ${level}`);
  return [
    `${bold(`stage ${stage}`)}: ${figures.join(', ')}`,
    ...LEVELS.flatMap((level) => findings.filter((each) => each.level === level)).flatMap(findingLines),
  ].join('\n');
}

function findingLines({ check, level, says, mend }: Finding): string[] {
  const head = `  ${padEnd(wordOf(level), WORD_WIDTH)}${padEnd(check, CHECK_WIDTH)}`;
  const [first = '', ...more] = wrap(says.split(' '), 80 - MARGIN);
  const indented = (line: string): string => ' '.repeat(MARGIN) + line;
  const mending = mend === null ? [] : wrap(mend.split(' '), 80 - MARGIN - 2).map((line) => `  ${dim(line)}`);
  return [head + first, ...more.map(indented), ...mending.map(indented)];
}

function wordOf(level: Level): string {
  switch (level) {
    case 'fail':
      return red('FAIL');
    case 'warn':
      return yellow('warn');
    case 'unknown':
      return yellow('?');
    case 'ok':
      return green('ok');
  }
}
