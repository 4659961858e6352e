import { App } from 'aws-cdk-lib';
import { loopwatch } from '../stacks/loopwatch.ts';
import { readStage, StageError } from '../stage.ts';

// cdk deploy --all -c stage=dev
const app = new App();
try {
  const stage = app.node.tryGetContext('stage');
  loopwatch(app, stage, readStage(stage));
  app.synth();
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
