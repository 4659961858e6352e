import * as z from 'zod';
import { instantText } from './instant.ts';

/** What EventBridge Scheduler passes on: the instant that the run is for, which stays the same if it is late or retried. */
export const scheduleEvent = z.object({ time: instantText.transform((text) => Date.parse(text)) });

/** A report run is also called by hand: `again` if the cause of earlier failures is mended and nobody wants to wait. */
export const reportScheduleEvent = scheduleEvent.extend({ again: z.boolean().default(false) });
