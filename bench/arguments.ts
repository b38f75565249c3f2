/** Flags of a benchmark: `--name value` and plain words. An unknown flag ends the run, so that a typing error measures nothing. */

export function parseArguments(
  argv: readonly string[],
  defaults: Readonly<Record<string, string>>,
): { flags: Record<string, string>; words: string[] } {
  const flags: Record<string, string> = { ...defaults };
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (!word.startsWith('--')) {
      words.push(word);
      continue;
    }
    const name = word.slice(2);
    if (!(name in defaults))
      throw new Error(
        `unknown flag --${name}; known: ${Object.keys(defaults)
          .map((one) => `--${one}`)
          .join(' ')}`,
      );
    const value = argv[++i];
    if (value === undefined) throw new Error(`--${name} needs a value`);
    flags[name] = value;
  }
  return { flags, words };
}

/** A table for a terminal and for docs/benchmarks.md alike. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [
    `| ${header.join(' | ')} |`,
    `| ${header.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
