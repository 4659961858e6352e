import { lambdaRuntime, readEnv } from '../../shared/platform/runtime.ts';
import { compose, environment } from './compose.ts';

export const handler = compose(readEnv(environment, process.env), lambdaRuntime('write-reports'));
