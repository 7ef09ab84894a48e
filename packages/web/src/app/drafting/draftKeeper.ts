import type { DraftOf, SavedOf } from "../../worker/desks/noteDesk.ts";

/** Where the newest words are: being written, at the vault, on this device alone, or nowhere but on the screen. */
export type KeptState = "saved" | "writing" | "kept-here" | "failed";

/** The ways out of the page. */
export interface KeeperDoors<B> {
  /** Keeps on this device, sealed. */
  readonly keep: (draft: DraftOf<B>) => Promise<void>;
  /** Saves at the vault; null: the draft is this device's alone. */
  readonly save: ((draft: DraftOf<B>) => Promise<SavedOf<B>>) | null;
  /** Joins what was typed since `sent` went out with what it and another device's came to. */
  readonly join: (sent: B, now: B, merged: B) => B;
}

/** What a keeper tells its editor. */
export interface KeeperEars<B> {
  readonly onState: (state: KeptState) => void;
  /** Another device wrote other parts: the editor shows both. */
  readonly onMerged: (body: B) => void;
  /** Another device wrote the same part, or signed: this draft goes on under an id of its own. */
  readonly onBeside: () => void;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds. */
export interface KeeperTimes {
  readonly afterTyping: number;
  readonly atMost: number;
  readonly again: number;
}

const TIMES: KeeperTimes = { afterTyping: 1_000, atMost: 5_000, again: 10_000 };

/**
 * Keeps one draft. Each change goes to this device's own cells at once, one write behind the other and only the newest of those that
 * wait; the vault gets it when the typing rests. Nothing here makes the typing wait.
 */
export class DraftKeeper<B> {
  #draft: DraftOf<B>;
  #isWritten = false;
  #isDirtyHere = false;
  #isDirtyThere = false;
  #isGivenUp = false;
  #keeping: Promise<void> | null = null;
  #saving: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #firstChange: number | null = null;
  readonly #doors: KeeperDoors<B>;
  readonly #ears: KeeperEars<B>;
  readonly #times: KeeperTimes;

  constructor(
    draft: DraftOf<B>,
    doors: KeeperDoors<B>,
    { times = TIMES, ...ears }: KeeperEars<B> & { readonly times?: KeeperTimes },
  ) {
    this.#draft = draft;
    this.#doors = doors;
    this.#ears = ears;
    this.#times = times;
  }

  /** The draft as it was last written. */
  get draft(): DraftOf<B> {
    return this.#draft;
  }

  /** Takes what the editor filled in by itself: nobody has written anything yet, so it waits for what is written first. */
  fill(body: B): void {
    if (this.#isWritten) return this.change(body);
    this.#draft = { id: this.#draft.id, body };
  }

  /** Takes what was typed. */
  change(body: B): void {
    this.#draft = { id: this.#draft.id, body };
    this.#isWritten = true;
    this.#isGivenUp = false;
    this.#isDirtyHere = true;
    this.#ears.onState("writing");
    void this.#keep();
    if (this.#doors.save === null) return;
    this.#isDirtyThere = true;
    const now = Date.now();
    this.#firstChange ??= now;
    const left = this.#firstChange + this.#times.atMost - now;
    this.#later(Math.max(0, Math.min(this.#times.afterTyping, left)));
  }

  /** Resolves when all that was typed is on this device; the vault is told, and not waited for. */
  async keepNow(): Promise<void> {
    if (this.#isDirtyThere) void this.#save();
    await this.#keep();
  }

  /** Resolves when the vault has answered for all that was typed. */
  async saveNow(): Promise<void> {
    if (this.#saving !== null) await this.#saving;
    if (this.#isDirtyThere) await this.#save();
  }

  /** Ends the timer; what was typed is on its way. */
  close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    return this.keepNow();
  }

  /** Gives the draft up: it was signed, or thrown away. */
  forget(): void {
    this.#isGivenUp = true;
    this.#isDirtyHere = false;
    this.#isDirtyThere = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #later(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), ms);
  }

  async #keep(): Promise<void> {
    this.#keeping ??= this.#keepAll().finally(() => {
      this.#keeping = null;
    });
    return this.#keeping;
  }

  async #keepAll(): Promise<void> {
    while (this.#isDirtyHere) {
      this.#isDirtyHere = false;
      try {
        await this.#doors.keep(this.#draft);
      } catch (error) {
        if (this.#isGivenUp) return;
        this.#isDirtyHere = true;
        this.#failed(error);
        return;
      }
    }
    if (this.#doors.save === null && !this.#isGivenUp) this.#ears.onState("kept-here");
  }

  async #save(): Promise<void> {
    const { save } = this.#doors;
    if (save === null) return this.#keep();
    this.#saving ??= this.#saveOnce(save).finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #saveOnce(save: NonNullable<KeeperDoors<B>["save"]>): Promise<void> {
    const sent = this.#draft;
    this.#isDirtyThere = false;
    this.#firstChange = null;
    try {
      const saved = await save(sent);
      this.#take(sent, saved);
    } catch (error) {
      this.#isDirtyThere = true;
      this.#failed(error);
    }
  }

  #take(sent: DraftOf<B>, { state, id, body, isKeptHere }: SavedOf<B>): void {
    const isNewer = this.#isDirtyThere;
    if (state === "merged") {
      const both = this.#doors.join(sent.body, this.#draft.body, body);
      this.#draft = { id, body: both };
      this.#ears.onMerged(both);
    }
    if (state === "beside") {
      this.#draft = { ...this.#draft, id };
      this.#ears.onBeside();
    }
    if (isNewer) return this.#later(this.#times.afterTyping);
    this.#ears.onState(isKeptHere ? "kept-here" : "saved");
    if (!isKeptHere) return;
    // The vault does not take it now: asked again until it does.
    this.#isDirtyThere = true;
    this.#later(this.#times.again);
  }

  #failed(error: unknown): void {
    this.#ears.onState("failed");
    this.#ears.onError(error);
    this.#later(this.#times.again);
  }
}
