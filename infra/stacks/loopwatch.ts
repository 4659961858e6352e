import type { App, StackProps } from 'aws-cdk-lib';
import { StatefulStack } from './stateful.ts';
import { StatelessStack } from './stateless.ts';

export interface Deployment extends StackProps {
  stage: string;
  mailIdentity: string;
}

/** The two stacks of one stage. */
export function loopwatch(app: App, { stage, mailIdentity, ...rest }: Deployment) {
  const state = new StatefulStack(app, `loopwatch-${stage}-state`, { ...rest, stage });
  const service = new StatelessStack(app, `loopwatch-${stage}-service`, { ...rest, stage, mailIdentity, state });
  return { state, service };
}
