import {
  ServiceRefusal,
  openFiles,
  readEntries,
  type Client,
  type FileRef,
  type KnownFile,
} from "@sinetti/client";
import { FILE_AUTHORITY, type CaseId, type Compartment, type Purpose } from "@sinetti/core";

/** Patients of whom something was opened, by the budget that counts it. */
export interface Records {
  readonly care: number;
  readonly identity: number;
}

/** One file that a session sees. */
export interface Target extends FileRef {
  readonly compartment: Compartment;
}

/** Opens files through a session that is not its own, one after the other, and counts what it got. */
export class Robber {
  readonly client: Client;
  readonly #cases = { care: new Set<CaseId>(), identity: new Set<CaseId>() };
  readonly #refusals = new Map<string, number>();
  files = 0;
  entries = 0;
  asked = 0;
  /** What was out when the gate refused for the first time. */
  first: { readonly code: string; readonly records: Records } | null = null;
  /** What was out when the session was told that a budget is nearly spent. */
  warned: Records | null = null;

  constructor(client: Client) {
    this.client = client;
  }

  get records(): Records {
    return { care: this.#cases.care.size, identity: this.#cases.identity.size };
  }

  get refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals);
  }

  /** Takes one file: the gate's half, the vault's boxes, and every entry opened. Gives the gate's or the vault's word. */
  async take(target: Target, purpose: Purpose): Promise<string> {
    this.asked++;
    let isWarned = false;
    const outcome = await this.#open(target, purpose, () => (isWarned = true));
    if (isWarned) this.warned ??= this.records;
    if (outcome === "released") return outcome;
    this.first ??= { code: outcome, records: this.records };
    this.#refusals.set(outcome, (this.#refusals.get(outcome) ?? 0) + 1);
    return outcome;
  }

  async #open(target: Target, purpose: Purpose, onWarn: () => void): Promise<string> {
    const { context } = this.client;
    try {
      const [opened] = await openFiles(context, [target], { purpose, onWarn });
      if (opened === undefined || opened.file === null) return opened?.outcome ?? "unknown-file";
      this.#count(target, opened.file);
      context.files.forget(target.file);
      return "released";
    } catch (error) {
      if (error instanceof ServiceRefusal) return error.problem;
      throw error;
    }
  }

  #count({ compartment }: Target, file: KnownFile): void {
    this.files++;
    this.entries += readEntries(this.client.context, file).length;
    const { counted } = FILE_AUTHORITY[compartment];
    if (counted !== "not" && file.access.case !== null) this.#cases[counted].add(file.access.case);
  }
}
