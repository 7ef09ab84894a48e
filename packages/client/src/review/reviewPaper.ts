import {
  closerOf,
  hashReviewDecisions,
  hashReviewSnapshot,
  RIGHTS,
  weekStart,
  type MemberId,
  type ReviewDecision,
  type ReviewEdge,
  type ReviewRisk,
} from "@sinetti/core";
import type { Block, Paper, Text } from "@sinetti/paper";
import type { Client } from "../client.ts";
import { knownDirectory } from "../practicePeople.ts";
import { subjectName } from "./names.ts";
import { verifyReviewRecord, type ReviewRecord, type ReviewRound } from "./round.ts";

const RISK_WORDS: Record<ReviewRisk, string> = {
  unused: "not used for 90 days",
  "care-ended": "the record is closed",
  left: "the holder has left, or lost the role",
  "too-wide": "wider than the role allows",
  own: "the reviewer’s own",
  "own-grant": "granted by the reviewer",
  unjustified: "no reason for it",
  "over-policy": "longer than the policy allows",
  "past-day": "past its day",
  canary: "the invented patient",
  "break-glass": "past a budget, or let in for a time",
  undeclared: "not declared",
};

const isoDay = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

function rightNames(rights: number): string {
  return Object.entries(RIGHTS)
    .flatMap(([name, bit]) => ((rights & bit) === 0 ? [] : [name]))
    .join(", ");
}

function decisionText(kind: ReviewEdge["kind"], decision: ReviewDecision | undefined): string {
  if (decision === undefined) return "left: ends on its day";
  const { verdict, rights, until, reason, inBulk } = decision;
  const end = until === 0 ? "" : ` until ${isoDay(kind === "key" ? weekStart(until) : until)}`;
  const how = inBulk ? " (with others)" : "";
  if (verdict === "revoke") return `revoked: ${reason}`;
  if (verdict === "narrow")
    return `narrowed${rights === 0 ? "" : ` to ${rightNames(rights)}`}${end}: ${reason}`;
  return `kept${end}${how}`;
}

/** One line of the table, and whom it is grouped under. */
interface Line {
  readonly group: string;
  readonly cells: readonly Text[];
}

function lineOf(
  each: ReviewEdge,
  decision: ReviewDecision | undefined,
  {
    nameOf,
    byOthers,
  }: {
    nameOf: (edge: Extract<ReviewEdge, { kind: "key" }>["edge"]) => string;
    /** Who decided, where that was not whoever opened the round. */
    byOthers: (decision: ReviewDecision) => string;
  },
): Line {
  const against = each.edge.risks.map((risk) => RISK_WORDS[risk]).join("; ");
  const by = decision === undefined ? "" : byOthers(decision);
  const decided = `${decisionText(each.kind, decision)}${by}`;
  if (each.kind === "database") {
    const { database, role, path, right, object } = each.edge;
    const way = path.length < 2 ? "" : ` (${path.join(" → ")})`;
    return {
      group: `Database ${database}`,
      cells: [`${role}${way}`, `${right} ${object}`, "", against, decided],
    };
  }
  const { edge } = each;
  const used = edge.lastUsed === null ? "never" : isoDay(edge.lastUsed);
  return {
    group: nameOf(edge),
    cells: [
      [{ text: edge.compartment }, { text: ` ${edge.file.slice(0, 8)}`, mono: true, quiet: true }],
      rightNames(edge.rights),
      used,
      against,
      decided,
    ],
  };
}

function tables(
  { snapshot, decisions }: ReviewRound,
  names: Parameters<typeof lineOf>[2],
): Block[] {
  const byEdge = new Map(decisions.map((decision) => [decision.edge, decision]));
  const lines = snapshot.edges.map((each, index) => lineOf(each, byEdge.get(index), names));
  return [...Map.groupBy(lines, ({ group }) => group)].flatMap(([group, own]): Block[] => [
    { type: "heading", level: 2, text: `${group}: ${own.length}` },
    {
      type: "table",
      head: ["What", "May", "Last used", "Against it", "Decision"],
      widths: [22, 16, 14, 24, 24],
      rows: own.map(({ cells }) => cells),
    },
  ]);
}

/** The record of a closed round as it is printed, held against the practice chain first. Error: `verification-failed`. */
export async function reviewPaper(client: Client, record: ReviewRecord): Promise<Paper> {
  const { practice } = client;
  const round = verifyReviewRecord(practice, record);
  const { state, snapshot, decisions } = round;
  const directory = await knownDirectory(client);
  const named = directory?.values.get("practice");
  const name = named?.kind === "practice" ? named.name : practice.practice;
  const { closed } = state;
  if (closed === null) throw new TypeError("verified, and not closed");
  const seconds = decisions.reduce((sum, decision) => sum + decision.seconds, 0);
  const nameOf = (id: MemberId): string =>
    subjectName({ subject: { type: "member", id } }, { practice, directory });
  const byOthers = (decision: ReviewDecision): string =>
    decision.by === undefined || decision.by === state.by ? "" : `; by ${nameOf(decision.by)}`;
  const mono = (text: string): Text => [{ text, mono: true }];
  return {
    title: "Review of access",
    language: "en",
    footer: `${name} · review ${record.round}`,
    made: new Date(snapshot.at * 1000).toISOString(),
    blocks: [
      { type: "heading", level: 1, text: "Review of access" },
      {
        type: "fields",
        rows: [
          { label: "Practice", value: name },
          { label: "Opened by", value: nameOf(state.by) },
          { label: "Closed by", value: nameOf(closerOf(state) ?? state.by) },
          { label: "As it stood on", value: isoDay(snapshot.at) },
          { label: "Closed in the week of", value: isoDay(weekStart(closed.week)) },
          {
            label: "Accesses",
            value: `${state.edges}: ${closed.kept} kept, ${closed.narrowed} narrowed, ${closed.revoked} revoked, ${closed.left} left`,
          },
          { label: "Time taken", value: `${Math.ceil(seconds / 60)} min` },
          { label: "Round", value: mono(record.round) },
          {
            label: `Opened by statement ${state.seq}`,
            value: mono(hashReviewSnapshot(record.snapshot)),
          },
          {
            label: `Closed by statement ${closed.seq}`,
            value: mono(hashReviewDecisions(record.decisions)),
          },
        ],
      },
      {
        type: "paragraph",
        text: "Each statement is signed by the device of whoever opened or closed the round in the practice’s chain and binds its hash. Each decision on a record’s keys is a signed statement in that record’s own chain. sinetti review verify holds the record file of this round against them. What was left ends on its day by itself.",
        tone: "quiet",
      },
      ...tables(round, {
        nameOf: (edge) => subjectName(edge, { practice, directory }),
        byOthers,
      }),
    ],
  };
}
