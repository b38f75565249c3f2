/**
 * Writes the tables behind the collations (the data files of base/value/collation). Run by hand when they must change:
 *
 *     node base/node/generate-collations.ts uca-0900 <allkeys-9.0.0.txt>    (https://www.unicode.org/Public/UCA/9.0.0/)
 *     node base/node/generate-collations.ts uca-0520 <allkeys-5.2.0.txt>
 *     node base/node/generate-collations.ts uca-0400 <weights.tsv>
 *     node base/node/generate-collations.ts general <weights.tsv>
 *     node base/node/generate-collations.ts gbk <weights.tsv>
 *     node base/node/generate-collations.ts latin1 <folder of latin1_….tsv>
 *
 * The first two files are Unicode's own DUCET, under the Unicode licence. The others have a line `code <tab> weight in hex` for each
 * character of the BMP, or of the character set, as `WEIGHT_STRING(_utf8mb4 x'…' COLLATE utf8mb4_general_ci)` of a MySQL or MariaDB
 * server answers: these collations fold by tables that no standard contains as such (Unicode 3, the first DUCET that was
 * complete, the order of pinyin and strokes in GBK).
 *
 * All come out as base64 of varints: gaps between code points, then differences between weights.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

interface Element {
  readonly primary: number;
  readonly secondary: number;
  readonly tertiary: number;
}

/** At most eight elements a character, as MySQL keeps them. */
function readAllKeys(source: string): Map<number, readonly Element[]> {
  const characters = new Map<number, readonly Element[]>();
  for (const line of readFileSync(source, 'utf8').split('\n')) {
    // Lines with several code points are contractions, which the MySQL collations do not have.
    const match = /^([0-9A-F]{4,6}) +; ((?:\[[.*][0-9A-F.]+\])+)/.exec(line);
    if (match === null) continue;
    const elements = [...match[2]!.matchAll(/\[[.*]([0-9A-F]{4})\.([0-9A-F]{4})\.([0-9A-F]{4})/g)].slice(0, 8);
    characters.set(
      parseInt(match[1]!, 16),
      elements.map((element) => {
        const [primary, secondary, tertiary] = element.slice(1).map((weight) => parseInt(weight, 16));
        return { primary: primary!, secondary: secondary!, tertiary: tertiary! };
      }),
    );
  }
  return characters;
}

const primaryOf = (elements: readonly Element[]): readonly number[] =>
  elements.map((element) => element.primary).filter((weight) => weight !== 0);

function emitPrimary(edition: string, comment: string, weights: ReadonlyMap<number, readonly number[]>): void {
  const out = new VarintWriter();
  let previous = -1;
  let weightBefore = 0;
  for (const codePoint of inOrder(weights)) {
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
  emit(`uca-${edition}-data.ts`, comment, [
    `export const UCA_${edition}_ASCII: readonly number[] = [${ascii.join(',')}];`,
    quoteLong(`UCA_${edition}_DATA`, out.bytes),
  ]);
}

function inOrder(characters: ReadonlyMap<number, unknown>): readonly number[] {
  return [...characters.keys()].sort((a, b) => a - b);
}

function generateUca0900(source: string): void {
  const characters = readAllKeys(source);
  // MySQL's own choice for the replacement character.
  characters.set(0xfffd, [{ primary: 0xfffd, secondary: 0x20, tertiary: 0x02 }]);
  emitPrimary(
    '0900',
    'Primary weights of UCA 9.0.0 (DUCET, © Unicode, Inc., Unicode licence).',
    new Map([...characters].map(([codePoint, elements]) => [codePoint, primaryOf(elements)])),
  );
  // Runs of characters of one shape: the lists of secondary and tertiary weights.
  const shapes = new Map<string, { readonly at: number; readonly lists: readonly (readonly number[])[] }>();
  const runs: { length: number; readonly shape: number }[] = [];
  for (const codePoint of inOrder(characters)) {
    const elements = characters.get(codePoint)!;
    const lists = [elements.map((one) => one.secondary), elements.map((one) => one.tertiary)].map((list) =>
      list.filter((weight) => weight !== 0),
    );
    const key = lists.join('|');
    const shape = shapes.get(key) ?? { at: shapes.size, lists };
    shapes.set(key, shape);
    const last = runs[runs.length - 1];
    if (last?.shape === shape.at) last.length++;
    else runs.push({ length: 1, shape: shape.at });
  }
  const out = new VarintWriter();
  out.unsigned(shapes.size);
  for (const { lists } of shapes.values()) {
    for (const list of lists) {
      out.unsigned(list.length);
      for (const weight of list) out.unsigned(weight);
    }
  }
  for (const { length, shape } of runs) {
    out.unsigned(length);
    out.unsigned(shape);
  }
  emit(
    'uca-0900-levels-data.ts',
    'Secondary and tertiary weights of UCA 9.0.0 (DUCET, © Unicode, Inc., Unicode licence).',
    [quoteLong('UCA_0900_LEVELS', out.bytes)],
  );
}

function generateUca0520(source: string): void {
  emitPrimary(
    '0520',
    'Primary weights of UCA 5.2.0 (DUCET, © Unicode, Inc., Unicode licence).',
    new Map([...readAllKeys(source)].map(([codePoint, elements]) => [codePoint, primaryOf(elements)])),
  );
}

function readWeights(source: string): readonly (readonly [number, string])[] {
  return readFileSync(source, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [code, weight] = line.split('\t');
      return [Number(code), weight!] as const;
    });
}

function generateUca0400(source: string): void {
  const weights = new Map<number, readonly number[]>();
  for (const [codePoint, hex] of readWeights(source)) {
    const list = (hex.match(/.{4}/g) ?? []).map((weight) => parseInt(weight, 16));
    // Implicit weights are computed, but for a dozen Han among the compatibility ideographs.
    const compatibility = codePoint >= 0xf900 && codePoint <= 0xfaff;
    const implicit =
      list.length === 2 && list[0]! >= 0xfb40 && list[1] === ((codePoint & 0x7fff) | 0x8000) && !compatibility;
    if (codePoint <= 0xffff && !implicit) weights.set(codePoint, list);
  }
  emitPrimary('0400', 'Primary weights of UCA 4.0.0 (DUCET, © Unicode, Inc., Unicode licence).', weights);
}

/** One weight for each pair of bytes that may be a character, in the order of the pairs. */
function generateGbk(source: string): void {
  const weights = new Map(readWeights(source));
  const out = new VarintWriter();
  let before = 0;
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      const weight = parseInt(weights.get(lead * 256 + trail)!, 16);
      out.signed(weight - before);
      before = weight;
    }
  }
  emit('gbk-data.ts', 'Weights of gbk_chinese_ci: the order of pinyin and strokes.', [
    quoteLong('GBK_CHINESE_CI_DATA', out.bytes),
  ]);
}

function generateLatin1(folder: string): void {
  const lines: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!/^latin1_\w+\.tsv$/.test(file)) continue;
    const text = readWeights(join(folder, file))
      .map(([, weight]) => weight.toLowerCase())
      .join(' ');
    const parts = text.match(/.{1,96}(?: |$)/g)!.map((part) => `    '${part}'`);
    lines.push(`  ${file.slice(0, -'.tsv'.length)}:\n${parts.join(' +\n')},`);
  }
  emit(
    'latin1-data.ts',
    'Weights of the latin1 collations by byte, in hexadecimal; two bytes for a letter that is two.',
    [`export const LATIN1_WEIGHTS: Readonly<Record<string, string>> = {\n${lines.join('\n')}\n};`],
  );
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

const KINDS: Readonly<Record<string, (source: string) => void>> = {
  'uca-0900': generateUca0900,
  'uca-0520': generateUca0520,
  'uca-0400': generateUca0400,
  general: generateGeneral,
  gbk: generateGbk,
  latin1: generateLatin1,
};

const [kind, source] = process.argv.slice(2);
const generate = KINDS[kind ?? ''];
if (source === undefined || generate === undefined) {
  process.stderr.write(`usage: generate-collations.ts ${Object.keys(KINDS).join(' | ')} <file or folder>\n`);
  process.exitCode = 2;
} else generate(source);
