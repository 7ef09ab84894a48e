import { z } from "zod";
import { originActivity, type Origin } from "../records/origin.ts";
import { isRecord, type BundleItem, type PatientBundle } from "./bundle.ts";
import { toLine, withoutUndefined } from "./elements.ts";
import type { MappedBundle } from "./mapBundle.ts";
import type { MappedRecord } from "./mapping.ts";
import { SYSTEM } from "./out/vocabulary.ts";
import { frameOf } from "./readOwn.ts";

const ENTRY_FORM = /^[0-9a-f]{32}$/;
/** Lines of one origin entry. */
const LINES_MAX = 500;

/** An entry of another practice, and the draft that it is here. */
export interface EntryAlias {
  from: string;
  compartment: MappedRecord["compartment"];
  sourceId: string;
}

const provenance = z.object({
  target: z.array(
    z.object({
      reference: z.string().optional(),
      identifier: z.object({ system: z.string(), value: z.string().regex(ENTRY_FORM) }),
      display: z.string().optional(),
    }),
  ),
  recorded: z.iso.datetime({ offset: true }),
  activity: z.object({ coding: z.array(z.object({ system: z.string(), code: z.string() })) }),
  agent: z.array(
    z.object({
      who: z.object({
        reference: z.string().optional(),
        identifier: z.object({ value: z.string() }).optional(),
        display: z.string().optional(),
      }),
      onBehalfOf: z.object({ display: z.string() }).optional(),
    }),
  ),
});

/** Who did what to an entry, and which resource it became, as an export of ours tells it. */
export interface ToldAct {
  entry: string;
  /** The source id under which an import of the bundle makes the entry again. */
  sourceId: string | undefined;
  did: Origin["lines"][number]["did"];
  on: string;
  by: string | undefined;
  name: string | undefined;
  practice: string;
}

/** The acts that the Provenance resources of an export of ours tell; what is not ours is passed over. */
export function readActs(items: readonly BundleItem[], bundle: PatientBundle): ToldAct[] {
  const organization = bundle.items.find(
    (item) => frameOf(item) === "staff" && item.resource.resourceType === "Organization",
  );
  const practice = textOf(organization?.resource["name"]) ?? "–";
  return items.flatMap((item) => {
    const told = provenance.safeParse(item.resource).data;
    const [agent] = told?.agent ?? [];
    const code = told?.activity.coding.find(({ system }) => system === SYSTEM.activity)?.code;
    const did = originActivity.options.find((each) => each === code);
    if (told === undefined || agent === undefined || did === undefined) return [];
    const { who, onBehalfOf } = agent;
    const person = bundle.resolve(who.reference);
    const by = who.identifier?.value ?? person?.resource.id;
    return told.target.map(({ reference, identifier, display }) => ({
      entry: identifier.value,
      sourceId: display ?? bundle.resolve(reference)?.sourceId,
      did,
      on: told.recorded,
      by: by !== undefined && ENTRY_FORM.test(by) ? by : undefined,
      name: toLine(who.display) ?? nameOf(person),
      practice: toLine(onBehalfOf?.display) ?? practice,
    }));
  });
}

function nameOf(person: BundleItem | undefined): string | undefined {
  const names: unknown = person?.resource["name"];
  const first: unknown = Array.isArray(names) ? names[0] : undefined;
  return isRecord(first) ? textOf(first["text"]) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? toLine(value) : undefined;
}

/** Origin entries of these acts, each act once, those of one practice together. */
export function originsOf(
  acts: readonly ToldAct[],
  { at, patient: named }: { at: string; patient: string },
): Origin[] {
  const patient = ENTRY_FORM.test(named) ? named : undefined;
  const known = new Map<string, ToldAct>();
  for (const act of acts) {
    const { entry, did, on, by, name, practice } = act;
    known.set([entry, did, on, by, name, practice].join("\n"), act);
  }
  const byPractice = Map.groupBy(known.values(), ({ practice }) => practice);
  return [...byPractice].flatMap(([practice, told]) => {
    const origins: Origin[] = [];
    for (let start = 0; start < told.length; start += LINES_MAX) {
      const lines = told
        .slice(start, start + LINES_MAX)
        .map(({ entry, did, on, by, name }) => withoutUndefined({ entry, did, on, by, name }));
      const origin = { v: 1 as const, type: "origin" as const, at, practice, patient, lines };
      origins.push(withoutUndefined(origin));
    }
    return origins;
  });
}

/** What an import elsewhere gave records without a time of their own: theirs stays when they move on. */
export function importedAt(acts: readonly ToldAct[]): string | undefined {
  const times = acts.flatMap(({ did, on }) => (did === "imported" ? [on] : []));
  return times.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

/** A record of ours that nobody vouches for: its own word alone. */
export function untoldAct(entry: string, body: MappedRecord["body"]): ToldAct {
  const by = "author" in body && body.type !== "document" ? body.author : undefined;
  const author = typeof by === "string" ? by : undefined;
  const act = { entry, sourceId: undefined, did: "wrote" as const, on: body.at };
  return { ...act, by: author, name: undefined, practice: "–" };
}

/** The drafts that the acts speak of, by what an import made of each resource. */
export function aliasesOf(
  acts: readonly ToldAct[],
  result: Pick<MappedBundle, MappedRecord["compartment"] | "kept" | "renames">,
): EntryAlias[] {
  const draftBySource = new Map<string, Omit<EntryAlias, "from">>();
  const know = (sourceId: string, draft: Omit<EntryAlias, "from">): void => {
    if (!draftBySource.has(sourceId)) draftBySource.set(sourceId, draft);
  };
  for (const compartment of ["identity", "office", "care", "portal", "process"] as const)
    for (const { sourceId } of result[compartment]) know(sourceId, { compartment, sourceId });
  for (const { sourceId, body } of [...result.care, ...result.kept]) {
    const draft = { compartment: "care" as const, sourceId };
    if (body.type === "observations")
      for (const { source } of body.observations) know(source.sourceId, draft);
    if (body.type === "sourceDocument")
      for (const document of body.documents) know(document.sourceId, draft);
  }
  const known = new Set(result.renames.map(({ from }) => from));
  return acts.flatMap(({ entry: from, sourceId }) => {
    const draft = draftBySource.get(sourceId ?? "");
    if (draft === undefined || known.has(from)) return [];
    known.add(from);
    return [{ from, ...draft }];
  });
}
