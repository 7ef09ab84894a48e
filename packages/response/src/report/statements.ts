import type { Citation, Fact, FactsFile, LegalEvent, Question } from "../facts/factsFile.ts";
import { standing } from "../facts/conflicts.ts";
import { citedSource } from "../facts/references.ts";
import { readValue, valueText } from "../facts/value.ts";
import { techniqueText } from "./attack.ts";
import type { Mark, Statement } from "./report.ts";

type Grounded = Pick<Fact, "sources" | "status" | "grounds" | "recordedBy">;

const EARLIER = "Recorded before, and superseded";

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function marks(citations: readonly Citation[], { sources }: FactsFile): Mark[] {
  return citations.map((citation) => {
    const source = citedSource(citation);
    const number = sources.findIndex(({ id }) => id === source) + 1;
    return typeof citation === "string" ? { number, source } : { number, source, at: citation.at };
  });
}

/** A statement of text, with what every statement has. */
export function statementOf(
  text: string,
  grounded: Grounded,
  {
    file,
    remarks = [],
    ...rest
  }: { file: FactsFile; remarks?: readonly string[] } & Partial<
    Pick<Statement, "id" | "lead" | "others">
  >,
): Statement {
  const { grounds, status, recordedBy = file.recordedBy, sources } = grounded;
  return {
    ...rest,
    text,
    status,
    recordedBy,
    sources: marks(sources, file),
    remarks: [...(grounds === undefined ? [] : [`Grounds: ${grounds}`]), ...remarks],
    others: rest.others ?? [],
  };
}

/** A fact as a sentence: its value where it belongs, a time before it. */
export function factText(fact: Fact): { readonly lead?: string; readonly text: string } {
  const value = valueText(fact);
  const isTime = readValue(fact)?.kind === "time";
  if (fact.says === undefined) return { text: isTime ? capital(value) : value };
  if (fact.says.includes("{value}"))
    return { text: capital(fact.says.replaceAll("{value}", value)) };
  return isTime ? { lead: capital(value), text: fact.says } : { text: fact.says };
}

/** The same in one line, behind other words. */
function factLine(prefix: string, fact: Fact): string {
  const { lead, text } = factText(fact);
  return lead === undefined ? `${prefix}: ${text}` : `${prefix}: ${lead}: ${text}`;
}

/** What was recorded before, newest first. */
function earlier(fact: Fact, file: FactsFile): Statement[] {
  const before = file.facts.find(({ id }) => id === fact.supersedes);
  if (before === undefined) return [];
  const text = factLine(EARLIER, before);
  return [statementOf(text, before, { file, id: before.id }), ...earlier(before, file)];
}

/** A fact with its techniques and with what it supersedes. */
export function factStatement(fact: Fact, file: FactsFile): Statement {
  const remarks = (fact.attack ?? []).map((id) => `ATT&CK ${techniqueText(id)}`);
  const { text, ...lead } = factText(fact);
  return statementOf(text, fact, {
    ...lead,
    file,
    id: fact.id,
    remarks,
    others: earlier(fact, file),
  });
}

/** The chosen answer to a question with the reason, and below it every other answer with its source. */
export function questionStatement(question: Question, file: FactsFile): Statement | undefined {
  const answers = standing(file.facts).filter(({ answers: id }) => id === question.id);
  const chosen = answers.find(({ id }) => id === question.chosen) ?? answers[0];
  if (chosen === undefined) return undefined;
  const said = factStatement(chosen, file);
  const others = answers
    .filter((fact) => fact !== chosen)
    .map((fact) => {
      const { lead: _, ...other } = factStatement(fact, file);
      return { ...other, text: factLine("Another source", fact) };
    });
  const why = question.reason === undefined ? [] : [`Chosen because ${question.reason}`];
  return { ...said, remarks: [...said.remarks, ...why], others: [...others, ...said.others] };
}

/** What a kind of legal event is called, where its name could be taken for something else. */
const kindText: Partial<Record<LegalEvent["kind"], string>> = {
  "custody release": "Custody release (not an acquittal)",
  "disclosure hold": "Disclosure hold (a police gag order)",
};

function legalName({ kind }: LegalEvent): string {
  return kindText[kind] ?? capital(kind);
}

/** A legal event: when, what, and its effect today; below it what was recorded of it before. */
export function legalStatement(event: LegalEvent, file: FactsFile): Statement {
  const by = file.legalEvents?.find(({ id }) => id === event.supersededBy);
  const successor = by === undefined ? "" : ` by: ${legalName(by)}, ${valueText(by)}`;
  const remarks = [
    `Effect: ${event.effect}${successor}`,
    ...(event.remark === undefined ? [] : [event.remark]),
  ];
  const before = file.legalEvents?.find(({ id }) => id === event.supersedes);
  return statementOf(`${legalName(event)}. ${event.says}`, event, {
    file,
    id: event.id,
    lead: capital(valueText(event)),
    remarks,
    others: before === undefined ? [] : [legalStatement(before, file)].map(asEarlier),
  });
}

function asEarlier({ lead, ...statement }: Statement): Statement {
  return { ...statement, text: `${EARLIER}: ${lead ?? ""}: ${statement.text}` };
}
