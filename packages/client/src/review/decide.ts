import {
  endWeekOf,
  policyAt,
  weekStart,
  type FileId,
  type KeyEdge,
  type MemberId,
  type OrderId,
  type ReviewDecision,
} from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { applyActs, type Applied, type KeyAct } from "./apply.ts";
import { readReviewed } from "./chains.ts";
import {
  findChange,
  findObstacle,
  type DecisionRefusal,
  type EdgeWish,
  type Weighed,
} from "./obstacles.ts";
import { keepDecisions, readRound, type ReviewRound } from "./round.ts";

/** How often a chain is read again that somebody else goes on writing. */
const WEIGH_TRIES = 5;

/** What became of one wish. */
export type Decided =
  | { readonly edge: number; readonly ok: true; readonly decision: ReviewDecision }
  | { readonly edge: number; readonly ok: false; readonly reason: DecisionRefusal };

/**
 * Decides on edges of a round: signs and sends what was decided, then reads the chains again and takes a decision as made only
 * where they say so. `inBulk`: what anything speaks against is refused. Errors as `readRound`; `refused` for a closed round.
 */
export async function decideEdges(
  client: Client,
  {
    round: id,
    wishes,
    inBulk = false,
  }: { round: OrderId; wishes: readonly EdgeWish[]; inBulk?: boolean },
): Promise<Decided[]> {
  const { context } = client;
  await context.practice.sync(context.services);
  const round = await readRound(client, id);
  if (round.state.closed !== null)
    throw new ClientError("refused", { detail: "review: the round is closed" });
  const refused: Decided[] = [];
  const weighed: Weighed[] = [];
  const decisions: ReviewDecision[] = [];
  for (const wish of wishes) {
    const found = round.edges[wish.edge];
    if (found === undefined) throw new ClientError("unknown-record");
    if (isDecided(round, wish.edge)) refused.push(no(wish.edge, "decided"));
    else if (found.kind === "database") {
      if (found.edge.risks.includes("break-glass") && wish.verdict !== "revoke")
        refused.push(no(wish.edge, "break-glass"));
      else if (inBulk && found.edge.risks.length > 0) refused.push(no(wish.edge, "risky"));
      else if (wish.verdict === "narrow") refused.push(no(wish.edge, "not-narrower"));
      else
        decisions.push(
          decisionOf(wish, { rights: 0, until: endOfLogin(wish), inBulk, by: client.member }),
        );
    } else {
      const reason = findObstacle(client, { wish, edge: found.edge, inBulk });
      if (reason === null) weighed.push({ wish, edge: found.edge });
      else refused.push(no(wish.edge, reason));
    }
  }
  const keys = await decideKeys(client, weighed, { inBulk });
  const made = keys.flatMap((each) => (each.ok ? [each.decision] : []));
  await keepDecisions(context, round, [...decisions, ...made]);
  return [
    ...refused,
    ...keys,
    ...decisions.map((decision) => ({ edge: decision.edge, ok: true as const, decision })),
  ].sort((a, b) => a.edge - b.edge);
}

/** A database counts in seconds, a chain in weeks. */
const endOfLogin = ({ until }: EdgeWish): number => (until === undefined ? 0 : weekStart(until));

function no(edge: number, reason: DecisionRefusal): Decided {
  return { edge, ok: false, reason };
}

function isDecided({ decisions }: ReviewRound, edge: number): boolean {
  return decisions.some((decision) => decision.edge === edge);
}

function decisionOf(
  { edge, verdict, reason, seconds }: EdgeWish,
  made: Pick<ReviewDecision, "rights" | "until" | "inBulk"> & { readonly by: MemberId },
): ReviewDecision {
  return { edge, verdict, reason, seconds: Math.round(seconds), ...made };
}

async function decideKeys(
  client: Client,
  weighed: readonly Weighed[],
  { inBulk }: { inBulk: boolean },
): Promise<Decided[]> {
  const decided: Decided[] = [];
  let left = weighed;
  while (left.length > 0) {
    const { now, later } = nextPass(left);
    decided.push(...(await decidePass(client, now, { inBulk })));
    left = later;
  }
  return decided;
}

/** Those that can be done side by side: of one file no two that take something away, since each may leave the other the last holder. */
function nextPass(weighed: readonly Weighed[]): { now: Weighed[]; later: Weighed[] } {
  const taken = new Set<FileId>();
  const pass: { now: Weighed[]; later: Weighed[] } = { now: [], later: [] };
  for (const each of weighed) {
    const { file } = each.edge;
    const takes = each.wish.verdict !== "keep";
    (takes && taken.has(file) ? pass.later : pass.now).push(each);
    if (takes) taken.add(file);
  }
  return pass;
}

/** Weighs and carries out; where another was faster the chain is read and weighed again. */
async function decidePass(
  client: Client,
  weighed: readonly Weighed[],
  { inBulk }: { inBulk: boolean },
): Promise<Decided[]> {
  const decided: Decided[] = [];
  let left = weighed;
  for (let tries = 0; left.length > 0; tries++) {
    const ids = [...new Set(left.map(({ edge }) => edge.file))];
    const files = await readReviewed(client.context, { by: "files", files: ids });
    const acts: KeyAct[] = [];
    for (const each of left) {
      const reason = findChange(client, each, files);
      if (reason === null) acts.push(actOf(client, each.wish, each.edge));
      else decided.push(no(each.wish.edge, reason));
    }
    const wishOf = new Map(left.map(({ wish }) => [wish.edge, wish]));
    const applied = await applyActs(client.context, acts, files);
    const isAgain = ({ outcome }: Applied): boolean => outcome === "moved" && tries < WEIGH_TRIES;
    const again = new Set(applied.filter(isAgain).map(({ act }) => act.place));
    for (const each of applied)
      if (!isAgain(each)) decided.push(toDecided(each, wishOf, { inBulk, by: client.member }));
    left = left.filter(({ wish }) => again.has(wish.edge));
  }
  return decided;
}

function toDecided(
  { act, outcome }: Applied,
  wishOf: ReadonlyMap<number, EdgeWish>,
  how: { inBulk: boolean; by: MemberId },
): Decided {
  const wish = wishOf.get(act.place);
  if (wish === undefined) throw new TypeError("nobody wished for this");
  if (outcome !== "done") return no(act.place, outcome === "moved" ? "changed" : outcome);
  const { rights, until } = act;
  return { edge: act.place, ok: true, decision: decisionOf(wish, { rights, until, ...how }) };
}

function actOf(client: Client, wish: EdgeWish, edge: KeyEdge): KeyAct {
  const { context, practice } = client;
  const longest = endWeekOf(context.world.clock.now()) + policyAt(practice).grantWeeks;
  const until = edge.subject.type === "member" ? Math.min(wish.until ?? longest, longest) : 0;
  const { verdict } = wish;
  if (verdict === "revoke") return { place: wish.edge, edge, verdict, rights: 0, until: 0 };
  const rights = verdict === "narrow" ? (wish.rights ?? 0) : edge.rights;
  return { place: wish.edge, edge, verdict, rights, until };
}
