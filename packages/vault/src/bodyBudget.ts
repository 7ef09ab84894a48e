/** Bytes of bodies that may be held at once. */
export interface BodyLimits {
  readonly each: number;
  readonly inAll: number;
}

/** Bytes of request bodies that are held now, for each name and in all. */
export class BodyBudget {
  readonly #limits: BodyLimits;
  readonly #byName = new Map<string, number>();
  #inAll = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Whether so many more fit; takes them when they do. */
  take(name: string, bytes: number): boolean {
    const own = (this.#byName.get(name) ?? 0) + bytes;
    if (own > this.#limits.each || this.#inAll + bytes > this.#limits.inAll) return false;
    this.#byName.set(name, own);
    this.#inAll += bytes;
    return true;
  }

  give(name: string, bytes: number): void {
    const own = (this.#byName.get(name) ?? 0) - bytes;
    if (own > 0) this.#byName.set(name, own);
    else this.#byName.delete(name);
    this.#inAll -= bytes;
  }
}
