/** The input can't be read at all. The message is for the person who typed the command. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
