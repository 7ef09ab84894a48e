import {
  edgeState,
  knownDirectory,
  lapsedEdges,
  listRounds,
  readRound,
  reviewReminder,
  subjectName,
  unheldFiles,
  type Client,
} from "@sinetti/client";
import { weekOf, weekStart, type OrderId, type ReviewEdge } from "@sinetti/core";

import { readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";

/** The rounds and what is due, or the accesses of a round. */
export async function printRounds(client: Client, id: string | undefined): Promise<Printed> {
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
  const lost = reminder.unheld === 0 ? [] : await unheldFiles(client);
  const unheld = lost.map(
    ({ file, compartment }) =>
      `Nobody may hand on ${compartment} ${file}: the trustees give it back (recovery give-back).`,
  );
  const rows = rounds.map(({ round, edges, week, closed }) => [
    round,
    week,
    `${edges} accesses`,
    closed === null
      ? "open"
      : `closed: ${closed.kept} kept, ${closed.narrowed} narrowed, ${closed.revoked} revoked, ${closed.left} left`,
  ]);
  return {
    json: { rounds, ...reminder, unheldFiles: lost },
    text: [due, ...late, ...unheld, table(rows)].join("\n").trimEnd(),
  };
}

async function listEdges(client: Client, id: OrderId): Promise<Printed> {
  const round = await readRound(client, id);
  const directory = await knownDirectory(client);
  const now = client.context.world.clock.now();
  const at = { now, week: weekOf(now) };
  const { practice } = client;
  const lapsed = await lapsedEdges(client, round);
  const verdicts = new Map(round.decisions.map(({ edge, verdict }) => [edge, verdict]));
  const rows = round.edges.map((each, index) => ({
    edge: index,
    kind: each.kind,
    holder: each.kind === "key" ? subjectName(each.edge, { practice, directory }) : each.edge.role,
    what: whatOf(each),
    state:
      each.kind === "key" ? edgeState(each.edge, { ...at, isGone: lapsed.has(index) }) : "active",
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
