import { z } from 'zod';
import { instantText } from './instant.ts';

/** What EventBridge Scheduler hands over: the instant that the run is for, kept when it is late or retried. */
export const scheduleEvent = z.object({ time: instantText.transform((text) => Date.parse(text)) });
