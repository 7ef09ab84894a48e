import { findConflicts } from "./conflicts.ts";
import type { Citation, Fact, FactsFile } from "./factsFile.ts";
import { missing, type Misfit } from "./misfit.ts";
import { readValue, valueFault } from "./value.ts";

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

/** Whoever is named is named in public already. */
function publicPersonMisfits(file: FactsFile): Misfit[] {
  const open = new Set(file.sources.filter((one) => one.public).map(({ id }) => id));
  return (file.publicPersons ?? []).flatMap(({ sources }, index) =>
    sources.some((citation) => open.has(citedSource(citation)))
      ? []
      : [
          {
            path: ["publicPersons", index, "sources"],
            problem: "none of the sources is public",
            expected: "a public source that names the person",
          },
        ],
  );
}

function groundedMisfits(file: FactsFile): Misfit[] {
  return groundedNames.flatMap((name) =>
    (file[name] ?? []).flatMap(({ status, sources, grounds }, index) => {
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

/** Every id once, every reference met, every value with its precision, every conflict decided; of a part of a file only what a part can show. */
export function findMisfits(file: FactsFile, { isPart }: { isPart: boolean }): Misfit[] {
  return [
    ...doubledIds(file),
    ...citationMisfits(file),
    ...groundedMisfits(file),
    ...valueMisfits(file),
    ...factMisfits(file),
    ...publicPersonMisfits(file),
    ...findConflicts(file, { isPart }),
  ];
}
