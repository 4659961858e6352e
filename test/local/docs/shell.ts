/** The simple commands of a script, each as its words: those of pipes, lists and `$(...)` too. Throws on an open quote. */
export function commandsIn(script: string): string[][] {
  const reader = new Reader(script);
  reader.read();
  return reader.commands.filter((words) => words.length > 0);
}

class Reader {
  readonly commands: string[][] = [];
  readonly #script: string;
  #at = 0;
  #words: string[] = [];
  #word: string | null = null;
  /** The next word is the file of a redirection. */
  #redirected = false;

  constructor(script: string) {
    this.#script = script;
  }

  read(): void {
    while (this.#at < this.#script.length) this.#step();
    this.#endCommand();
  }

  #step(): void {
    const char = this.#script[this.#at] ?? '';
    if (this.#part(char) || this.#between(char)) return;
    this.#add(char);
    this.#at += 1;
  }

  /** Takes an escape, a quote or a substitution, if one begins here. */
  #part(char: string): boolean {
    const next = this.#script[this.#at + 1] ?? '';
    if (char === '\\') {
      if (next !== '\n') this.#add(next);
      this.#at += 2;
    } else if (char === "'") {
      const end = this.#script.indexOf("'", this.#at + 1);
      if (end < 0) throw new Error(`a quote is never closed: ${this.#script}`);
      this.#add(this.#script.slice(this.#at + 1, end));
      this.#at = end + 1;
    } else if (char === '"') this.#quoted();
    else if (char === '$' && next === '(') this.#substituted();
    else return false;
    return true;
  }

  /** Takes what ends a word or a command, if it is here: space, a comment, a redirection, the end of a command. */
  #between(char: string): boolean {
    if (char === '#' && this.#word === null) {
      const end = this.#script.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#script.length : end;
    } else if (/[\n;|&]/.test(char)) {
      this.#endCommand();
      this.#at += 1;
    } else if (char === '>' || char === '<') {
      // The number before it is a file descriptor.
      if (this.#word !== null && /^\d$/.test(this.#word)) this.#word = null;
      this.#endWord();
      this.#at += /^(?:>>|>&|<<|<&)/.exec(this.#script.slice(this.#at))?.[0].length ?? 1;
      this.#redirected = true;
    } else if (/\s/.test(char)) {
      this.#endWord();
      this.#at += 1;
    } else return false;
    return true;
  }

  #quoted(): void {
    this.#add('');
    this.#at += 1;
    while (this.#script[this.#at] !== '"') {
      const char = this.#script[this.#at];
      if (char === undefined) throw new Error(`a quote is never closed: ${this.#script}`);
      if (char === '$' && this.#script[this.#at + 1] === '(') {
        this.#substituted();
        continue;
      }
      if (char === '\\') this.#at += 1;
      this.#add(this.#script[this.#at] ?? '');
      this.#at += 1;
    }
    this.#at += 1;
  }

  #substituted(): void {
    const from = this.#at + 2;
    let depth = 1;
    let end = from;
    for (; depth > 0; end++) {
      if (end >= this.#script.length) throw new Error(`a $( is never closed: ${this.#script}`);
      if (this.#script[end] === '(') depth += 1;
      if (this.#script[end] === ')') depth -= 1;
    }
    this.commands.push(...commandsIn(this.#script.slice(from, end - 1)));
    this.#add('$(...)');
    this.#at = end;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #endWord(): void {
    if (this.#word === null) return;
    // What is set for the command only isn't part of it.
    const assigns = this.#words.length === 0 && /^[A-Z_]+=/.test(this.#word);
    if (!this.#redirected && !assigns) this.#words.push(this.#word);
    this.#redirected = false;
    this.#word = null;
  }

  #endCommand(): void {
    this.#endWord();
    this.commands.push(this.#words);
    this.#words = [];
  }
}
