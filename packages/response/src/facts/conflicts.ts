import type { FactsFile } from "./factsFile.ts";
import { missing, type Misfit } from "./misfit.ts";

interface Recorded {
  readonly id: string;
  readonly supersedes?: string | undefined;
}

/** Records that still hold: nothing takes their place. */
export function standing<One extends Recorded>(records: readonly One[]): One[] {
  const superseded = new Set(records.map(({ supersedes }) => supersedes));
  return records.filter(({ id }) => !superseded.has(id));
}

function questionMisfits(file: FactsFile): Misfit[] {
  return (file.questions ?? []).flatMap(({ id, chosen, reason }, index) => {
    const answers = standing(file.facts).filter((fact) => fact.answers === id);
    const path = ["questions", index];
    if (answers.length === 0)
      return [
        {
          path: [...path, "id"],
          problem: "no fact answers this question",
          expected: "a fact with `answers`",
        },
      ];
    if (answers.length === 1 && chosen === undefined) return [];
    if (chosen === undefined || reason === undefined)
      return [
        {
          path: [...path, "chosen"],
          problem: "several facts answer it and none is chosen with a reason",
          expected: "`chosen` and `reason`",
        },
      ];
    const open = answers.filter(({ status }) => status !== "refuted").map((fact) => fact.id);
    return missing([...path, "chosen"], chosen, open);
  });
}

function legalMisfits(file: FactsFile): Misfit[] {
  const events = file.legalEvents ?? [];
  const ids = events.map(({ id }) => id);
  return events.flatMap(({ id, effect, supersededBy }, index) => {
    const path = ["legalEvents", index, "supersededBy"];
    if ((effect === "superseded") !== (supersededBy !== undefined))
      return [
        {
          path,
          problem: "a superseded event names what took its place, and no other does",
          expected: "the id of a later event exactly where the effect is superseded",
        },
      ];
    if (supersededBy === undefined) return [];
    if (supersededBy === id)
      return [{ path, problem: "it names itself", expected: "another event" }];
    return missing(path, supersededBy, ids);
  });
}

/** Records supersede records of their own list, and never in a ring: all of it would be gone. */
function supersedingMisfits(file: FactsFile): Misfit[] {
  return (["facts", "legalEvents"] as const).flatMap((name) => {
    const records: readonly Recorded[] = file[name] ?? [];
    const previous = new Map(records.map(({ id, supersedes }) => [id, supersedes]));
    return records.flatMap(({ id, supersedes }, index) => {
      if (supersedes === undefined) return [];
      const path = [name, index, "supersedes"];
      return isInRing(id, previous)
        ? [{ path, problem: "it supersedes itself", expected: "an earlier record" }]
        : missing(path, supersedes, [...previous.keys()]);
    });
  });
}

function isInRing(id: string, previous: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let at = previous.get(id); at !== undefined && !seen.has(at); at = previous.get(at)) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}

/** Every conflict decided: one answer chosen, one record standing, one legal event in force. */
export function findConflicts(file: FactsFile, { isPart }: { isPart: boolean }): Misfit[] {
  return [
    ...(isPart ? [] : questionMisfits(file)),
    ...legalMisfits(file),
    ...supersedingMisfits(file),
  ];
}
