import type { Origin } from "../../records/origin.ts";
import { withoutUndefined } from "../elements.ts";
import type { RecordEntry } from "./exported.ts";
import type { OutContext, OutReference } from "./outMapper.ts";
import { concept, fhirText, framed } from "./parts.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

type Did = Origin["lines"][number]["did"];

/** What somebody did to an entry. */
interface HistoryLine {
  readonly entry: string;
  readonly did: Did;
  readonly on: string;
  readonly by: string | undefined;
  readonly name: string | undefined;
  /** Undefined: this practice, whose members the bundle names. */
  readonly practice: string | undefined;
}

/** A resource that an entry became; `sourceId` where it stands for a record that another resource made as well. */
export interface Target extends OutReference {
  readonly entry: string;
  readonly sourceId?: string;
}

const DID_BY_TYPE: Partial<Record<string, Did>> = {
  sessionNote: "signed",
  noteAmendment: "amended",
  countersignature: "countersigned",
  retraction: "retracted",
};

/** Who did what to which entry when: this practice's own word, and what other practices said before. */
function historyLines(entries: readonly RecordEntry[]): HistoryLine[] {
  const foreign = new Map<string, { lines: HistoryLine[]; on: string }>();
  const importedAt = new Map<string, string>();
  for (const { compartment, body } of entries) {
    if (body.type === "links") importedAt.set(compartment, body.at);
    if (body.type !== "origin") continue;
    for (const { entry, did, on, by, name } of body.lines) {
      const held = foreign.get(entry) ?? { lines: [], on: body.at };
      held.lines.push({ entry, did, on, by, name, practice: body.practice });
      foreign.set(entry, held);
    }
  }
  return entries.flatMap(({ compartment, entry, member, body }) => {
    const before = foreign.get(entry);
    const isImported = before !== undefined || "source" in body || isSource(body);
    const did = isImported ? "imported" : (DID_BY_TYPE[body.type] ?? "wrote");
    const on = before?.on ?? (isImported ? (importedAt.get(compartment) ?? body.at) : body.at);
    const own = { entry, did, on, by: member, name: undefined, practice: undefined } as const;
    return [...(before?.lines ?? []), own];
  });
}

function isSource(body: RecordEntry["body"]): boolean {
  return body.type === "sourceDocument" || body.type === "observations";
}

const OPERATION: Record<Did, string> = {
  wrote: "CREATE",
  signed: "CREATE",
  amended: "UPDATE",
  countersigned: "UPDATE",
  retracted: "NULLIFY",
  imported: "APPEND",
};
const AGENT: Record<Did, string> = {
  wrote: "author",
  signed: "author",
  amended: "author",
  countersigned: "verifier",
  retracted: "author",
  imported: "enterer",
};

/** Who wrote, signed, amended, countersigned or imported which entry when → Provenance, those of one act together. */
export function provenanceOut(
  entries: readonly RecordEntry[],
  { targets, context }: { targets: readonly Target[]; context: OutContext },
): OutResource[] {
  const targetsByEntry = Map.groupBy(targets, ({ entry }) => entry);
  const known = historyLines(entries).filter(({ entry }) => targetsByEntry.has(entry));
  const acts = Map.groupBy(known, ({ did, on, by, name, practice }) =>
    [did, on, by, name, practice].join("\n"),
  );
  const seen = new Map<string, number>();
  return [...acts.values()].flatMap((lines) => {
    const [first] = lines;
    if (first === undefined) return [];
    const { did, on, by, name, practice } = first;
    const base = `${first.entry}-${did}`;
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    const identifier = by === undefined ? undefined : { system: SYSTEM.member, value: by };
    const foreign = withoutUndefined({ identifier, display: fhirText(name) ?? "–" });
    const provenance = {
      resourceType: "Provenance",
      id: count === 0 ? base : `${base}-${count}`,
      target: lines.flatMap(({ entry }) => (targetsByEntry.get(entry) ?? []).map(toTarget)),
      recorded: on,
      activity: {
        coding: [
          { system: SYSTEM.activity, code: did },
          {
            system: "http://terminology.hl7.org/CodeSystem/v3-DataOperation",
            code: OPERATION[did],
          },
        ],
      },
      agent: [
        withoutUndefined({
          type: concept(
            "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
            AGENT[did],
          ),
          who: practice === undefined && by !== undefined ? context.member(by) : foreign,
          onBehalfOf: practice === undefined ? undefined : { display: practice },
        }),
      ],
    };
    return [framed(provenance, "history")];
  });
}

function toTarget({ reference, entry, sourceId }: Target): Record<string, unknown> {
  return withoutUndefined({
    reference,
    identifier: { system: SYSTEM.entry, value: entry },
    display: sourceId,
  });
}
