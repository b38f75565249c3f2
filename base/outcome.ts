/**
 * A value that is usually there already. The hot paths of a statement (read a key, ask for a timestamp) finish without
 * leaving the current turn; they return the value itself then, and a promise only when they have to wait for a lock,
 * a disk or another process. An `await` costs 64 ns and a turn of the microtask queue, a check costs nothing:
 *
 *     const found = snapshot.get(key);
 *     const value = isPromise(found) ? await found : found;
 */
export type MaybePromise<T> = T | Promise<T>;

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Runs `next` now when the value is there, else when it comes. */
export function andThen<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
