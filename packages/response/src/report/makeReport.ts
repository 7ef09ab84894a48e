import type { FactsFile, Recommendation } from "../facts/factsFile.ts";
import type { Place } from "../facts/places.ts";
import { standing } from "../facts/conflicts.ts";
import { moment } from "../facts/value.ts";
import { readTime, timeText } from "../facts/time.ts";
import { tacticsText } from "./attack.ts";
import { sectionPlans, type SectionPlan } from "./headings.ts";
import type { Label, Report, Section, Statement } from "./report.ts";
import { factStatement, legalStatement, questionStatement, statementOf } from "./statements.ts";

const UNSAID = "the facts say nothing on this";
/** After every moment. */
const LAST = "~";

function questionStatements(file: FactsFile, place: Place): Statement[] {
  return (file.questions ?? [])
    .filter(({ under }) => under.includes(place))
    .map((question) => questionStatement(question, file))
    .filter((statement) => statement !== undefined)
    .map((statement) => (place === "summary" ? inShort(statement) : statement));
}

/** A summary gives the chosen answer, and says where the others stand. */
function inShort(statement: Statement): Statement {
  const remarks = statement.others.length === 0 ? [] : ["Sources differ: all are given below."];
  return { ...statement, remarks, others: [] };
}

function factStatements(file: FactsFile, place: Place): Statement[] {
  return standing(file.facts)
    .filter(({ under }) => under?.includes(place))
    .map((fact) => factStatement(fact, file));
}

/** What happened and what courts and authorities did, as one course of time; what has no time comes last. */
function courseOfTime(file: FactsFile): Statement[] {
  const facts = standing(file.facts)
    .filter(({ under }) => under?.includes("response.time"))
    .map((fact) => ({ at: moment(fact), statement: factStatement(fact, file) }));
  const legal = standing(file.legalEvents ?? []).map((event) => ({
    at: moment(event),
    statement: legalStatement(event, file),
  }));
  return [...facts, ...legal]
    .sort(({ at: one = LAST }, { at: other = LAST }) => Number(one > other) - Number(one < other))
    .map(({ statement }) => statement);
}

function dueText(due: string): string {
  const time = readTime(due);
  return time === undefined ? due : timeText(time);
}

function recommendationStatement(one: Recommendation, file: FactsFile): Statement {
  const { owner = "not established", due, state = "not established" } = one;
  const when = due === undefined ? "not established" : dueText(due);
  const text = `${one.says.replace(/\.$/, "")} (owner: ${owner}; due: ${when}; state: ${state})`;
  return statementOf(text, one, { file, lead: one.theme });
}

function statementsAt(file: FactsFile, place: Place): Statement[] {
  const questions = questionStatements(file, place);
  if (place === "response.time") return [...courseOfTime(file), ...questions];
  const facts = factStatements(file, place);
  if (place === "lessons")
    return [
      ...facts,
      ...(file.lessons ?? []).map((one) => statementOf(one.says, one, { file, lead: one.theme })),
    ];
  if (place === "recommendations")
    return [
      ...facts,
      ...(file.recommendations ?? []).map((one) => recommendationStatement(one, file)),
    ];
  return [...facts, ...questions];
}

function bodyAt(file: FactsFile, place: Place): Omit<Label, "label"> {
  const statements = statementsAt(file, place);
  const reference = tacticsText(place);
  return {
    ...(reference === undefined ? {} : { reference }),
    statements,
    ...(statements.length === 0 ? { notEstablished: file.notEstablished?.[place] ?? UNSAID } : {}),
  };
}

function section(plan: SectionPlan, file: FactsFile): Section {
  const { level, heading, place, note, labels = [] } = plan;
  return {
    level,
    heading,
    ...(place === undefined ? {} : { body: bodyAt(file, place) }),
    ...(note === undefined ? {} : { note: bodyAt(file, note) }),
    labels: labels.map(([label, at]) => ({ label, ...bodyAt(file, at) })),
  };
}

/** Makes the incident report of a facts file: every heading and label, whether anything is known under it or not. */
export function makeReport(file: FactsFile): Report {
  return {
    title: file.title,
    compiled: file.compiled,
    sections: sectionPlans.map((plan) => section(plan, file)),
    sources: file.sources.map((source, index) => ({ number: index + 1, ...source })),
    facts: file,
  };
}

/** How many statements a report makes, and under how many labels nothing is established. */
export function countReport({ sections }: Report): { statements: number; notEstablished: number } {
  const bodies = sections.flatMap(({ body, note, labels }) => [
    ...(body === undefined ? [] : [body]),
    ...(note === undefined ? [] : [note]),
    ...labels,
  ]);
  const count = (statements: readonly Statement[]): number =>
    statements.reduce((sum, { others }) => sum + 1 + count(others), 0);
  return {
    statements: bodies.reduce((sum, { statements }) => sum + count(statements), 0),
    notEstablished: bodies.filter(({ notEstablished }) => notEstablished !== undefined).length,
  };
}
