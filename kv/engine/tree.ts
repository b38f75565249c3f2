/**
 * A sorted map of byte strings that can be frozen in no time: a B-tree whose nodes belong to an *edition*. A node of the
 * current edition is changed in place; one of an older edition is copied first, and so is its path from the root. Freezing
 * takes the root and begins a new edition, so a frozen tree never changes and costs only what is overwritten later.
 *
 * Nodes are split at `FANOUT` and removed when empty; half-empty ones are left alone, since the engine that uses this
 * (memory) grows and shrinks by ranges. Called by kv/engine/memory.ts and by anything that needs a still, ordered picture.
 */
import { compareBytes } from '../../base/bytes.ts';

const FANOUT = 64;

/** A token: nodes that carry the tree's own are private to it. */
type Edition = object;

interface Leaf {
  readonly kind: 'leaf';
  readonly edition: Edition;
  readonly keys: Uint8Array[];
  readonly values: Uint8Array[];
}

/** Child i holds keys in [keys[i], keys[i + 1]); keys[0] is not looked at. */
interface Branch {
  readonly kind: 'branch';
  readonly edition: Edition;
  readonly keys: Uint8Array[];
  readonly children: Node[];
}

type Node = Leaf | Branch;

/** A tree as it was: safe to read for ever. */
export interface FrozenTree {
  readonly root: Node;
  readonly count: number;
}

const NO_BYTES = new Uint8Array(0);

export class Tree {
  private edition: Edition = {};
  private root: Node;
  private size: number;

  constructor(from?: FrozenTree) {
    this.root = from?.root ?? { kind: 'leaf', edition: this.edition, keys: [], values: [] };
    this.size = from?.count ?? 0;
  }

  get count(): number {
    return this.size;
  }

  freeze(): FrozenTree {
    this.edition = {};
    return { root: this.root, count: this.size };
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return lookUp(this.root, key);
  }

  /** Keeps both arrays: the caller must not change them. */
  set(key: Uint8Array, value: Uint8Array): void {
    const right = this.insert((this.root = this.own(this.root)), key, value);
    if (!right) return;
    const keys = [NO_BYTES, firstKey(right)];
    this.root = { kind: 'branch', edition: this.edition, keys, children: [this.root, right] };
  }

  /** True when the key was there. */
  delete(key: Uint8Array): boolean {
    if (lookUp(this.root, key) === undefined) return false;
    this.root = this.own(this.root);
    this.remove(this.root, key);
    while (this.root.kind === 'branch' && this.root.children.length === 1) this.root = this.root.children[0]!;
    if (this.root.kind === 'branch' && this.root.children.length === 0) {
      this.root = { kind: 'leaf', edition: this.edition, keys: [], values: [] };
    }
    this.size--;
    return true;
  }

  /** Adds to `node` (owned) and returns its new right neighbour when it had to be split. */
  private insert(node: Node, key: Uint8Array, value: Uint8Array): Node | undefined {
    if (node.kind === 'leaf') {
      const at = lowerBound(node.keys, key);
      if (at < node.keys.length && compareBytes(node.keys[at]!, key) === 0) {
        node.values[at] = value;
        return undefined;
      }
      node.keys.splice(at, 0, key);
      node.values.splice(at, 0, value);
      this.size++;
      if (node.keys.length <= FANOUT) return undefined;
      // Ascending loads fill nodes to the brim instead of leaving halves behind.
      const middle = at === node.keys.length - 1 ? node.keys.length - 1 : node.keys.length >> 1;
      return {
        kind: 'leaf',
        edition: this.edition,
        keys: node.keys.splice(middle),
        values: node.values.splice(middle),
      };
    }
    const at = childIndex(node, key);
    const child = this.own(node.children[at]!);
    node.children[at] = child;
    const right = this.insert(child, key, value);
    if (!right) return undefined;
    node.keys.splice(at + 1, 0, firstKey(right));
    node.children.splice(at + 1, 0, right);
    if (node.children.length <= FANOUT) return undefined;
    const middle = at + 1 === node.children.length - 1 ? node.children.length - 1 : node.children.length >> 1;
    return {
      kind: 'branch',
      edition: this.edition,
      keys: node.keys.splice(middle),
      children: node.children.splice(middle),
    };
  }

  private remove(node: Node, key: Uint8Array): void {
    if (node.kind === 'leaf') {
      const at = lowerBound(node.keys, key);
      node.keys.splice(at, 1);
      node.values.splice(at, 1);
      return;
    }
    const at = childIndex(node, key);
    const child = this.own(node.children[at]!);
    node.children[at] = child;
    this.remove(child, key);
    if ((child.kind === 'leaf' ? child.keys : child.children).length > 0) return;
    node.keys.splice(at, 1);
    node.children.splice(at, 1);
  }

  private own(node: Node): Node {
    if (node.edition === this.edition) return node;
    return node.kind === 'leaf'
      ? { kind: 'leaf', edition: this.edition, keys: node.keys.slice(), values: node.values.slice() }
      : { kind: 'branch', edition: this.edition, keys: node.keys.slice(), children: node.children.slice() };
  }
}

export function lookUp(root: Node, key: Uint8Array): Uint8Array | undefined {
  let node = root;
  while (node.kind === 'branch') node = node.children[childIndex(node, key)]!;
  const at = lowerBound(node.keys, key);
  return at < node.keys.length && compareBytes(node.keys[at]!, key) === 0 ? node.values[at] : undefined;
}

/**
 * A cursor over a frozen tree. It remembers its path, so a step costs no comparison.
 * `lower` inclusive, `upper` exclusive, either may be absent.
 */
export class TreeCursor {
  private readonly branches: Branch[] = [];
  private readonly indexes: number[] = [];
  private leaf: Leaf | undefined;
  private at = 0;
  private readonly reverse: boolean;
  private readonly lower: Uint8Array | undefined;
  private readonly upper: Uint8Array | undefined;

  constructor(tree: FrozenTree, lower: Uint8Array | undefined, upper: Uint8Array | undefined, reverse: boolean) {
    this.reverse = reverse;
    this.lower = lower;
    this.upper = upper;
    this.seek(tree.root, reverse ? upper : lower);
  }

  /** Appends up to `countMax` pairs; true when nothing follows. */
  read(countMax: number, keys: Uint8Array[], values: Uint8Array[]): boolean {
    for (let i = 0; i < countMax; i++) {
      const leaf = this.leaf;
      if (!leaf) return true;
      const key = leaf.keys[this.at]!;
      if (
        this.reverse
          ? this.lower && compareBytes(key, this.lower) < 0
          : this.upper && compareBytes(key, this.upper) >= 0
      ) {
        this.leaf = undefined;
        return true;
      }
      keys.push(key);
      values.push(leaf.values[this.at]!);
      this.step();
    }
    return this.leaf === undefined;
  }

  private seek(root: Node, target: Uint8Array | undefined): void {
    let node = root;
    while (node.kind === 'branch') {
      const at = target ? childIndex(node, target) : this.reverse ? node.children.length - 1 : 0;
      this.branches.push(node);
      this.indexes.push(at);
      node = node.children[at]!;
    }
    this.leaf = node;
    if (this.reverse) {
      this.at = (target ? lowerBound(node.keys, target) : node.keys.length) - 1;
      if (this.at < 0) this.hop();
    } else {
      this.at = target ? lowerBound(node.keys, target) : 0;
      if (this.at >= node.keys.length) this.hop();
    }
  }

  private step(): void {
    this.at += this.reverse ? -1 : 1;
    if (this.at < 0 || this.at >= this.leaf!.keys.length) this.hop();
  }

  /** To the next leaf in the direction of travel. */
  private hop(): void {
    const direction = this.reverse ? -1 : 1;
    this.leaf = undefined;
    let depth = this.branches.length - 1;
    for (; depth >= 0; depth--) {
      const next = this.indexes[depth]! + direction;
      if (next >= 0 && next < this.branches[depth]!.children.length) break;
    }
    if (depth < 0) return;
    this.indexes[depth]! += direction;
    this.branches.length = depth + 1;
    this.indexes.length = depth + 1;
    let node = this.branches[depth]!.children[this.indexes[depth]!]!;
    while (node.kind === 'branch') {
      this.branches.push(node);
      this.indexes.push(this.reverse ? node.children.length - 1 : 0);
      node = this.reverse ? node.children.at(-1)! : node.children[0]!;
    }
    this.leaf = node;
    this.at = this.reverse ? node.keys.length - 1 : 0;
  }
}

/** Index of the first key >= `key`. */
function lowerBound(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(keys[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function childIndex(branch: Branch, key: Uint8Array): number {
  let low = 1;
  let high = branch.keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(branch.keys[middle]!, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function firstKey(node: Node): Uint8Array {
  let first = node;
  while (first.kind === 'branch') first = first.children[0]!;
  return first.keys[0]!;
}
