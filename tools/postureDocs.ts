/**
 * Writes the catalogue of `sinetti posture` into docs/posture.md, from the checks themselves:
 *
 *   node tools/postureDocs.ts
 *
 * A test holds the page to the code.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checks, deploymentCheck, readerStatements, type Check } from "@sinetti/posture";

import { root } from "./step.ts";

const PAGE = join(root, "docs", "posture.md");
const MARK = (name: string, end: "begin" | "end"): string =>
  `<!-- ${name} ${end}: written by tools/postureDocs.ts, not by hand -->`;

const GROUPS: Readonly<Record<string, string>> = {
  N: "Network: who can knock",
  R: "Roles: who can be somebody",
  G: "Grants: who was given what",
  L: "Row security: which rows",
  F: "Functions and extensions: which code runs as whom",
  X: "Extraction: what leaves",
  A: "Audit: what is written down, and how it is kept",
  E: "Encryption: what can be read",
};

function checkText({ id, title, severity, why, how, mend }: Omit<Check, "find">): string {
  return [
    `#### ${id} · ${title}`,
    `Usually ${severity}. ${why}`,
    `- How it is found: ${how}.`,
    `- Mend: ${mend}`,
  ].join("\n\n");
}

/** The catalogue, group by group. */
export function catalogueText(): string {
  const groups = Map.groupBy([deploymentCheck, ...checks], ({ id }) => id.replace(/\d+$/, ""));
  return [...groups]
    .map(([letter, group]) =>
      [`### ${GROUPS[letter] ?? letter}`, ...group.map(checkText)].join("\n\n"),
    )
    .join("\n\n");
}

/** The statements for a role that only looks. */
export function readerText(): string {
  return `\`\`\`sql\nCREATE ROLE posture_reader LOGIN; -- then \\password posture_reader\n${readerStatements("posture_reader").join(";\n")};\n\`\`\``;
}

/** A page with one part of it written anew. Error: RangeError where it has no marks. */
export function replacePart(page: string, name: string, text: string): string {
  const [begin, end] = [MARK(name, "begin"), MARK(name, "end")];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new RangeError(`the page has no part ${name}`);
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}

/** The page as it should be. */
export function writtenPage(page: string): string {
  return replacePart(replacePart(page, "reader", readerText()), "catalogue", catalogueText());
}

if (import.meta.main) writeFileSync(PAGE, writtenPage(readFileSync(PAGE, "utf8")));
