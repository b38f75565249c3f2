/**
 * Secondary and tertiary weights of UCA 9.0.0: what `_as_ci` and `_as_cs` look at when primary weights are equal. Most characters
 * share one of a few hundred shapes (a list for each of the two levels, zeros left out); the data names the shape of each character
 * of the primary table, in its order. Characters that no table lists count as one plain letter; Hangul syllables as their letters.
 */
import { VarintReader } from './collation.ts';
import { UCA_0900_DATA } from './uca-0900-data.ts';
import { UCA_0900_LEVELS } from './uca-0900-levels-data.ts';
import { hangulLetters, listedWeights } from './uca-edition.ts';

export interface Levels {
  readonly secondary: readonly number[];
  readonly tertiary: readonly number[];
}

interface LevelTable {
  /** Appends what a character weighs on both levels. */
  levelsOf(codePoint: number, secondary: number[], tertiary: number[]): void;
}

let loaded: LevelTable | undefined;

const NOT_LISTED = 0;

/** 128 KiB for the first planes and a map for the rest, at the first comparison that needs it. */
export function loadLevels(): LevelTable {
  if (loaded !== undefined) return loaded;
  const shapes: Levels[] = [{ secondary: [0x20], tertiary: [0x02] }];
  const near = new Uint16Array(0x10000);
  const far = new Map<number, number>();
  const reader = new VarintReader(UCA_0900_LEVELS);
  const list = (): number[] => Array.from({ length: reader.unsigned() }, () => reader.unsigned());
  for (let count = reader.unsigned(); count > 0; count--) shapes.push({ secondary: list(), tertiary: list() });
  let left = 0;
  let shape = NOT_LISTED;
  for (const [codePoint] of listedWeights(UCA_0900_DATA)) {
    if (left === 0) {
      left = reader.unsigned();
      shape = reader.unsigned() + 1;
    }
    left--;
    if (codePoint < near.length) near[codePoint] = shape;
    else far.set(codePoint, shape);
  }
  const levelsOf = (codePoint: number, secondary: number[], tertiary: number[]): void => {
    const at = (codePoint < near.length ? near[codePoint] : far.get(codePoint)) ?? NOT_LISTED;
    if (at === NOT_LISTED) {
      const letters = hangulLetters(codePoint);
      if (letters.length > 0) {
        for (const letter of letters) levelsOf(letter, secondary, tertiary);
        return;
      }
    }
    const found = shapes[at]!;
    for (const weight of found.secondary) secondary.push(weight);
    for (const weight of found.tertiary) tertiary.push(weight);
  };
  loaded = { levelsOf };
  return loaded;
}
