/** One thing that a client began or finished, as it reported it; `key` is unique for the work. */
export type Reported =
  | { readonly what: "note"; readonly done: boolean; readonly file: string; readonly key: string }
  /** Not acknowledged, but its device said that it is kept and goes out later. */
  | { readonly what: "kept"; readonly done: false; readonly file: string; readonly key: string }
  | { readonly what: "file"; readonly done: boolean; readonly key: string }
  | {
      readonly what: "access";
      readonly done: boolean;
      readonly key: string;
      readonly file: string;
      readonly colleague: string;
      readonly given: boolean;
    };

/** What a client found in one file at the end: the keys of its notes, in the order of the chain. */
export interface Found {
  readonly reader: string;
  readonly file: string;
  /** Whether the client holds it, also where a budget keeps it closed for now. */
  readonly isGranted: boolean;
  /** Null: it did not open. */
  readonly notes: readonly string[] | null;
}

/** Something that should not be; `why` is one of a closed list, `where` names ids alone. */
export interface Anomaly {
  readonly why:
    | "lost"
    | "doubled"
    | "reordered"
    | "never-written"
    | "not-openable"
    | "not-granted"
    | "still-granted";
  readonly where: string;
}

/** The number of a note among those of its writer: keys are `writer:number`. */
function numberOf(key: string): { writer: string; number: number } {
  const [writer = "", number = ""] = key.split(":");
  return { writer, number: Number(number) };
}

/** Everything that the clients reported, in the order in which it came. */
export class History {
  readonly #begun = new Map<string, Reported>();
  readonly #done = new Map<string, Reported>();
  readonly #kept = new Map<string, Reported>();

  add(reported: Reported): void {
    if (reported.what === "kept") this.#kept.set(reported.key, reported);
    else (reported.done ? this.#done : this.#begun).set(reported.key, reported);
  }

  /** How much work was acknowledged. */
  get acknowledged(): number {
    return this.#done.size;
  }

  /** How much was cut off after a device had kept it: it stands there once, wherever among the others. */
  get kept(): number {
    return this.#kept.size;
  }

  /** How much was begun, and neither acknowledged nor kept: it may stand there once, or not at all. */
  get open(): number {
    const isOpen = (key: string): boolean => !this.#done.has(key) && !this.#kept.has(key);
    return [...this.#begun.keys()].filter(isOpen).length;
  }

  /** Compares what was acknowledged with what is there. */
  check(found: readonly Found[]): Anomaly[] {
    return [...this.#checkNotes(found), ...this.#checkFiles(found), ...this.#checkAccess(found)];
  }

  #checkNotes(found: readonly Found[]): Anomaly[] {
    const anomalies: Anomaly[] = [];
    const seen = new Map<string, ReadonlySet<string>>();
    for (const { file, notes } of found) {
      if (notes === null) continue;
      seen.set(file, new Set(notes));
      anomalies.push(...this.#checkOrder(file, notes));
    }
    for (const reported of [...this.#done.values(), ...this.#kept.values()])
      if (
        (reported.what === "note" || reported.what === "kept") &&
        seen.get(reported.file)?.has(reported.key) !== true
      )
        anomalies.push({ why: "lost", where: `${reported.file} ${reported.key}` });
    return anomalies;
  }

  #checkOrder(file: string, notes: readonly string[]): Anomaly[] {
    const anomalies: Anomaly[] = [];
    const seen = new Set<string>();
    const last = new Map<string, number>();
    for (const key of notes) {
      const where = `${file} ${key}`;
      if (seen.has(key)) anomalies.push({ why: "doubled", where });
      seen.add(key);
      if (!this.#begun.has(key)) anomalies.push({ why: "never-written", where });
      if (!this.#done.has(key)) continue;
      const { writer, number } = numberOf(key);
      if (number < (last.get(writer) ?? -1)) anomalies.push({ why: "reordered", where });
      last.set(writer, number);
    }
    return anomalies;
  }

  #checkFiles(found: readonly Found[]): Anomaly[] {
    const opened = new Set(found.flatMap(({ file, notes }) => (notes === null ? [] : [file])));
    return [...this.#done.values()]
      .filter(({ what, key }) => what === "file" && !opened.has(key))
      .map(({ key }): Anomaly => ({ why: "not-openable", where: key }));
  }

  /** The last word on each colleague and file stands; a later one that was never acknowledged leaves it open. */
  #checkAccess(found: readonly Found[]): Anomaly[] {
    const last = new Map<string, Extract<Reported, { what: "access" }>>();
    for (const reported of this.#begun.values())
      if (reported.what === "access") last.set(`${reported.file} ${reported.colleague}`, reported);
    const held = new Set(
      found.flatMap(({ reader, file, isGranted }) => (isGranted ? [`${file} ${reader}`] : [])),
    );
    return [...last].flatMap(([where, { key, given }]): Anomaly[] =>
      this.#done.has(key) && held.has(where) !== given
        ? [{ why: given ? "not-granted" : "still-granted", where }]
        : [],
    );
  }
}
