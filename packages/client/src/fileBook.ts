import type { FileId } from "@sinetti/core";
import type { Device } from "./device.ts";
import { loadFile, type KnownFile } from "./fileCache.ts";
import type { Clock } from "./world.ts";

/** Seconds that the keys of an opened file stay in memory at most (3-protocol §5). */
export const LEASE_SECONDS = 8 * 3600;
/** Seconds for which a vault that tells of new files is not asked again for one that it did not have. */
const ABSENT_SECONDS = 300;

/** Where a file lies. */
export interface FileRef {
  readonly file: FileId;
  readonly vault: "who" | "what";
}

/** The files of this session: verified chains and ciphertext from storage, keys in memory only. */
export class FileBook {
  readonly #device: Device;
  readonly #clock: Clock;
  readonly #files = new Map<FileId, KnownFile>();
  readonly #turns = new Map<FileId, Promise<unknown>>();
  /** By the vaults that tell of new files: which they did not have, and until when that is believed. */
  readonly #absent = new Map<string, Map<FileId, number>>();

  constructor(device: Device, clock: Clock) {
    this.#device = device;
    this.#clock = clock;
  }

  /** What this device knows of a file; null: nothing yet. Keys past their lease are dropped here. */
  async get({ file }: Pick<FileRef, "file">): Promise<KnownFile | null> {
    const held = this.#files.get(file) ?? (await loadFile(this.#device, file));
    if (held === null) return null;
    this.#files.set(file, held);
    if (held.leaseUntil <= this.#clock.now()) dropKeys(held);
    return held;
  }

  /** Remembers a file. */
  put(file: KnownFile): void {
    this.#files.set(file.file, file);
  }

  /** Starts or prolongs the lease of a file whose keys are there. */
  lease(file: KnownFile): void {
    file.leaseUntil = this.#clock.now() + LEASE_SECONDS;
  }

  /** A service tells of every new file from now on; nothing that was missed before it did is believed. */
  listen(service: string): void {
    this.#absent.set(service, new Map());
  }

  /** A service tells of nothing more. */
  stopListening(service: string): void {
    this.#absent.delete(service);
  }

  /** Remembers that a vault did not have a file, if it will tell of it. */
  miss({ file, vault }: FileRef): void {
    this.#absent.get(vault)?.set(file, this.#clock.now() + ABSENT_SECONDS);
  }

  /** Whether a vault is known not to have a file. */
  isAbsent({ file, vault }: FileRef): boolean {
    return (this.#absent.get(vault)?.get(file) ?? 0) > this.#clock.now();
  }

  /** Asks for a file again that was missed. */
  seek(file: FileId): void {
    for (const missed of this.#absent.values()) missed.delete(file);
  }

  /** Forgets what is in memory of one file, so that storage counts again. */
  forget(file: FileId): void {
    this.seek(file);
    const held = this.#files.get(file);
    if (held !== undefined) dropKeys(held);
    this.#files.delete(file);
  }

  /** Runs what changes a file one after the other, so that two writes of this device never race for one place. */
  async inTurn<T>(file: FileId, run: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(file) ?? Promise.resolve();
    const turn = before.then(run, run);
    this.#turns.set(
      file,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** Drops every key: lock, freeze, sign-out. */
  dropLeases(): void {
    for (const file of this.#files.values()) dropKeys(file);
  }
}

function dropKeys(file: KnownFile): void {
  for (const key of file.keys.values()) key.wipe();
  file.keys.clear();
  file.leaseUntil = 0;
}
