import { randomBytes } from "node:crypto";
import { resolve } from "node:path";

import {
  closeBreakGlass,
  closeOverBreakGlass,
  listBreakGlass,
  openBreakGlass,
  type BreakGlassAccess,
  type ClosedBreakGlass,
  type OpenedBreakGlass,
} from "@sinetti/posture";
import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { readInterval } from "../input/interval.ts";
import { UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { refuseExisting } from "../paperFile.ts";
import {
  ownTargets,
  storeTargets,
  urlTarget,
  withTarget,
  type PostureTarget,
} from "../posture/postureTarget.ts";
import { plain } from "../posture/postureText.ts";
import { scramVerifier } from "../serve/databaseScript.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const PLACES = [
  ["--url <url>", "postgres:// of a database, as its superuser; else this installation's"],
  ["--data <dir>", "data folder of `start` (SINETTI_DATA; .data in the repository)"],
] as const;
const PASSWORD_BYTES = 24;

/** `sinetti break-glass`. */
export function addBreakGlassCommands(program: Command): void {
  const group = program
    .command("break-glass")
    .description("Open a database to a person for four hours at most; everybody is told");
  addCommand(group, {
    usage: "open [database]",
    summary: "Make a login for a time: who, what or gate of this installation, or that of --url",
    options: [
      ["--access <access>", "read: every table; owner: what the owner may", "required"],
      ["--by <name>", "who comes in by it", "required"],
      ["--reason <text>", "why; it stands in the catalogue, so no patient's name", "required"],
      ["--for <time>", "4h at most (1h)"],
      ["--owner <role>", "with --access owner: whose rights; the database's owner when left out"],
      ["--out <file>", "a password file for psql (PGPASSFILE); else it is printed, once"],
      ...PLACES,
    ],
    example:
      'sinetti break-glass open what --access read --for 30m --by "Aino Laine" --reason "index is broken" --out pass',
    run: open,
  });
  addCommand(group, {
    usage: "close [role]",
    summary: "End one, or all whose hours are over: login, sessions, rights and role",
    options: [["--expired", "all whose hours are over"], ...PLACES],
    example: "sinetti break-glass close --expired",
    run: close,
  });
  addCommand(group, {
    usage: "list",
    summary: "List who was let in for a time, until when, by which sessions",
    options: [...PLACES],
    example: "sinetti break-glass list",
    run: list,
  });
}

function targetsOf(words: Words, { asSuper }: { asSuper: boolean }): PostureTarget[] {
  const [url, data] = [words.text("url"), words.text("data")];
  if (url !== undefined && data !== undefined) throw new UsageError("--url or --data, not both");
  if (url !== undefined) return [urlTarget(url, null)];
  const folder = data === undefined ? defaultData() : resolve(data);
  return asSuper ? storeTargets(folder) : ownTargets(folder, null);
}

function targetOf(words: Words): PostureTarget {
  const targets = targetsOf(words, { asSuper: true });
  const [first] = targets;
  const name = words.args[0];
  if (words.text("url") !== undefined && first !== undefined) {
    if (name !== undefined) throw new UsageError("--url names the database");
    return first;
  }
  const found = targets.find((target) => target.name === name);
  if (found === undefined)
    throw new UsageError(`which database: ${targets.map((one) => one.name).join(", ")}`);
  return found;
}

function readAccess(text: string): "read" | "owner" {
  if (text !== "read" && text !== "owner") throw new UsageError("--access: read or owner");
  return text;
}

/** A line of a password file: of any server, since the role is of one alone. */
function passLine({ database, role }: OpenedBreakGlass, password: string): string {
  return `*:*:${database.replaceAll(/[\\:]/g, "\\$&")}:${role}:${password}`;
}

async function open({ output }: Shell, words: Words): Promise<Printed> {
  const access = readAccess(needed(words, "access"));
  const seconds = readInterval(words.text("for") ?? "1h", "--for") / 1000;
  const [by, reason, owner] = [needed(words, "by"), needed(words, "reason"), words.text("owner")];
  if (owner !== undefined && access !== "owner")
    throw new UsageError("--owner goes with --access owner");
  const out = words.text("out");
  const file = out === undefined ? null : resolve(out);
  if (file !== null) refuseExisting([file]);
  const target = targetOf(words);
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  const opened = await withTarget(target, async (sql) => {
    const verifier = scramVerifier(password);
    const made = await openBreakGlass(sql, { access, by, reason, seconds, owner, verifier });
    try {
      if (file !== null) writeSecretFile(file, passLine(made, password));
      return made;
    } catch (error) {
      // Nobody knows the password: nobody needs the role.
      await closeBreakGlass(sql, made.role);
      throw error;
    }
  });
  const { role, note, database } = opened;
  output.log(`${target.name} is open to ${plain(by)} until ${note.until}; it is an alarm from now`);
  const secret = file === null ? { password } : { file };
  return {
    json: { database: target.name, role, access, from: note.from, until: note.until, ...secret },
    text: [
      `role      ${role}`,
      file === null ? `password  ${password}  (shown once)` : `password  in ${file} (PGPASSFILE)`,
      `database  ${database}, ${access}, until ${note.until}`,
      `End it:   sinetti break-glass close ${role}`,
    ].join("\n"),
  };
}

interface Row extends Omit<ClosedBreakGlass, "role"> {
  readonly database: string;
  readonly role: string;
}

/** The database of this installation, or of --url, that has such a role. */
async function closeOne(targets: readonly PostureTarget[], role: string): Promise<Row[]> {
  const found: Row[] = [];
  for (const target of targets) {
    const database = target.name;
    const closed = await withTarget(target, async (sql) => {
      const all = await listBreakGlass(sql, new Date());
      const isHere = all.some((one) => one.role === role);
      return isHere || targets.length === 1 ? await closeBreakGlass(sql, role) : null;
    });
    if (closed !== null) found.push({ database, ...closed });
  }
  if (found.length === 0)
    throw new UsageError("there is no such temporary access. Nothing was changed.");
  return found;
}

async function close(_shell: Shell, words: Words): Promise<Printed> {
  const isExpired = words.flag("expired");
  if (isExpired === (words.args[0] !== undefined))
    throw new UsageError("a role, or --expired: not both, nor neither");
  const targets = targetsOf(words, { asSuper: true });
  const closed = isExpired
    ? await closeExpired(targets)
    : await closeOne(targets, argument(words, 0));
  const isFailed = closed.some(({ outcome }) => outcome === "still-there");
  return {
    json: { closed },
    text:
      closed.length === 0
        ? "Nothing is over."
        : table(closed.map(({ outcome, database, role }) => [outcome, database, role])),
    exit: isFailed ? EXIT.verification : EXIT.done,
  };
}

async function closeExpired(targets: readonly PostureTarget[]): Promise<Row[]> {
  const closed: Row[] = [];
  for (const target of targets) {
    const over = await withTarget(target, (sql) => closeOverBreakGlass(sql, new Date()));
    closed.push(...over.map((one) => ({ database: target.name, ...one })));
  }
  return closed;
}

function rowOf(database: string, access: BreakGlassAccess): object {
  const { role, state, note, fault, pids } = access;
  return { database, role, state, ...note, fault, sessions: pids.length };
}

async function list(_shell: Shell, words: Words): Promise<Printed> {
  const found: { database: string; access: BreakGlassAccess }[] = [];
  for (const target of targetsOf(words, { asSuper: false })) {
    const all = await withTarget(target, (sql) => listBreakGlass(sql, new Date()));
    found.push(...all.map((access) => ({ database: target.name, access })));
  }
  const lines = found.map(({ database, access: { role, state, note, pids } }) => [
    state,
    database,
    role,
    note === null ? "nobody says" : `${note.access} until ${note.until}`,
    `${pids.length} sessions`,
    note === null ? "" : plain(`${note.by}: ${note.reason}`),
  ]);
  return {
    json: { accesses: found.map(({ database, access }) => rowOf(database, access)) },
    text: lines.length === 0 ? "Nobody was let in for a time." : table(lines),
  };
}
