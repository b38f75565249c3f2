/** New rows for decoders to fill. */
import type { Row } from '../../../base/value/datum.ts';

/** A row of NULLs. Literals of the usual widths: packed arrays that V8 copies from a template. */
export function emptyRow(width: number): Row {
  switch (width) {
    case 1:
      return [null];
    case 2:
      return [null, null];
    case 3:
      return [null, null, null];
    case 4:
      return [null, null, null, null];
    case 5:
      return [null, null, null, null, null];
    case 6:
      return [null, null, null, null, null, null];
    case 7:
      return [null, null, null, null, null, null, null];
    case 8:
      return [null, null, null, null, null, null, null, null];
    default: {
      const row: Row = [];
      for (let i = 0; i < width; i++) row.push(null);
      return row;
    }
  }
}
