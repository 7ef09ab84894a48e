/** One look at a time at each database. Who asks while one is under way shares the next, since that one may have passed by what they ask for. */
export class LookTurns {
  readonly #last = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /** Settles when a look that began after this call is done. */
  take(database: string, look: () => Promise<void>): Promise<void> {
    const waiting = this.#next.get(database);
    if (waiting !== undefined) return waiting;
    const turn = this.#after(this.#last.get(database), database, look);
    this.#next.set(database, turn);
    this.#last.set(
      database,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #after(
    before: Promise<void> | undefined,
    database: string,
    look: () => Promise<void>,
  ): Promise<void> {
    await before;
    this.#next.delete(database);
    await look();
  }

  /** Settles when nothing that was asked for until now is under way. */
  async rest(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
