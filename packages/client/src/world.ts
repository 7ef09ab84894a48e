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

/** Named cells of this device. A write is all or nothing and survives a crash once it has returned. */
export interface Storage {
  get(name: string): Promise<Uint8Array | null>;
  /** Names with this prefix, in rising order. */
  list(prefix: string): Promise<string[]>;
  write(changes: readonly Change[]): Promise<void>;
}

/** The platform's fetch. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Everything that a client takes from outside; core takes its randomness by itself. */
export interface World {
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly storage: Storage;
  /** HMAC over a slot's salt by a key that this device cannot give away; 32 bytes. */
  readonly deviceFactor: (salt: Uint8Array) => Promise<Uint8Array>;
}
