import { GATE_ROUTES, bytesToHex, readStatement, type FileId, type Shaped } from "@sinetti/core";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { isRefusal } from "../errors.ts";
import type { PracticeParts } from "./readPatientRecord.ts";
import type { PackagePart } from "./zipFile.ts";

type LogEntry = Shaped<(typeof GATE_ROUTES)["logChain"]["answer"]>["entries"][number];
type Links = Shaped<(typeof GATE_ROUTES)["practiceRead"]["answer"]>;

const LOG_PAGE = 500;

/** Lookup and import keys are the practice's secrets; whoever takes the records over makes their own. */
function directoryText({ directory }: PracticeParts): string {
  const values = [...directory.values].map(([key, value]) => {
    if (value.kind === "practice") return { key, value: { ...value, importKey: undefined } };
    return value.kind === "site"
      ? { key, value: { ...value, lookupKey: undefined } }
      : { key, value };
  });
  return json(values);
}

/** What belongs to the practice and not to one patient: names, schedule, ledger, chains as they were signed, and the gate's log. */
export async function* practiceArchive(
  client: Client,
  { parts, files }: { parts: PracticeParts; files: readonly FileId[] },
): AsyncGenerator<PackagePart> {
  const { context } = client;
  yield { name: "directory.json", content: utf8(directoryText(parts)) };
  yield { name: "schedule.json", content: utf8(json(parts.appointments)) };
  yield { name: "ledger.json", content: utf8(json(parts.invoices)) };
  yield* practiceChain(context);
  for (const file of files) yield* accessChain(context, file);
  if (client.roles.includes("privacy"))
    yield { name: "gate-log.jsonl", content: () => gateLog(context) };
}

/** The statements as signed (CBOR), with the gate's acceptances, and one readable line each. */
async function* practiceChain(context: Context): AsyncGenerator<PackagePart> {
  const lines: unknown[] = [];
  for (let from = 0, more = true; more;) {
    const page: Links = (await context.services.call("gate", GATE_ROUTES.practiceRead, { from }))
      .answer;
    for (const { statement, acceptance } of page.links) {
      const name = `practice-chain/${String(lines.length).padStart(6, "0")}`;
      yield { name: `${name}.statement.cbor`, content: statement };
      yield { name: `${name}.acceptance.cbor`, content: acceptance };
      lines.push(readableStatement(statement));
    }
    from += page.links.length;
    more = page.more && page.links.length > 0;
  }
  yield { name: "practice-chain.json", content: utf8(json(lines)) };
}

/** A file's access chain as signed; of one that the gate does not show, nothing. */
async function* accessChain(context: Context, file: FileId): AsyncGenerator<PackagePart> {
  const lines: unknown[] = [];
  try {
    for (let from = 0, more = true; more;) {
      const { answer } = await context.services.call("gate", GATE_ROUTES.accessRead, {
        file,
        from,
      });
      for (const { statement } of answer.links) {
        const name = `access-chains/${file}/${String(lines.length).padStart(6, "0")}.cbor`;
        yield { name, content: statement };
        lines.push(readableStatement(statement));
      }
      from += answer.links.length;
      more = answer.more && answer.links.length > 0;
    }
  } catch (error) {
    if (!isRefusal(error, "not-granted", "unknown-file", "not-authorised")) throw error;
  }
  if (lines.length > 0) yield { name: `access-chains/${file}.json`, content: utf8(json(lines)) };
}

/** Whole lines as they were hashed, one JSON object a line. */
async function* gateLog(context: Context): AsyncGenerator<Uint8Array> {
  for (let from = 0, page: readonly LogEntry[] = [], first = true; first || page.length > 0;) {
    first = false;
    page = (await context.services.call("gate", GATE_ROUTES.logChain, { from, limit: LOG_PAGE }))
      .answer.entries;
    for (const entry of page) yield utf8(`${JSON.stringify(toJson(entry))}\n`);
    from = (page.at(-1)?.index ?? 0) + 1;
  }
}

function readableStatement(signed: Uint8Array): unknown {
  const { hash, statement } = readStatement(signed);
  return { hash, ...(toJson(statement) as object) };
}

/** CBOR values as JSON: bytes as hexadecimal digits, maps as objects. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [String(key), toJson(each)]));
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
  return typeof value === "bigint" ? value.toString() : value;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
