import { type App, Tags } from 'aws-cdk-lib';
import type { StageSettings } from '../stage.ts';
import { StatefulStack } from './stateful.ts';
import { StatelessStack } from './stateless.ts';

/** On every resource that takes tags. As a cost allocation tag it splits the bill by stage. */
export const STAGE_TAG = 'loopwatch:stage';

/** The two stacks of one stage. */
export function loopwatch(app: App, stage: string, settings: StageSettings) {
  const { account, region } = settings;
  const props = { stage, settings, env: { ...(account && { account }), ...(region && { region }) } };
  const state = new StatefulStack(app, `loopwatch-${stage}-state`, props);
  const service = new StatelessStack(app, `loopwatch-${stage}-service`, { ...props, state });
  for (const stack of [state, service]) {
    // Not a tag of the stack: CloudFormation would put that on event source mappings as well, which GovCloud refuses.
    Tags.of(stack).add(STAGE_TAG, stage, { excludeResourceTypes: ['AWS::Lambda::EventSourceMapping'] });
  }
  return { state, service };
}
