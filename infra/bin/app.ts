import { App } from 'aws-cdk-lib';
import { loopwatch } from '../stacks/loopwatch.ts';

// cdk deploy -c stage=prod -c mailIdentity=example.org
const app = new App();
loopwatch(app, {
  stage: app.node.tryGetContext('stage') ?? 'dev',
  mailIdentity: app.node.tryGetContext('mailIdentity') ?? 'example.org',
});
app.synth();
