import * as z from 'zod';

/** The environment variables that name the tables. Each function picks those that its stores need. */
export const tablesEnvironment = z.object({
  REFERRAL_TABLE: z.string().min(1),
  OPERATIONS_TABLE: z.string().min(1),
  /** Into how many shards the due index is divided. */
  DUE_SHARDS: z.coerce.number().int().positive(),
});
