import { createHash } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";

import { renderMarkdown } from "@sinetti/paper";
import { renderPdf } from "@sinetti/paper/pdf";
import {
  countReport,
  factsJsonSchema,
  factsSkeleton,
  makeReport,
  readFacts,
  rejectionText,
  reportPaper,
  type Rejection,
  type Report,
} from "@sinetti/response";
import type { Command } from "commander";

import { readBytes } from "../input/readBytes.ts";
import { InputError, UsageError } from "../inputError.ts";
import type { Output, Printed } from "../output.ts";
import type { Shell } from "../shell.ts";
import { addCommand, needed, type Words } from "./command.ts";

const FORMATS = ["md", "pdf", "json"] as const;
type Format = (typeof FORMATS)[number];

/** `sinetti incident`: works without a device and without a server. */
export function addIncidentCommands(program: Command): void {
  const group = program.command("incident").description("What happened, and who must be told");
  addCommand(group, {
    usage: "schema",
    summary: "Print a commented facts file to begin with; with --json its JSON Schema",
    example: "sinetti incident schema > facts.yaml",
    run: () =>
      Promise.resolve({ json: factsJsonSchema(), text: factsSkeleton.trimEnd() } satisfies Printed),
  });
  addCommand(group, {
    usage: "report",
    summary: "Make the incident report of a facts file; refuses what could name a patient",
    options: [
      ["--facts <file>", "the facts, in YAML", "required"],
      ["--format <format>", FORMATS.join(", "), "required"],
      ["--out <file>", "the file to write; else standard output"],
      ["--protect <file>", "names that must not occur, one a line; read here and kept nowhere"],
    ],
    example: "sinetti incident report --facts facts.yaml --format pdf --out report.pdf",
    run: report,
  });
}

function readFormat(text: string): Format {
  const found = FORMATS.find((format) => format === text);
  if (found === undefined) throw new UsageError(`--format: one of ${FORMATS.join(", ")}`);
  return found;
}

function readText(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(path, "the file is no text in UTF-8", { cause });
  }
}

function readProtected(path: string | undefined): string[] {
  const text = path === undefined ? "" : readText(path);
  return text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

async function render(made: Report, format: Format): Promise<Uint8Array> {
  if (format === "pdf") return renderPdf(reportPaper(made));
  const text =
    format === "md" ? renderMarkdown(reportPaper(made)) : `${JSON.stringify(made, null, 2)}\n`;
  return new TextEncoder().encode(text);
}

/** Each place on a line of its own for people; all of it in the error for programs. */
function refusal(facts: string, rejections: readonly Rejection[], output: Output): InputError {
  const whole = rejections.map(rejectionText);
  if (!output.isJson) for (const line of whole) output.log(`${facts}: ${line}`);
  const places = rejections.map(({ line, field }) => `line ${line} ${field}`);
  const fields = output.isJson ? whole : [...new Set(places)];
  return new InputError(facts, "the facts are not accepted", { fields });
}

/** The file is there whole or not at all. */
function writeReport(path: string, bytes: Uint8Array): void {
  const draft = `${path}.part`;
  try {
    writeFileSync(draft, bytes);
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
    throw new UsageError(`--out: ${path} cannot be written`);
  }
}

async function report({ output }: Shell, words: Words): Promise<Printed> {
  const format = readFormat(needed(words, "format"));
  const out = words.text("out");
  if (out === undefined && output.isJson) throw new UsageError("--json needs --out");
  if (out === undefined && format === "pdf" && process.stdout.isTTY)
    throw new UsageError("a PDF does not go to a terminal: give --out");
  const facts = needed(words, "facts");
  const read = readFacts(readText(facts), readProtected(words.text("protect")));
  if (!read.ok) throw refusal(facts, read.rejections, output);
  const made = makeReport(read.value);
  const bytes = await render(made, format);
  if (out === undefined) {
    process.stdout.write(bytes);
    return { json: null, text: "" };
  }
  writeReport(out, bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const counted = countReport(made);
  return {
    json: { file: out, bytes: bytes.length, sha256, ...counted },
    text: `${out}: ${counted.statements} statements, nothing established under ${counted.notEstablished} labels. SHA-256 ${sha256}`,
  };
}
