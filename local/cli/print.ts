/** Prints a line, given without its line break. */
export type Print = (line: string) => void;
