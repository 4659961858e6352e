import { messageOf, printError } from './error-text.ts';
import { loopwatchProgram } from './program.ts';

// A pipe that closes early is not a failure: `loopwatch explain R-1 | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await loopwatchProgram((line) => console.log(line)).parseAsync();
} catch (error) {
  const { exitCode, code, name } = error as { exitCode?: number; code?: string; name?: string };
  if (name === 'Interrupted') {
    process.exitCode = 130;
  } else if (code?.startsWith('commander.')) {
    process.exitCode = exitCode === 0 ? 0 : 2;
  } else {
    printError(`loopwatch: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
