import {
  ClientError,
  appendEntries,
  createFiles,
  generateCaseId,
  grantFiles,
  listGranted,
  memberGrant,
  mustWait,
  openFiles,
  readEntries,
  revokeGrant,
  saveDraft,
  type Client,
  type FileRef,
  type KnownFile,
} from "@sinetti/client";
import { RIGHTS, type FileId, type MemberId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";

import type { Random } from "../synthetic/random.ts";
import type { Found, Reported } from "./history.ts";

/** Who works, and on what. */
export interface LoadOptions {
  readonly random: Random;
  /** Of this writer; numbers of notes go on from `from`. */
  readonly name: string;
  readonly from: number;
  readonly shared: readonly FileId[];
  readonly colleague: MemberId;
  /** Called before a piece of work and once it has been acknowledged; what it gives has left the program when it returns. */
  readonly report: (reported: Reported) => void;
  /** Codes of failures that are no fault of the records. */
  readonly onFailure: (code: string) => void;
  readonly isStopped: () => boolean;
}

const inWhat = (file: FileId): FileRef => ({ file, vault: "what" });
const text = new TextEncoder();

/** A member at work among faults: notes in files of their own and in files that others write too, new files, access given and taken. */
export class MixedLoad {
  readonly #client: Client;
  readonly #options: LoadOptions;
  readonly #own: FileId[] = [];
  #number: number;

  constructor(client: Client, options: LoadOptions) {
    this.#client = client;
    this.#options = options;
    this.#number = options.from;
  }

  async run(): Promise<void> {
    const { random, isStopped, onFailure } = this.#options;
    await this.#resume();
    while (!isStopped()) {
      try {
        await this.#step(random.between(1, 20));
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        if (error.code === "verification-failed") throw error;
        onFailure(error.detail === null ? error.code : `${error.code} ${error.detail}`);
        await this.#resume();
      }
    }
  }

  /** Finishes what was left; a service that is away leaves it for the next time, a failed check ends the run. */
  async #resume(): Promise<void> {
    try {
      await this.#client.resume();
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === "verification-failed") throw error;
    }
  }

  #step(dice: number): Promise<void> {
    const { random, shared } = this.#options;
    const own = this.#own.length === 0 ? null : random.pick(this.#own);
    if (own === null || dice === 1) return this.#create();
    if (dice <= 3) return this.#changeAccess(own, dice === 2);
    if (dice === 4) return this.#draft(own);
    return this.#write(dice <= 10 ? random.pick(shared) : own);
  }

  async #open(file: FileId): Promise<KnownFile> {
    const [opened] = await openFiles(this.#client.context, [inWhat(file)], { purpose: "session" });
    if (opened?.file === undefined || opened.file === null)
      throw new ClientError("refused", { detail: opened?.outcome ?? "nothing" });
    return opened.file;
  }

  #key(): string {
    return `${this.#options.name}:${this.#number++}`;
  }

  async #write(id: FileId): Promise<void> {
    const { report } = this.#options;
    const file = await this.#open(id);
    const note = { what: "note", file: id, key: this.#key() } as const;
    report({ ...note, done: false });
    const entry = { id: generateEntryId(), class: "entry" as const, body: text.encode(note.key) };
    try {
      await appendEntries(this.#client.context, [{ file, entries: [entry] }]);
    } catch (error) {
      if (mustWait(error)) report({ ...note, what: "kept", done: false });
      throw error;
    }
    report({ ...note, done: true });
  }

  async #create(): Promise<void> {
    const { report } = this.#options;
    const [file] = await createFiles(this.#client.context, [
      { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
    ]);
    if (file === undefined) throw new TypeError("one file was asked for");
    this.#own.push(file.file);
    report({ what: "file", key: file.file, done: true });
  }

  async #changeAccess(id: FileId, given: boolean): Promise<void> {
    const { report, colleague } = this.#options;
    const { context } = this.#client;
    const file = await this.#open(id);
    const change = { what: "access", file: id, colleague, given, key: this.#key() } as const;
    const subject = { type: "member", id: colleague } as const;
    const isGiven = file.access.grants.some(
      ({ grant, until }) => until === null && grant.subject.id === colleague,
    );
    if (isGiven === given) return;
    report({ ...change, done: false });
    if (given)
      await grantFiles(
        context,
        [file],
        memberGrant(context, { member: colleague, rights: RIGHTS.read, reason: "care" }),
      );
    else await revokeGrant(context, inWhat(id), subject);
    report({ ...change, done: true });
  }

  async #draft(id: FileId): Promise<void> {
    const file = await this.#open(id);
    await saveDraft(this.#client.context, file, { draft: null, body: text.encode("draft") });
  }
}

/** What a member finds at the end in every file of vault what that they may open. */
export async function findAll(client: Client): Promise<Found[]> {
  const { context } = client;
  const granted = await listGranted(context, "what");
  const opened = await openFiles(context, granted, { purpose: "session" });
  const decoder = new TextDecoder();
  return opened.map(({ ref, outcome, file }) => ({
    reader: client.member,
    file: ref.file,
    isGranted: outcome === "released" || outcome === "over-budget",
    notes:
      file === null ? null : readEntries(context, file).map(({ body }) => decoder.decode(body)),
  }));
}
