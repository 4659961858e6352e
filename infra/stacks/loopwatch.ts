import type { App } from 'aws-cdk-lib';
import type { StageSettings } from '../stage.ts';
import { StatefulStack } from './stateful.ts';
import { StatelessStack } from './stateless.ts';

/** The two stacks of one stage. */
export function loopwatch(app: App, stage: string, settings: StageSettings) {
  const { account, region } = settings;
  const props = { stage, settings, env: { ...(account && { account }), ...(region && { region }) } };
  const state = new StatefulStack(app, `loopwatch-${stage}-state`, props);
  const service = new StatelessStack(app, `loopwatch-${stage}-service`, { ...props, state });
  return { state, service };
}
