import { extname } from 'node:path';

/** Where a part of a file stands. */
export interface Place {
  file: string;
  /** From 1. */
  position: number;
  /** What `position` counts. */
  unit: Unit;
}

/** `message`: of HL7 v2; `entry`: of a Bundle or a list. */
export type Unit = 'line' | 'message' | 'entry';

/** Names of files with a message on each line. */
export const LINES = ['.ndjson', '.jsonl'];

/** Whether a file has a message on each line, by its name. */
export const isOfLines = (file: string): boolean => LINES.includes(extname(file).toLowerCase());

/** What positions in a file count. @param dialect absent: none was said, as of CloudEvents */
export function unitOf(file: string, dialect = 'cloudevents'): Unit {
  if (dialect === 'csv' || isOfLines(file)) return 'line';
  return dialect === 'hl7v2' ? 'message' : 'entry';
}
