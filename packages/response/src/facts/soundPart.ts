import { factsFileSchema, type FactsFile } from "./factsFile.ts";

/** The entries of a file whose shape is sound. */
export interface SoundPart {
  readonly file: FactsFile;
  /** Where the kept entries of each list stood in the whole file. */
  readonly indexes: ReadonlyMap<string, readonly number[]>;
  /** Ids of the entries that were left out. */
  readonly leftOut: ReadonlySet<string>;
}

const standIn: Readonly<Record<string, unknown>> = {
  sinettiFacts: 1,
  title: "-",
  compiled: "2000-01-01",
  recordedBy: "-",
  sources: [],
  facts: [],
};

function idOf(entry: unknown): string | undefined {
  const id = typeof entry === "object" && entry !== null && "id" in entry ? entry.id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** Leaves out what the issues are about, so that references are checked although something else is wrong. */
export function soundPart(
  content: unknown,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): SoundPart | undefined {
  if (typeof content !== "object" || content === null || Array.isArray(content)) return undefined;
  const left: Record<string, unknown> = { ...content };
  const dropped = new Map<string, Set<number>>();
  for (const { path } of issues) {
    const name = String(path[0] ?? "");
    if (typeof path[1] === "number" && Array.isArray(left[name]))
      dropped.set(name, (dropped.get(name) ?? new Set()).add(path[1]));
    else if (name in standIn) left[name] = standIn[name];
    else delete left[name];
  }
  const known = new Set(Object.keys(factsFileSchema.shape));
  for (const name of Object.keys(left)) if (!known.has(name)) delete left[name];
  const indexes = new Map<string, number[]>();
  const leftOut = new Set<string>();
  for (const [name, entries] of Object.entries(left)) {
    if (!Array.isArray(entries)) continue;
    const gone = dropped.get(name) ?? new Set();
    indexes.set(
      name,
      [...entries.keys()].filter((index) => !gone.has(index)),
    );
    for (const index of gone) leftOut.add(idOf(entries[index]) ?? "");
    left[name] = entries.filter((_, index) => !gone.has(index));
  }
  // An empty list of sources is refused by the shape, and not what this is about.
  const schema = factsFileSchema.extend({ sources: factsFileSchema.shape.sources.min(0) });
  const parsed = schema.safeParse(left);
  return parsed.success ? { file: parsed.data, indexes, leftOut } : undefined;
}
