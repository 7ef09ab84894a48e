import type { Citation, Fact, FactsFile } from "./factsFile.ts";
import { nearest } from "./nearest.ts";
import { readValue, valueFault } from "./value.ts";

/** What does not fit together in a file whose shape is sound. */
export interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
  readonly expected: string;
  /** The id that is named and missing. */
  readonly named?: string;
}

const listNames = ["sources", "questions", "facts", "legalEvents"] as const;
const groundedNames = ["facts", "legalEvents", "lessons", "recommendations"] as const;

/** The id of the source that a citation names. */
export function citedSource(citation: Citation): string {
  return typeof citation === "string" ? citation : citation.source;
}

function doubledIds(file: FactsFile): Misfit[] {
  const seen = new Set<string>();
  return listNames.flatMap((name) =>
    (file[name] ?? []).flatMap(({ id }, index) => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [
        {
          path: [name, index, "id"],
          problem: "this id stands before",
          expected: "an id of its own",
        },
      ];
    }),
  );
}

function missing(path: readonly PropertyKey[], given: string, known: readonly string[]): Misfit[] {
  if (known.includes(given)) return [];
  const meant = nearest(given, known);
  return [
    {
      path,
      problem: "it names what is not in the file",
      named: given,
      expected:
        meant === undefined ? "an id of the file" : `an id of the file (did you mean ${meant}?)`,
    },
  ];
}

function citationMisfits(file: FactsFile): Misfit[] {
  const known = file.sources.map(({ id }) => id);
  return [...groundedNames, "publicPersons" as const].flatMap((name) =>
    (file[name] ?? []).flatMap(({ sources }, index) =>
      sources.flatMap((citation, at) =>
        missing([name, index, "sources", at], citedSource(citation), known),
      ),
    ),
  );
}

function groundedMisfits(file: FactsFile): Misfit[] {
  return groundedNames.flatMap((name) =>
    (file[name] ?? []).flatMap(({ status, sources, grounds, supersedes }, index) => {
      const found: Misfit[] = [];
      if (status === "inferred" && grounds === undefined)
        found.push({
          path: [name, index, "grounds"],
          problem: "an inferred statement has none",
          expected: "what it rests on",
        });
      if (status === "corroborated" && new Set(sources.map(citedSource)).size < 2)
        found.push({
          path: [name, index, "sources"],
          problem: "one source cannot corroborate itself",
          expected: "two sources, or another status",
        });
      const ids = (name === "legalEvents" ? file.legalEvents : file.facts)?.map(({ id }) => id);
      if (supersedes !== undefined)
        found.push(...missing([name, index, "supersedes"], supersedes, ids ?? []));
      return found;
    }),
  );
}

function valueMisfits(file: FactsFile): Misfit[] {
  return (["facts", "legalEvents"] as const).flatMap((name) =>
    (file[name] ?? []).flatMap((one, index) => {
      const fault = valueFault(one);
      return fault === undefined
        ? []
        : [
            {
              path: [name, index, "value"],
              problem: "it does not go with its precision",
              expected: fault,
            },
          ];
    }),
  );
}

function factMisfits(file: FactsFile): Misfit[] {
  const questions = (file.questions ?? []).map(({ id }) => id);
  return file.facts.flatMap(({ under, answers, says, value }, index) => {
    const found =
      answers === undefined ? [] : missing(["facts", index, "answers"], answers, questions);
    if (under === undefined && answers === undefined)
      found.push({
        path: ["facts", index, "under"],
        problem: "the fact stands nowhere in the report",
        expected: "`under` or `answers`",
      });
    if (says === undefined ? value === undefined : !saysValue(says, file.facts[index]))
      found.push({
        path: ["facts", index, "says"],
        problem: "the value would not be said",
        expected: "a sentence with {value} in it, or none where the value says it all",
      });
    return found;
  });
}

/** A time is put before a sentence that does not place it itself. */
function saysValue(says: string, fact: Fact | undefined): boolean {
  const isSaid = says.includes("{value}") || fact === undefined || fact.value === undefined;
  return isSaid || readValue(fact)?.kind === "time";
}

/** Facts that still hold: nothing takes their place. */
export function standing(facts: readonly Fact[]): Fact[] {
  const superseded = new Set(facts.map(({ supersedes }) => supersedes));
  return facts.filter(({ id }) => !superseded.has(id));
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

/** Statements that supersede each other in a ring would all be gone. */
function ringMisfits(file: FactsFile): Misfit[] {
  const previous = new Map(file.facts.map(({ id, supersedes }) => [id, supersedes]));
  return file.facts.flatMap(({ id }, index) => {
    const seen = new Set<string>();
    for (
      let at: string | undefined = id;
      at !== undefined && !seen.has(at);
      at = previous.get(at)
    ) {
      seen.add(at);
      if (previous.get(at) === id)
        return [
          {
            path: ["facts", index, "supersedes"],
            problem: "it supersedes itself",
            expected: "an earlier fact",
          },
        ];
    }
    return [];
  });
}

/** Every id once, every reference met, every value with its precision, every conflict decided; of a part of a file only what a part can show. */
export function findMisfits(file: FactsFile, { isPart }: { isPart: boolean }): Misfit[] {
  return [
    ...doubledIds(file),
    ...citationMisfits(file),
    ...groundedMisfits(file),
    ...valueMisfits(file),
    ...factMisfits(file),
    ...(isPart ? [] : questionMisfits(file)),
    ...legalMisfits(file),
    ...ringMisfits(file),
  ];
}
