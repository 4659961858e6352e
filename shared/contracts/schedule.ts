import * as z from 'zod';
import { instantText } from './instant.ts';

/** What EventBridge Scheduler passes on: the instant that the run is for, which stays the same if it is late or retried. */
export const scheduleEvent = z.object({ time: instantText.transform((text) => Date.parse(text)) });
