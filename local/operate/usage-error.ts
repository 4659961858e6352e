/** The command line is wrong: the command ends with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
