import * as z from 'zod';

/**
 * A large document of which only the head is checked. It is returned as it came, every key in its place. For what is
 * written by one version of one function and read whole by people or templates: a schema of all of it would repeat
 * hundreds of lines and find nothing that the head doesn't.
 */
export function withHead<T>(head: z.ZodType): z.ZodType<T> {
  return z.unknown().transform((value, context) => {
    for (const { code, path, message } of head.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path, message: `${code}: ${message}` });
    }
    return value as T;
  });
}
