/**
 * `npm run bench -- NAME …`: runnable measurements. `micro/NAME` are of one function on its own; the others start real servers and compare
 * with peers on the same machine in the same run. Results worth keeping go to docs/benchmarks.md with the command that made them.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const NOT_BENCHMARKS = new Set(['main', 'peers', 'arguments', 'disturbances']);
const [name, ...rest] = process.argv.slice(2);
const names = [...listed(here, ''), ...listed(`${here}micro`, 'micro/')];
if (!name || !names.includes(name)) {
  console.error(`usage: npm run bench -- NAME [flags]\nbenchmarks: ${names.join(' ')}`);
  process.exit(name ? 1 : 0);
}
// Those of one function read their own arguments.
process.argv = [process.argv[0]!, fileURLToPath(new URL(`./${name}.js`, import.meta.url)), ...rest];
const module = (await import(new URL(`./${name}.js`, import.meta.url).href)) as {
  main?: (argv: readonly string[]) => Promise<void>;
};
try {
  await module.main?.(rest);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function listed(folder: string, prefix: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.js') && !file.includes('.test.'))
      .map((file) => prefix + file.slice(0, -3))
      .filter((one) => !NOT_BENCHMARKS.has(one));
  } catch {
    return [];
  }
}
