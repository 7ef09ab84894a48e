import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { decodeReviewRecord, verifyReviewRecord, type ReviewRound } from "@sinetti/client";
import type { DatabaseEdge } from "@sinetti/core";
import {
  applyReview,
  collectAccess,
  lapseRoles,
  type AppliedAccess,
  type DatabaseDecision,
} from "@sinetti/posture";
import type { Command } from "commander";
import { z } from "zod";

import { EXIT } from "../failure.ts";
import { readBytes } from "../input/readBytes.ts";
import { InputError, UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { refuseExisting } from "../paperFile.ts";
import {
  ownTargets,
  readPolicyFile,
  storeTargets,
  urlTarget,
  withTarget,
  type PostureTarget,
} from "../posture/postureTarget.ts";
import { plain } from "../posture/postureText.ts";
import { withClient } from "../session.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const DAY_SECONDS = 86_400;
/** What was looked at is to be looked at again after so long; what was not ends after so long. */
const KEPT_SECONDS = 30 * DAY_SECONDS;
const LEFT_SECONDS = 14 * DAY_SECONDS;

const PLACES = [
  ["--url <url>", "postgres:// of a database; without it this installation's three"],
  ["--data <dir>", "data folder of `start` (SINETTI_DATA; .data in the repository)"],
  ["--policy <file>", "the declared policy of the database of --url"],
] as const;

const text = z.string().max(300);
const accessFile = z.strictObject({
  sinettiAccess: z.literal(1),
  edges: z
    .array(
      z.strictObject({
        database: text,
        role: text,
        path: z.array(text).max(16),
        right: text,
        object: text,
        validUntil: z.int().min(0).nullable(),
        risks: z.array(z.enum(["undeclared", "past-day", "break-glass"])),
      }),
    )
    .max(10_000),
});

/** The commands of a round that run on the host of the databases. */
export function addReviewDatabaseCommands(group: Command): void {
  addCommand(group, {
    usage: "databases",
    summary: "On the databases' host: write down what roles may do there, for `review open`",
    options: [
      ["--out <file>", "the file that the privacy officer is given", "required"],
      ...PLACES,
    ],
    example: "sinetti review databases --out databases.json",
    run: list,
  });
  addCommand(group, {
    usage: "apply <record>",
    summary:
      "On the databases' host: carry out what a closed round decided there, and read the catalogue again",
    options: PLACES,
    example: "sinetti review apply review.cbor",
    run: apply,
  });
  addCommand(group, {
    usage: "lapse",
    summary: "On the databases' host: take the login from roles whose day is over",
    options: PLACES,
    example: "sinetti review lapse",
    run: lapse,
  });
}

/** Accesses that an operator's file names, for a round. Error: InputError. */
export function readDatabaseEdges(path: string): DatabaseEdge[] {
  try {
    const read = JSON.parse(readFileSync(path, "utf8")) as unknown;
    return accessFile.parse(read).edges;
  } catch (cause) {
    throw new InputError(path, "not what `sinetti review databases` writes", { cause });
  }
}

function targetsOf(words: Words, { asOwner }: { asOwner: boolean }): PostureTarget[] {
  const [url, data, file] = [words.text("url"), words.text("data"), words.text("policy")];
  if (url !== undefined && data !== undefined) throw new UsageError("--url or --data, not both");
  if (url === undefined && file !== undefined) throw new UsageError("--policy goes with --url");
  if (url !== undefined) return [urlTarget(url, file === undefined ? null : readPolicyFile(file))];
  const folder = data === undefined ? defaultData() : resolve(data);
  return asOwner ? storeTargets(folder) : ownTargets(folder, null);
}

async function list(_shell: Shell, words: Words): Promise<Printed> {
  const out = needed(words, "out");
  refuseExisting([out]);
  const now = new Date();
  const edges: DatabaseEdge[] = [];
  for (const target of targetsOf(words, { asOwner: false })) {
    const { name: database, policy } = target;
    const found = await withTarget(target, (sql) => collectAccess(sql, { database, policy, now }));
    edges.push(...found.map((edge) => ({ ...edge, path: [...edge.path], risks: [...edge.risks] })));
  }
  const content = { sinettiAccess: 1, edges };
  writeFileSync(out, `${JSON.stringify(content, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  const risky = edges.filter(({ risks }) => risks.length > 0).length;
  return {
    json: { file: out, edges: edges.length, risky },
    text: `${out}: ${edges.length} accesses, ${risky} of them to look at one by one.`,
  };
}

/** What a verified round says of the accesses of one database; no login is kept for longer than until the next round. */
export function decisionsOn(
  { snapshot, decisions }: Pick<ReviewRound, "snapshot" | "decisions">,
  database: string,
): DatabaseDecision[] {
  const longest = snapshot.at + KEPT_SECONDS;
  const byEdge = new Map(decisions.map((decision) => [decision.edge, decision]));
  return snapshot.edges.flatMap((each, place): DatabaseDecision[] => {
    if (each.kind !== "database" || each.edge.database !== database) return [];
    const access = { ...each.edge, risks: [] };
    const decision = byEdge.get(place);
    if (decision === undefined) {
      const ends = snapshot.at + LEFT_SECONDS;
      const until = Math.min(access.validUntil ?? ends, ends);
      return [{ access, verdict: "left", until }];
    }
    if (decision.verdict === "revoke") return [{ access, verdict: "revoke", until: 0 }];
    const until = decision.until === 0 ? longest : Math.min(decision.until, longest);
    return [{ access, verdict: "keep", until }];
  });
}

async function apply(shell: Shell, words: Words): Promise<Printed> {
  const record = decodeReviewRecord(readBytes(argument(words, 0)));
  // Whoever runs this needs no more than a device of the practice: the chain says what was decided.
  const round = await withClient(shell, async (client) => {
    await client.context.practice.sync(client.context.services);
    return verifyReviewRecord(client.practice, record);
  });
  const now = new Date();
  const applied: AppliedAccess[] = [];
  for (const target of targetsOf(words, { asOwner: true })) {
    const { name: database, policy } = target;
    const decisions = decisionsOn(round, database);
    if (decisions.length === 0) continue;
    applied.push(
      ...(await withTarget(target, (sql) =>
        applyReview(sql, decisions, { database, policy, now }),
      )),
    );
  }
  return printed(applied);
}

async function lapse(_shell: Shell, words: Words): Promise<Printed> {
  const now = new Date();
  const applied: AppliedAccess[] = [];
  for (const target of targetsOf(words, { asOwner: true })) {
    const { name: database, policy } = target;
    applied.push(
      ...(await withTarget(target, (sql) => lapseRoles(sql, { database, policy, now }))),
    );
  }
  return printed(applied);
}

function printed(applied: readonly AppliedAccess[]): Printed {
  const rows = applied.map(({ access: { database, role, right, object }, outcome }) => ({
    database,
    role,
    right,
    object,
    outcome,
  }));
  const isFailed = applied.some(({ outcome }) => outcome === "still-there");
  const lines = rows.map((row) =>
    [row.outcome, row.database, row.role, row.right, row.object].map(plain),
  );
  return {
    json: { applied: rows },
    text: rows.length === 0 ? "Nothing to do here." : table(lines),
    exit: isFailed ? EXIT.verification : EXIT.done,
  };
}
