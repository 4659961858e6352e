import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, ServerlessChecks } from 'cdk-nag';

/**
 * The rules that the stacks must follow. A rule that doesn't apply is acknowledged, with a reason, beside the construct
 * that it is about; test/infra/nag.test.ts counts these. With packs attached `Template.fromStack` throws.
 */
export function rulePacks(app: App): NagPack[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app), new HIPAASecurityChecks(app)];
}
