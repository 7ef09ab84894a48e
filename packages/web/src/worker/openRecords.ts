import {
  ClientError,
  DraftDesk,
  flushOutbox,
  isRefusal,
  mustWait,
  openInCrisis,
  openRecord,
  viewRecord,
  type Client,
  type KnownFile,
  type OpenedRecord,
} from "@sinetti/client";

import { DeskError } from "./deskFault.ts";
import type { Session } from "./session.ts";

/** The records that an unlocked session has open, and the drafts that it writes; gone with the lock. */
export class OpenRecords {
  readonly drafts: DraftDesk;
  readonly #client: Client;
  readonly #held = new Map<string, OpenedRecord>();
  /** Two parts of a screen that ask at once get one opening. */
  readonly #opening = new Map<string, Promise<OpenedRecord>>();
  /** Drafts that were signed here and that no vault holds yet. */
  readonly #waiting = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
    this.drafts = new DraftDesk(client);
  }

  /** Opens a record, or, while its keys are in memory, asks the vaults alone for what is new. Where that is refused nothing of it is held. */
  async open(patient: string): Promise<OpenedRecord> {
    const under = this.#opening.get(patient);
    if (under !== undefined) return under;
    const opening = this.#take(patient, () => this.#openOnce(patient)).finally(() => {
      this.#opening.delete(patient);
    });
    this.#opening.set(patient, opening);
    return opening;
  }

  async #openOnce(patient: string): Promise<OpenedRecord> {
    const ask = { patient };
    const record = await openRecord(this.#client, this.drafts, ask);
    if (this.#waiting.size === 0 && !record.drafts.some(({ isKeptHere }) => isKeptHere))
      return record;
    // A vault that answers takes what waited for it.
    await flushOutbox(this.#client.context);
    await this.drafts.settle();
    this.#waiting.clear();
    return openRecord(this.#client, this.drafts, ask);
  }

  /** Opens the record of a patient in crisis; the reason stands in it from then on. */
  async openInCrisis(patient: string, reason: string): Promise<OpenedRecord> {
    const wish = { patient, reason };
    return this.#take(
      patient,
      async () => (await openInCrisis(this.#client, this.drafts, wish)).record,
    );
  }

  /** A record as this session holds it, without a request; opened where it is not. */
  async held(patient: string): Promise<OpenedRecord> {
    return this.#held.get(patient) ?? this.open(patient);
  }

  /** A record as this session holds it; null: it holds none. */
  heldNow(patient: string): OpenedRecord | null {
    return this.#held.get(patient) ?? null;
  }

  /** A record with what was written here since. */
  async seen(patient: string): Promise<OpenedRecord> {
    const record = await this.held(patient);
    return { ...record, ...viewRecord(this.#client, record.files, record.drafts) };
  }

  /** Lets go of a record that is erased. */
  forget(patient: string): void {
    this.#held.delete(patient);
  }

  /** The care file of a record. Error: `refused` where it is not open. */
  async care(patient: string): Promise<KnownFile> {
    const { files } = await this.held(patient);
    if (files.care === undefined) throw new DeskError({ code: "refused", problem: "not-granted" });
    return files.care;
  }

  /** Remembers that a signed draft waits on this device. */
  wait(draft: string): void {
    this.#waiting.add(draft);
  }

  isWaiting(draft: string): boolean {
    return this.#waiting.has(draft);
  }

  async #take(patient: string, open: () => Promise<OpenedRecord>): Promise<OpenedRecord> {
    try {
      const record = await open();
      this.#held.set(patient, record);
      return record;
    } catch (error) {
      // What is open stays open for writing while a service is silent, and under a freeze.
      if (!mustWait(error) && !isFrozen(error)) this.#held.delete(patient);
      throw error;
    }
  }
}

/** The gate's word, or a vault's. */
const isFrozen = (error: unknown): boolean =>
  isRefusal(error, "frozen") || (error instanceof ClientError && error.detail === "gate: frozen");

const recordsByClient = new WeakMap<Client, OpenRecords>();

/** The open records of the session as it is unlocked now. */
export function recordsOf({ client }: Session): OpenRecords {
  const records = recordsByClient.get(client) ?? new OpenRecords(client);
  recordsByClient.set(client, records);
  return records;
}
