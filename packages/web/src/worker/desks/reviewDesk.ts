import {
  closeRound,
  decideEdges,
  encodeReviewRecord,
  endingAccess,
  isLowRisk,
  knownDirectory,
  lapsedEdges,
  listRounds,
  listShared,
  memberName,
  openRound,
  readReviewRecord,
  readRound,
  reviewPaper,
  signReviewPaper,
  reviewReminder,
  unheldFiles,
  verifyReviewRecord,
  type Client,
  type DecisionRefusal,
  type EdgeWish,
  type EndingAccess,
  type ReviewReminder,
} from "@sinetti/client";
import {
  closerOf,
  RIGHTS,
  weekOf,
  weekStart,
  type Compartment,
  type MemberId,
  type OrderId,
} from "@sinetti/core";

import { reviewView, type ReviewView } from "../review/reviewRows.ts";
import type { Session } from "../session.ts";
import type { PdfFile } from "./locksDesk.ts";

/** Weeks ahead of which "ends soon" speaks. */
const SOON_WEEKS = 2;

/** A round of the practice, as its chain has it. */
export interface RoundLine {
  readonly round: string;
  readonly by: string;
  /** Whether it can be gone through or saved: it is on this device, or shared with this member. */
  readonly isHere: boolean;
  /** Whether this member opened it. */
  readonly isOwn: boolean;
  /** ISO date of the Monday of the week in which it was opened. */
  readonly opened: string;
  readonly edges: number;
  readonly closed: {
    readonly kept: number;
    readonly narrowed: number;
    readonly revoked: number;
    readonly left: number;
  } | null;
}

/** What there is to review, and the rounds before. */
export interface ReviewOverview {
  readonly reminder: ReviewReminder;
  readonly rounds: readonly RoundLine[];
  /** Records that nobody who is there may hand on; the trustees give them back. */
  readonly unheld: readonly {
    readonly file: string;
    readonly compartment: Compartment;
    readonly holders: readonly string[];
  }[];
  readonly people: readonly { readonly member: string; readonly name: string }[];
}

/** What is decided on one access. */
export interface RowWish {
  readonly edge: number;
  readonly verdict: EdgeWish["verdict"];
  readonly rights?: readonly (keyof typeof RIGHTS)[];
  readonly reason: EdgeWish["reason"];
  readonly seconds: number;
}

/** What became of wishes. */
export interface DecidedView {
  readonly decided: number;
  readonly refused: readonly { readonly edge: number; readonly reason: DecisionRefusal }[];
}

/** Which accesses a round looks at: all, those that end soon, or those of one member. */
export type ReviewWish = "all" | "ending" | { readonly member: string };

const isoDay = (week: number): string =>
  new Date(weekStart(week) * 1000).toISOString().slice(0, 10);

function toWish({ edge, verdict, rights, reason, seconds }: RowWish): EdgeWish {
  const bits = (rights ?? []).reduce((sum, name) => sum | RIGHTS[name], 0);
  return { edge, verdict, reason, seconds, ...(rights === undefined ? {} : { rights: bits }) };
}

async function roundLines(client: Client): Promise<RoundLine[]> {
  const directory = await knownDirectory(client);
  const shared = await listShared(client.context);
  const lines: RoundLine[] = [];
  for (const { round, by, edges, week, closed } of listRounds(client.practice)) {
    const cells = await client.context.device.list(`review/${round}/`);
    lines.push({
      round,
      by: (directory === null ? null : memberName(directory, by)) ?? by,
      isHere: cells.length > 0 || shared.has(round),
      isOwn: by === client.member,
      opened: isoDay(week),
      edges,
      closed,
    });
  }
  return lines;
}

/** Rounds of review: who may open what, for a privacy officer. */
export const makeReviewDesk = (session: Session) => ({
  overview: async (): Promise<ReviewOverview> => {
    const { client } = session;
    const reminder = await reviewReminder(client);
    const directory = await knownDirectory(client);
    const nameOf = (member: MemberId): string =>
      (directory === null ? null : memberName(directory, member)) ?? member;
    const people = (Object.keys(client.practice.members) as MemberId[]).map((member) => ({
      member,
      name: nameOf(member),
    }));
    people.sort((a, b) => a.name.localeCompare(b.name));
    const found = reminder.unheld === 0 ? [] : await unheldFiles(client);
    const unheld = found.map((each) => ({ ...each, holders: each.holders.map(nameOf) }));
    return { reminder, rounds: await roundLines(client), unheld, people };
  },
  reminder: (): Promise<ReviewReminder> => reviewReminder(session.client),
  ending: (): Promise<EndingAccess> => endingAccess(session.client),
  /** Opens a round; gives its id. */
  open: async (wish: ReviewWish): Promise<string> => {
    const { client } = session;
    const endsBy = weekOf(client.context.world.clock.now()) + SOON_WEEKS;
    const scope =
      wish === "all"
        ? { by: "practice" as const }
        : wish === "ending"
          ? { by: "ending" as const, endsBy }
          : { by: "subject" as const, subject: wish.member as MemberId };
    return (await openRound(client, { scope })).round;
  },
  read: async (round: string): Promise<ReviewView> => {
    const { client } = session;
    const [read, directory] = [
      await readRound(client, round as OrderId),
      await knownDirectory(client),
    ];
    const lapsed = await lapsedEdges(client, read);
    const now = client.context.world.clock.now();
    return reviewView(read, { practice: client.practice, directory, now, lapsed });
  },
  decide: async (round: string, wishes: readonly RowWish[]): Promise<DecidedView> => {
    const decided = await decideEdges(session.client, {
      round: round as OrderId,
      wishes: wishes.map(toWish),
    });
    return outcomeOf(decided);
  },
  /** Keeps every access that nothing speaks against and nobody has decided on. */
  keepRest: async (round: string, seconds: number): Promise<DecidedView> => {
    const read = await readRound(session.client, round as OrderId);
    const done = new Set(read.decisions.map(({ edge }) => edge));
    const edges = read.edges.flatMap(({ edge }, place) =>
      isLowRisk(edge) && !done.has(place) ? [place] : [],
    );
    const each = Math.round(seconds / Math.max(1, edges.length));
    const wishes = edges.map((edge): EdgeWish => ({
      edge,
      verdict: "keep",
      reason: "needed",
      seconds: each,
    }));
    return outcomeOf(
      await decideEdges(session.client, { round: round as OrderId, wishes, inBulk: true }),
    );
  },
  close: async (round: string): Promise<void> => {
    await closeRound(session.client, round as OrderId);
  },
  /** The record of a closed round: on paper, which whoever closed it signs, and as the file that its statements are bound to. */
  record: async (round: string): Promise<readonly [paper: PdfFile, file: PdfFile]> => {
    const { client } = session;
    const record = await readReviewRecord(client, round as OrderId);
    const paper = await reviewPaper(client, record);
    const isClosers = closerOf(verifyReviewRecord(client.practice, record).state) === client.member;
    const { renderPdf } = await import("@sinetti/paper/pdf");
    const pdf = await renderPdf(paper);
    const name = `sinetti-review-${round.slice(0, 8)}`;
    return [
      { name: `${name}.pdf`, bytes: isClosers ? signReviewPaper(client, record.round, pdf) : pdf },
      { name: `${name}.cbor`, bytes: encodeReviewRecord(record) },
    ];
  },
});

function outcomeOf(decided: Awaited<ReturnType<typeof decideEdges>>): DecidedView {
  const refused = decided.flatMap((each) =>
    each.ok ? [] : [{ edge: each.edge, reason: each.reason }],
  );
  return { decided: decided.length - refused.length, refused };
}
