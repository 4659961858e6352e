import * as detect from '../../functions/detect-breaches/compose.ts';
import * as ingest from '../../functions/ingest-events/compose.ts';
import * as plan from '../../functions/plan-mail/compose.ts';
import * as record from '../../functions/record-delivery/compose.ts';
import * as retire from '../../functions/retire-referrals/compose.ts';
import * as send from '../../functions/send-mail/compose.ts';
import * as report from '../../functions/write-reports/compose.ts';
import type { FunctionName } from '../../infra/settings.ts';
import { type Runtime, readEnv } from '../../shared/platform/runtime.ts';

/** A deployed function as Lambda calls it: with an event and a context. */
export type FunctionHandler = (event: unknown, context: unknown) => Promise<unknown>;

/** A deployed function with its own composition, as a new process has it. Throws if its environment is wrong. */
export function composeFunction(name: FunctionName, env: Record<string, string>, runtime: Runtime): FunctionHandler {
  const composed = (): unknown => {
    switch (name) {
      case 'ingest-events':
        return ingest.compose(readEnv(ingest.environment, env), runtime);
      case 'detect-breaches':
        return detect.compose(readEnv(detect.environment, env), runtime);
      case 'write-reports':
        return report.compose(readEnv(report.environment, env), runtime);
      case 'plan-mail':
        return plan.compose(readEnv(plan.environment, env), runtime);
      case 'send-mail':
        return send.compose(readEnv(send.environment, env), runtime);
      case 'record-delivery':
        return record.compose(readEnv(record.environment, env), runtime);
      case 'retire-referrals':
        return retire.compose(readEnv(retire.environment, env), runtime);
    }
  };
  return composed() as FunctionHandler;
}
