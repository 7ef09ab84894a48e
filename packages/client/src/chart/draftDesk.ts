import type { DraftId, EntryId, FileId } from "@sinetti/core";
import { isSameDraft, mergeDrafts, type DraftBody } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { dropDraft, generateDraftId, openDrafts, readDrafts, saveDraft } from "../drafts.ts";
import { ClientError, ServiceRefusal, hardStop, isRefusal, mustWait } from "../errors.ts";
import type { SealedDrafts } from "../fetchFiles.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import type { Change } from "../world.ts";
import { decodeDraft, encodeDraft, keepCell, readCells, strikeCell } from "./draftCell.ts";
import { isSignedAs } from "./signedDraft.ts";
import { markUnfinished } from "./unfinished.ts";

/** A draft as an editor holds it. */
export interface OpenDraft {
  readonly id: DraftId;
  readonly file: FileId;
  readonly body: DraftBody;
  /** Whether the newest form of it lies on this device alone. */
  readonly isKeptHere: boolean;
}

/** What became of a save; nothing that was typed is lost in any of them. */
export type SavedDraft =
  /** The vault holds it. */
  | { readonly state: "saved"; readonly draft: OpenDraft }
  /** Another device had changed other parts of it: the draft holds both, and the editor shows it anew. */
  | { readonly state: "merged"; readonly draft: OpenDraft }
  /**
   * Another device had changed the same part (`other`), or had signed or dropped the draft (null): what was written here is a draft of
   * its own now.
   */
  | { readonly state: "beside"; readonly draft: OpenDraft; readonly other: OpenDraft | null }
  /** It waits on this device, sealed: the record is not open, a service does not answer, or it refuses. */
  | { readonly state: "kept-here"; readonly draft: OpenDraft; readonly why: string };

/** What the vault held when this device last heard of a draft. */
interface Heard {
  readonly revision: number;
  readonly base: DraftBody | null;
}

const NOTHING: Heard = { revision: 0, base: null };
const TRIES = 5;

/**
 * The drafts that this device writes. Each save is kept on this device before it goes to the vault, and struck here once the vault has
 * it; saves of one draft go one after the other, each on what the one before came to.
 */
export class DraftDesk {
  readonly #client: Client;
  readonly #heard = new Map<DraftId, Heard>();
  readonly #marked = new Map<DraftId, string>();
  readonly #turns = new Map<DraftId, Promise<unknown>>();
  /** What was typed last: a save that is under way with older words must not take its cell away. */
  readonly #newest = new Map<DraftId, DraftBody>();

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * The drafts of an open file: those of the vault, and in their place those of this device that are newer. What was signed already is
   * left out; `sealed` are the vault's where the opening brought them.
   */
  async restore(file: KnownFile, sealed: SealedDrafts | null): Promise<OpenDraft[]> {
    const { context } = this.#client;
    const [atVault, here] = await Promise.all([
      sealed === null ? readDrafts(context, file) : openDrafts(file, sealed),
      readCells(context.device, file.file),
    ]);
    const found = new Map<DraftId, OpenDraft>();
    const signed = entriesOf(file);
    for (const { id, revision, body: bytes } of atVault) {
      const body = bodyOf(bytes);
      // What was saved after the draft was signed is still somebody's work.
      if (signed.has(id) && isSignedAs(context, file, { entry: id, draft: body })) {
        await this.#clear(file, { draft: id, revision });
        continue;
      }
      this.#heard.set(id, { revision, base: body });
      found.set(id, { id, file: file.file, body, isKeptHere: false });
    }
    const struck: Change[] = [];
    for (const cell of here) {
      const { id, revision, base, body } = cell;
      if (signed.has(id) && isSignedAs(context, file, { entry: id, draft: body })) {
        struck.push(strikeCell(file.file, id));
        continue;
      }
      const heard = this.#heard.get(id);
      // A later revision than this device wrote upon: the next save finds both, and joins or keeps them.
      if (heard?.revision !== revision) this.#heard.set(id, { revision, base });
      found.set(id, { id, file: file.file, body, isKeptHere: true });
    }
    if (struck.length > 0) await context.device.write(struck);
    return [...found.values()].sort((a, b) => (a.body.at < b.body.at ? -1 : 1));
  }

  /** Saves a draft; `id` null begins one. Debouncing is the caller's. Error of practice: `record-invalid`. */
  async save(
    ref: FileRef,
    { id, body }: { id: DraftId | null; body: DraftBody },
  ): Promise<SavedDraft> {
    const draft = id ?? generateDraftId();
    await this.keep(ref, { id: draft, body });
    return this.#inTurn(draft, () => this.#send(ref, draft, body));
  }

  /**
   * Keeps what was typed on this device, without waiting for a save that is under way: for every keystroke, where `save` is for rests.
   * Error of practice: `record-invalid`.
   */
  async keep(
    { file }: Pick<FileRef, "file">,
    { id, body }: Pick<OpenDraft, "id" | "body">,
  ): Promise<void> {
    const { device } = this.#client.context;
    const cell = { file, id, ...(this.#heard.get(id) ?? NOTHING), body };
    const change = keepCell(device, cell);
    this.#newest.set(id, body);
    await device.write([change]);
  }

  /** Throws a draft away, here and at the vault. ServiceRefusal `conflict`: another device saved since; nothing is dropped. */
  async drop({ file, vault }: FileRef, id: DraftId): Promise<void> {
    await this.#inTurn(id, async () => {
      const { context } = this.#client;
      const known = await context.files.get({ file });
      if (known === null) throw new ClientError("unknown-record", { detail: vault });
      const { revision } = this.#heard.get(id) ?? NOTHING;
      await dropDraft(context, known, { draft: id, ...(revision === 0 ? {} : { revision }) });
      this.#heard.delete(id);
      this.#newest.delete(id);
      await context.device.write([strikeCell(file, id)]);
    });
  }

  /** Drops what is left of a draft that was signed; what another device saved since stays, and so does what no service takes now. */
  async clear(file: KnownFile, id: DraftId): Promise<void> {
    await this.#inTurn(id, async () => {
      const { revision } = this.#heard.get(id) ?? NOTHING;
      if (revision > 0) await this.#clear(file, { draft: id, revision });
      this.#newest.delete(id);
      await this.#client.context.device.write([strikeCell(file.file, id)]);
    });
  }

  async #clear(file: KnownFile, which: { draft: DraftId; revision: number }): Promise<void> {
    try {
      await dropDraft(this.#client.context, file, which);
      this.#heard.delete(which.draft);
    } catch (error) {
      if (!mustWait(error) && !isRefusal(error)) throw error;
    }
  }

  /** Sends what waits on this device, of every file that is open: after an outage, a crash or a thaw. */
  async settle(): Promise<SavedDraft[]> {
    const { context } = this.#client;
    const saved: SavedDraft[] = [];
    for (const { file, id, revision, base, body } of await readCells(context.device)) {
      const known = await context.files.get({ file });
      if (known === null || known.keys.size === 0) continue;
      if (!this.#heard.has(id)) this.#heard.set(id, { revision, base });
      saved.push(await this.#inTurn(id, () => this.#send(known, id, body)));
    }
    return saved;
  }

  async #inTurn<T>(id: DraftId, run: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(run, run);
    this.#turns.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #send(ref: FileRef, id: DraftId, body: DraftBody): Promise<SavedDraft> {
    const { context } = this.#client;
    const draft = { id, file: ref.file, body, isKeptHere: true };
    const file = await context.files.get(ref);
    if (file === null || file.keys.size === 0) return { state: "kept-here", draft, why: "closed" };
    try {
      return await this.#put(file, id, body);
    } catch (error) {
      if (!mustWait(error) && !isRefusal(error)) throw error;
      const why = error instanceof ServiceRefusal ? error.problem : (error as ClientError).code;
      return { state: "kept-here", draft, why };
    }
  }

  async #put(file: KnownFile, id: DraftId, body: DraftBody): Promise<SavedDraft> {
    let now = body;
    for (let tries = 0; ; tries++) {
      try {
        const state = now === body ? "saved" : "merged";
        return { state, draft: await this.#store(file, id, now) };
      } catch (error) {
        if (!isRefusal(error, "conflict") || tries >= TRIES) throw error;
      }
      const theirs = await this.#hear(file, id);
      const { base } = this.#heard.get(id) ?? NOTHING;
      const merged = theirs === null ? null : mergeDrafts(base, now, theirs.body);
      if (theirs === null || merged?.ok !== true)
        return this.#fork(file, id, { body: now, theirs });
      this.#heard.set(id, { revision: theirs.revision, base: theirs.body });
      if (isSameDraft(merged.value, theirs.body)) {
        await this.#settled(file, id, now);
        return { state: now === body ? "saved" : "merged", draft: opened(file, id, theirs.body) };
      }
      // Where more was typed since, the cell holds that.
      const isNewest = this.#isNewest(id, now);
      now = merged.value;
      if (isNewest) await this.keep(file, { id, body: now });
    }
  }

  /** What the vault holds under this id; null: nothing, or the draft was signed. */
  async #hear(file: KnownFile, id: DraftId): Promise<{ revision: number; body: DraftBody } | null> {
    const drafts = await readDrafts(this.#client.context, file);
    const found = drafts.find((each) => each.id === id);
    return found === undefined ? null : { revision: found.revision, body: bodyOf(found.body) };
  }

  /** Both are kept: what was written here gets a place of its own, first on this device, in the write that gives up the old one. */
  async #fork(
    file: KnownFile,
    id: DraftId,
    { body, theirs }: { body: DraftBody; theirs: { revision: number; body: DraftBody } | null },
  ): Promise<SavedDraft> {
    const { device } = this.#client.context;
    const own = generateDraftId();
    const newest = this.#newest.get(id) ?? body;
    const cell = { file: file.file, id: own, ...NOTHING, body: newest };
    this.#newest.set(own, newest);
    this.#newest.delete(id);
    await device.write([keepCell(device, cell), strikeCell(file.file, id)]);
    if (theirs === null) this.#heard.delete(id);
    else this.#heard.set(id, { revision: theirs.revision, base: theirs.body });
    const draft = await this.#store(file, own, body);
    return {
      state: "beside",
      draft,
      other: theirs === null ? null : opened(file, id, theirs.body),
    };
  }

  /** The vault holds `body`: its cell is struck, or holds what was typed since, upon what the vault has now. */
  async #settled(file: KnownFile, id: DraftId, body: DraftBody): Promise<void> {
    const newest = this.#newest.get(id);
    if (newest !== undefined && !this.#isNewest(id, body))
      return this.keep(file, { id, body: newest });
    this.#newest.delete(id);
    await this.#client.context.device.write([strikeCell(file.file, id)]);
  }

  #isNewest(id: DraftId, body: DraftBody): boolean {
    const newest = this.#newest.get(id);
    return newest === undefined || newest === body || isSameDraft(newest, body);
  }

  async #store(file: KnownFile, id: DraftId, body: DraftBody): Promise<OpenDraft> {
    const { revision: before } = this.#heard.get(id) ?? NOTHING;
    const { revision } = await saveDraft(this.#client.context, file, {
      draft: { id, revision: before },
      body: encodeDraft(body),
    });
    this.#heard.set(id, { revision, base: body });
    await this.#settled(file, id, body);
    await this.#mark(file, id, body);
    return opened(file, id, body);
  }

  /** The caseload shows a note that was begun, once for each day that it is about. */
  async #mark(file: KnownFile, id: DraftId, body: DraftBody): Promise<void> {
    if (body.type !== "noteDraft" || body.amends !== undefined) return;
    const sessionDate = body.session.date;
    if (this.#marked.get(id) === sessionDate) return;
    await markUnfinished(this.#client, file.file, { sessionDate, draft: id });
    this.#marked.set(id, sessionDate);
  }
}

function opened(file: KnownFile, id: DraftId, body: DraftBody): OpenDraft {
  return { id, file: file.file, body, isKeptHere: false };
}

function bodyOf(bytes: Uint8Array): DraftBody {
  try {
    return decodeDraft(bytes);
  } catch (cause) {
    throw hardStop("a draft is none", cause);
  }
}

/** A signed draft's entry has the draft's id. */
function entriesOf(file: KnownFile): Set<string> {
  return new Set(file.links.flatMap(({ body }) => body.entries.map(({ id }): EntryId => id)));
}
