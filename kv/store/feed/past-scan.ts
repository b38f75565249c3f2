/**
 * `PastScan`: the past of a reader's share, read while the share is written. What happens to a key that it has not reached is left to it, and waits
 * nowhere: the next step looks at a new picture of what is ahead.
 *
 *     lower ── told ──► reached ── ahead ──► upper
 *           changes wait             changes are found by the scan
 *           for the reader
 *
 * So a reader needs room for what changes between two of its questions, not for what changes while a whole region is read.
 */
import { compareBytes } from '../../../base/bytes.ts';
import type { RegionFeedItem } from '../../client/feed/region-feed.ts';
import type { ChangeScan, ScanRange } from './change-scan.ts';

export class PastScan {
  private readonly open: (ahead: ScanRange) => ChangeScan;
  private ahead: ScanRange;
  private scan: ChangeScan | undefined = undefined;

  /** `open`: a scan of the picture of now. */
  constructor(share: ScanRange, open: (ahead: ScanRange) => ChangeScan) {
    this.ahead = share;
    this.open = open;
  }

  /** Where keys begin that it has not reached. */
  get reached(): Uint8Array {
    return this.ahead.lower;
  }

  /** A key of the share has changed: does the scan tell it? */
  willTell(key: Uint8Array): boolean {
    if (compareBytes(key, this.ahead.lower) < 0) return false;
    this.forgetPicture();
    return true;
  }

  /** What is in its picture of the keys ahead is not all any more. */
  forgetPicture(): void {
    this.scan?.close();
    this.scan = undefined;
  }

  /** Looks at some hundred keys more. True at the end. Throws what `open` throws. */
  step(items: RegionFeedItem[], sizeBytesMax: number): boolean {
    const scan = (this.scan ??= this.open(this.ahead));
    scan.step(items, sizeBytesMax);
    if (scan.reached !== undefined) this.ahead = { lower: scan.reached, upper: this.ahead.upper };
    return scan.finished;
  }

  /** It holds a picture of the engine, and with it files. */
  get holdsPicture(): boolean {
    return this.scan !== undefined;
  }
}
