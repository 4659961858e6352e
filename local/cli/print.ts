/** Takes one line without its line break. */
export type Print = (line: string) => void;
