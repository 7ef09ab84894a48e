/** Time, as the platform gives it. */
export interface Clock {
  /** Unix seconds. */
  now(): number;
}

/** One change of a storage; null deletes. */
export interface Change {
  readonly name: string;
  readonly value: Uint8Array | null;
}

/** How cells are written. */
export interface CellWriteOptions {
  /**
   * True: what would only be done again if it were lost. It survives the end of the program once it has returned, and a loss of power
   * as soon as any later write has that is not so; never before an earlier one, and never in part.
   */
  readonly isSyncedLater?: boolean;
}

/** Named cells of this device. A write is all or nothing and survives a crash once it has returned. */
export interface Storage {
  get(name: string): Promise<Uint8Array | null>;
  /** Names with this prefix, in rising order. */
  list(prefix: string): Promise<string[]>;
  write(changes: readonly Change[], options?: CellWriteOptions): Promise<void>;
}

/** The platform's fetch. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A request key that the platform keeps and never gives away (a non-extractable WebCrypto key). */
export interface RequestKey {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The Ed25519 signature over a signature base, 64 bytes. */
  sign(base: Uint8Array): Promise<Uint8Array>;
}

/** Everything that a client takes from outside; core takes its randomness by itself. */
export interface World {
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly storage: Storage;
  /** HMAC over a slot's salt by a key that this device cannot give away; 32 bytes. */
  readonly deviceFactor: (salt: Uint8Array) => Promise<Uint8Array>;
  /** Left out where the platform keeps no keys: the request key is then sealed among the device's seeds. */
  readonly requestKey?: RequestKey;
}
