import { describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../infra/settings.ts';
import { SAMPLE_SETTINGS, synthesizeTemplates } from '../../infra/templates.ts';
import { deployedEnvironment } from '../infra/deployed-functions.ts';
import { roleStatements } from './roles.ts';

/** What changes in the stacks when a stage holds mail. */

const stage = (hold: boolean) =>
  synthesizeTemplates('test', { ...SAMPLE_SETTINGS, mail: { ...SAMPLE_SETTINGS.mail, hold } });
const [sending, holding] = [stage(false), stage(true)];
const NAMES = Object.keys(FUNCTIONS) as FunctionName[];
const actionsOf = (templates: typeof sending, name: FunctionName): string[] =>
  (roleStatements(templates).get(name) ?? []).flatMap(({ actions }) => actions);

describe('a stage that holds mail', () => {
  it('lets no function send any: none has a right of SES', () => {
    expect(NAMES.filter((name) => actionsOf(holding, name).some((action) => action.startsWith('ses:')))).toEqual([]);
    // Else the first line would say nothing.
    expect(actionsOf(sending, 'send-mail')).toContain('ses:SendRawEmail');
  });

  it('leaves every function all other rights', () => {
    for (const name of NAMES) {
      const others = actionsOf(sending, name).filter((action) => !action.startsWith('ses:'));
      expect(actionsOf(holding, name)).toEqual(others);
    }
  });

  it('tells who plans and who sends', () => {
    for (const name of ['plan-mail', 'send-mail'] as const) {
      expect(deployedEnvironment(holding, name).MAIL_HOLD).toBe('on');
      expect(deployedEnvironment(sending, name).MAIL_HOLD).toBe('off');
    }
  });
});
