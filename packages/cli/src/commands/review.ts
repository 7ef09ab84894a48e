import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

import {
  closeRound,
  decideEdges,
  decodeReviewRecord,
  edgeState,
  encodeReviewRecord,
  isLowRisk,
  knownDirectory,
  listRounds,
  openRound,
  readReviewRecord,
  readRound,
  reviewPaper,
  reviewReminder,
  signReviewPaper,
  subjectName,
  verifyReviewPaper,
  verifyReviewRecord,
  type Client,
  type Decided,
  type EdgeWish,
  type ReviewRound,
} from "@sinetti/client";
import {
  REVIEW_REASONS,
  REVIEW_VERDICTS,
  endWeekOf,
  reviewOf,
  weekOf,
  weekStart,
  type MemberId,
  type OrderId,
  type ReviewEdge,
} from "@sinetti/core";
import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { readBytes } from "../input/readBytes.ts";
import { readDay, readId, readRights } from "../input/values.ts";
import { UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { refuseExisting, writePaper } from "../paperFile.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { addReviewDatabaseCommands, readDatabaseEdges } from "./reviewDatabases.ts";

const EXAMPLE = "7c1e0f5a9b3d42c6a8f0e1d2c3b4a596";

/** `sinetti review`. */
export function addReviewCommands(program: Command): void {
  const group = program
    .command("review")
    .description("Rounds of review: who may open what, renewed or ended (privacy officer)");
  addCommand(group, {
    usage: "open",
    summary: "Open a round: freeze who may open what now, with last use and what speaks against it",
    options: [
      ["--member <member>", "the accesses of one member or team alone"],
      ["--ending", "those alone that end within two weeks"],
      ["--databases <file>", "with what `review databases` wrote on the databases' host"],
    ],
    example: "sinetti review open --ending",
    run: open,
  });
  addCommand(group, {
    usage: "list [round]",
    summary: "List the rounds and what is due, or the accesses of a round of this device",
    example: "sinetti review list",
    run: (shell, words) => withClient(shell, (client) => list(client, words.args[0])),
  });
  addCommand(group, {
    usage: "decide <round>",
    summary: "Keep all that nothing speaks against, or decide on single accesses",
    options: [
      ["--keep-low-risk", "keep every access that nothing speaks against"],
      ["--edges <numbers...>", "the accesses, by their numbers in `review list`"],
      ["--verdict <verdict>", REVIEW_VERDICTS.join(", ")],
      ["--rights <rights>", "what is left after narrow: read; or read,write"],
      ["--until <date>", "YYYY-MM-DD; the policy's longest when left out"],
      ["--reason <reason>", REVIEW_REASONS.join(", ")],
    ],
    example: `sinetti review decide ${EXAMPLE} --keep-low-risk`,
    run: decide,
  });
  addCommand(group, {
    usage: "close <round>",
    summary:
      "Close a round: sign its decisions, and write its record; what is left ends on its day",
    options: [
      ["--out <file>", "the record on paper: .pdf, or text", "required"],
      ["--record <file>", "the record as a file that `review verify` reads", "required"],
    ],
    example: `sinetti review close ${EXAMPLE} --out review.pdf --record review.cbor`,
    run: close,
  });
  addCommand(group, {
    usage: "verify <record>",
    summary: "Hold the record of a round, or its paper, against the practice chain",
    example: "sinetti review verify review.cbor",
    run: verify,
  });
  addReviewDatabaseCommands(group);
}

async function open(shell: Shell, words: Words): Promise<Printed> {
  const subject = words.text("member");
  const isEnding = words.flag("ending");
  if (subject !== undefined && isEnding) throw new UsageError("--member or --ending, not both");
  const file = words.text("databases");
  const databases = file === undefined ? [] : readDatabaseEdges(file);
  return withClient(shell, (client) =>
    shell.output.progress(async (move) => {
      const now = weekOf(client.context.world.clock.now());
      const scope =
        subject !== undefined
          ? { by: "subject" as const, subject: readId<MemberId>(subject, "--member") }
          : isEnding
            ? { by: "ending" as const, endsBy: now + 2 }
            : { by: "practice" as const };
      const round = await openRound(client, {
        scope,
        databases,
        onProgress: (files) => move(files, files),
      });
      const { edges } = round.snapshot;
      const lowRisk = edges.filter(({ edge }) => isLowRisk(edge)).length;
      const json = { round: round.round, edges: edges.length, lowRisk };
      return {
        json,
        text: `Round ${round.round}: ${edges.length} accesses, ${edges.length - lowRisk} to look at one by one.`,
      };
    }),
  );
}

async function list(client: Client, id: string | undefined): Promise<Printed> {
  if (id !== undefined) return listEdges(client, readId<OrderId>(id, "round"));
  const reminder = await reviewReminder(client);
  const rounds = listRounds(client.practice).map(({ round, by, edges, week, closed }) => ({
    round,
    by,
    edges,
    week: dayOf(week),
    closed: closed === null ? null : { ...closed, week: dayOf(closed.week) },
  }));
  const due =
    reminder.ending === 0
      ? "Nothing ends within two weeks."
      : `${reminder.ending} accesses end within two weeks, the first on ${reminder.first}.`;
  const late = reminder.isOverdue ? ["A review is overdue."] : [];
  const rows = rounds.map(({ round, edges, week, closed }) => [
    round,
    week,
    `${edges} accesses`,
    closed === null
      ? "open"
      : `closed: ${closed.kept} kept, ${closed.narrowed} narrowed, ${closed.revoked} revoked, ${closed.left} left`,
  ]);
  return { json: { rounds, ...reminder }, text: [due, ...late, table(rows)].join("\n").trimEnd() };
}

async function listEdges(client: Client, id: OrderId): Promise<Printed> {
  const round = await readRound(client, id);
  const directory = await knownDirectory(client);
  const now = client.context.world.clock.now();
  const at = { now, week: weekOf(now) };
  const { practice } = client;
  const verdicts = new Map(round.decisions.map(({ edge, verdict }) => [edge, verdict]));
  const rows = round.snapshot.edges.map((each, index) => ({
    edge: index,
    kind: each.kind,
    holder: each.kind === "key" ? subjectName(each.edge, { practice, directory }) : each.edge.role,
    what: whatOf(each),
    state: each.kind === "key" ? edgeState(each.edge, at) : "active",
    lastUsed:
      each.kind === "key" && each.edge.lastUsed !== null
        ? new Date(each.edge.lastUsed * 1000).toISOString()
        : null,
    until: each.kind === "key" && each.edge.expires !== 0 ? dayOf(each.edge.expires) : null,
    risks: each.edge.risks,
    verdict: verdicts.get(index) ?? null,
  }));
  const text = table(
    rows.map(({ edge, holder, what, state, lastUsed, risks, verdict }) => [
      String(edge),
      holder,
      what,
      state,
      lastUsed?.slice(0, 10) ?? "never used",
      risks.join(","),
      verdict ?? "",
    ]),
  );
  return { json: { round: id, edges: rows }, text };
}

function whatOf(each: ReviewEdge): string {
  if (each.kind === "database") return `${each.edge.right} ${each.edge.object}`;
  return `${each.edge.compartment} ${each.edge.file}`;
}

function dayOf(week: number): string {
  return new Date(weekStart(week) * 1000).toISOString().slice(0, 10);
}

function oneOf<T extends string>(known: readonly T[], name: string, text: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UsageError(`--${name}: one of ${known.join(", ")}`);
  return found;
}

function readWish(words: Words): Omit<EdgeWish, "edge"> {
  const verdict = oneOf(REVIEW_VERDICTS, "verdict", needed(words, "verdict"));
  const rights = words.text("rights");
  if ((verdict === "narrow") !== (rights !== undefined))
    throw new UsageError("--rights goes with --verdict narrow, and only with it");
  const until = words.text("until");
  const reason = words.text("reason") ?? (verdict === "keep" ? "needed" : undefined);
  if (reason === undefined) throw new UsageError("--reason is missing");
  return {
    verdict,
    ...(rights === undefined ? {} : { rights: readRights(rights) }),
    ...(until === undefined ? {} : { until: endWeekOf(readDay(until)) }),
    reason: oneOf(REVIEW_REASONS, "reason", reason),
    seconds: 0,
  };
}

function readEdges(words: Words, { snapshot }: ReviewRound): number[] {
  const edges = words.list("edges").flatMap((text) => text.split(","));
  return edges.map((text) => {
    const edge = /^\d{1,5}$/.test(text) ? Number(text) : -1;
    if (snapshot.edges[edge] === undefined)
      throw new UsageError(`--edges: numbers from 0 to ${snapshot.edges.length - 1}`);
    return edge;
  });
}

async function decide(shell: Shell, words: Words): Promise<Printed> {
  const id = readId<OrderId>(argument(words, 0), "round");
  const inBulk = words.flag("keepLowRisk");
  if (inBulk === words.list("edges").length > 0)
    throw new UsageError("--keep-low-risk, or --edges with --verdict");
  return withClient(shell, async (client) => {
    const round = await readRound(client, id);
    const wishes = inBulk
      ? lowRiskWishes(round)
      : readEdges(words, round).map((edge) => ({ edge, ...readWish(words) }));
    return printDecided(await decideEdges(client, { round: id, wishes, inBulk }));
  });
}

function lowRiskWishes({ snapshot, decisions }: ReviewRound): EdgeWish[] {
  const decided = new Set(decisions.map(({ edge }) => edge));
  return snapshot.edges.flatMap(({ edge }, index) =>
    isLowRisk(edge) && !decided.has(index)
      ? [{ edge: index, verdict: "keep" as const, reason: "needed" as const, seconds: 0 }]
      : [],
  );
}

function printDecided(decided: readonly Decided[]): Printed {
  const refused = decided.flatMap((each) =>
    each.ok ? [] : [{ edge: each.edge, reason: each.reason }],
  );
  const done = decided.flatMap((each) => (each.ok ? [each.decision] : []));
  const lines = refused.map(({ edge, reason }) => `${edge} was refused: ${reason}`);
  return {
    json: { decided: done.length, refused },
    text: [`${done.length} decided.`, ...lines].join("\n"),
    exit: refused.length > 0 ? EXIT.refused : EXIT.done,
  };
}

async function close(shell: Shell, words: Words): Promise<Printed> {
  const id = readId<OrderId>(argument(words, 0), "round");
  const [out, file] = [needed(words, "out"), needed(words, "record")];
  refuseExisting([out, file]);
  return withClient(shell, async (client) => {
    const { state } = await readRound(client, id);
    const record =
      state.closed === null ? await closeRound(client, id) : await readReviewRecord(client, id);
    const bytes = encodeReviewRecord(record);
    writeFileSync(file, bytes, { flag: "wx", mode: 0o600 });
    await writePaper(out, await reviewPaper(client, record), {
      sign: (paper) => signReviewPaper(client, id, paper),
    });
    const { closed } = verifyReviewRecord(client.practice, record).state;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const { kept, narrowed, revoked, left } = closed ?? {
      kept: 0,
      narrowed: 0,
      revoked: 0,
      left: 0,
    };
    return {
      json: { round: id, file: out, record: file, sha256, kept, narrowed, revoked, left },
      text: `Closed: ${kept} kept, ${narrowed} narrowed, ${revoked} revoked, ${left} left to end on their day.`,
    };
  });
}

async function verify(shell: Shell, words: Words): Promise<Printed> {
  const path = argument(words, 0);
  const bytes = readBytes(path);
  if (/\.(pdf|md|txt)$/i.test(path)) return verifyPaper(shell, bytes);
  const record = decodeReviewRecord(bytes);
  return withClient(shell, async (client) => {
    await client.context.practice.sync(client.context.services);
    const { round, state, decisions } = verifyReviewRecord(client.practice, record);
    return {
      json: { round, by: state.by, edges: state.edges, decisions: decisions.length },
      text: `The record holds: ${decisions.length} decisions on ${state.edges} accesses, as they were signed.`,
    };
  });
}

async function verifyPaper(shell: Shell, paper: Uint8Array): Promise<Printed> {
  return withClient(shell, async (client) => {
    const { practice, context } = client;
    await context.practice.sync(context.services);
    const round = verifyReviewPaper(practice, paper);
    return {
      json: { round, by: reviewOf(practice, round)?.by },
      text: `The paper is as it was signed by whoever closed round ${round}.`,
    };
  });
}
