import { readFacts, rejectionText } from "@sinetti/response";

/** A small facts file with `facts` (and more) put in: text of YAML, two spaces in. */
export function factsText(facts: string, more = ""): string {
  return `sinettiFacts: 1
title: A sample
compiled: 2026-11-21
recordedBy: privacy officer
sources:
  - {id: log, kind: log, title: Release log, publisher: A practice, public: false}
  - {id: court, kind: court, title: Judgment, publisher: A court, date: 2024-04-30, url: "https://example.org/j", public: true}
${more}facts:
${facts}`;
}

/** One sound fact, with fields changed or added. */
export function fact(fields: Readonly<Record<string, string>> = {}): string {
  const all = {
    id: "one",
    value: "The gate froze.",
    precision: "exact",
    under: "[summary]",
    sources: "[log]",
    status: "verified",
    ...fields,
  };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  return `  - ${lines.join("\n    ")}\n`;
}

/** What a file is refused for, a line each; empty: it is accepted. */
export function refusals(text: string, names: readonly string[] = []): string[] {
  const read = readFacts(text, names);
  return read.ok ? [] : read.rejections.map(rejectionText);
}
