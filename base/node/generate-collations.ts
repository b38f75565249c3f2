/**
 * Writes `uca-0900-data.ts` and `general-ci-data.ts`, the tables behind the collations. Run by hand when they must change:
 *
 *     node base/node/generate-collations.ts uca <allkeys-9.0.0.txt>        (https://www.unicode.org/Public/UCA/9.0.0/)
 *     node base/node/generate-collations.ts general <weights.tsv>
 *
 * The first file is Unicode's own DUCET, under the Unicode licence. The second has a line `code point <tab> weight in hex`
 * for each character of the BMP, as `WEIGHT_STRING(_utf8mb4 x'…' COLLATE utf8mb4_general_ci)` of a MySQL or MariaDB server
 * answers: the collation folds by the character data of Unicode 3, which no later table contains as such.
 *
 * Both come out as base64 of varints: gaps between code points, then differences between weights.
 */
import { readFileSync, writeFileSync } from 'node:fs';

class VarintWriter {
  readonly bytes: number[] = [];
  unsigned(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes.push((rest & 127) | 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes.push(rest);
  }
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }
}

function emit(file: string, comment: string, parts: readonly string[]): void {
  const target = new URL(`../value/collation/${file}`, import.meta.url);
  writeFileSync(
    target,
    `/** ${comment} Written by base/node/generate-collations.ts: do not edit. */\n// prettier-ignore\n${parts.join('\n')}\n`,
  );
}

function quoteLong(name: string, bytes: readonly number[]): string {
  const text = Buffer.from(bytes).toString('base64');
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += 112) lines.push(`  '${text.slice(at, at + 112)}'`);
  return `export const ${name} =\n${lines.join(' +\n')};`;
}

/** UCA 9.0.0, primary weights only; at most eight a character, as MySQL keeps them. */
function generateUca(source: string): void {
  const weights = new Map<number, number[]>();
  for (const line of readFileSync(source, 'utf8').split('\n')) {
    // Lines with several code points are contractions, which the MySQL collation does not have.
    const match = /^([0-9A-F]{4,6}) +; ((?:\[[.*][0-9A-F.]+\])+)/.exec(line);
    if (match === null) continue;
    const elements = [...match[2]!.matchAll(/\[[.*]([0-9A-F]{4})\./g)].slice(0, 8);
    weights.set(
      parseInt(match[1]!, 16),
      elements.map((element) => parseInt(element[1]!, 16)).filter((weight) => weight !== 0),
    );
  }
  // MySQL's own choice for the replacement character.
  weights.set(0xfffd, [0xfffd]);
  const out = new VarintWriter();
  let previous = -1;
  let weightBefore = 0;
  for (const codePoint of [...weights.keys()].sort((a, b) => a - b)) {
    const list = weights.get(codePoint)!;
    out.unsigned((codePoint - previous - 1) * 9 + list.length);
    previous = codePoint;
    for (const weight of list) {
      out.signed(weight - weightBefore);
      weightBefore = weight;
    }
  }
  const ascii = Array.from({ length: 128 }, (_, code) => {
    const list = weights.get(code) ?? [];
    if (list.length > 1) throw new Error('an ASCII character with two weights');
    return list[0] ?? 0;
  });
  emit('uca-0900-data.ts', 'Primary weights of UCA 9.0.0 (DUCET, © Unicode, Inc., Unicode licence).', [
    `export const UCA_0900_ASCII: readonly number[] = [${ascii.join(',')}];`,
    quoteLong('UCA_0900_DATA', out.bytes),
  ]);
}

function generateGeneral(source: string): void {
  const out = new VarintWriter();
  let previous = -1;
  let differenceBefore = 0;
  for (const line of readFileSync(source, 'utf8').split('\n')) {
    const [code, weight] = line.split('\t');
    if (code === undefined || weight === undefined) continue;
    const codePoint = Number(code);
    const value = parseInt(weight, 16);
    if (value === codePoint) continue;
    out.unsigned(codePoint - previous - 1);
    previous = codePoint;
    out.signed(value - codePoint - differenceBefore);
    differenceBefore = value - codePoint;
  }
  emit('general-ci-data.ts', 'Characters whose weight under utf8mb4_general_ci is not their code point.', [
    quoteLong('GENERAL_CI_DATA', out.bytes),
  ]);
}

const [kind, source] = process.argv.slice(2);
if (source === undefined || (kind !== 'uca' && kind !== 'general')) {
  process.stderr.write('usage: generate-collations.ts uca <allkeys.txt> | general <weights.tsv>\n');
  process.exitCode = 2;
} else if (kind === 'uca') generateUca(source);
else generateGeneral(source);
