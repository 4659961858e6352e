import { App, Validations } from 'aws-cdk-lib';
import { rulePacks } from '../rule-packs.ts';
import { loopwatch } from '../stacks/loopwatch.ts';
import { readStage, StageError } from '../stage.ts';

// cdk deploy --all -c stage=dev; with -c stages=FOLDER the stage's file is read from there
const app = new App();
try {
  const stage = app.node.tryGetContext('stage');
  loopwatch(app, stage, readStage(stage, app.node.tryGetContext('stages')));
  Validations.of(app).addPlugins(...rulePacks(app));
  app.synth();
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
