import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, ServerlessChecks } from 'cdk-nag';

/**
 * The rules that the stacks are held to. What doesn't apply is acknowledged beside the construct that it is about, with
 * a reason; test/infra/nag.test.ts counts these. With packs attached `Template.fromStack` throws.
 */
export function rulePacks(app: App): NagPack[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app), new HIPAASecurityChecks(app)];
}
