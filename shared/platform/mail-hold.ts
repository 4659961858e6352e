import * as z from 'zod';

/** Whether the stage holds mail: it makes and keeps every mail, and sends none. Read as a boolean. */
export const mailHoldVariable = { MAIL_HOLD: z.enum(['on', 'off']).transform((value) => value === 'on') };
