import { afterAll, beforeAll, expect } from 'vitest';

/** Test files run in one process after another: what a file changes there, the next would find. */

/** Powertools sets this one when it is loaded, which a test may be the first to do. */
const BY_LOADING = { AWS_SDK_UA_APP_ID: undefined };

const found = () => ({
  environment: { ...process.env, ...BY_LOADING },
  folder: process.cwd(),
  exitCode: process.exitCode,
  output: { ...console, stdout: process.stdout.write, stderr: process.stderr.write },
  time: { Date, setTimeout, setInterval },
  network: fetch,
});

let before: ReturnType<typeof found>;
beforeAll(() => {
  before = found();
});
// A setup's hook comes after those of the file.
afterAll(() => expect(found(), 'what the file leaves behind').toEqual(before));
