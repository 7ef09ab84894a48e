import {
  activeStaff,
  endWeekOf,
  policyAt,
  RIGHTS,
  type FileId,
  type KeyEdge,
  type OrderId,
  type ReviewDecision,
  type ReviewReason,
} from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { applyRenewals, applyRevocations, type Applied, type KeyAct } from "./apply.ts";
import { readReviewed, type ReviewedFile } from "./chains.ts";
import { edgeOf, lookingOf } from "./edges.ts";
import { keepDecisions, readRound, type ReviewRound } from "./round.ts";
import { standingOf } from "./standing.ts";

/** What a reviewer wishes for one edge. */
export interface EdgeWish {
  /** Place of the edge in the snapshot. */
  readonly edge: number;
  readonly verdict: ReviewDecision["verdict"];
  /** The rights that are left, of `narrow`. */
  readonly rights?: number;
  /** The week on whose Monday the access ends; the policy's longest when left out. */
  readonly until?: number;
  readonly reason: ReviewReason;
  /** Seconds that the reviewer took. */
  readonly seconds: number;
}

/** Why a wish was not carried out. */
export type DecisionRefusal =
  /** Nobody decides on their own access. */
  | "own"
  /** Whoever granted first does not decide that it goes on. */
  | "granted-by-reviewer"
  /** Something speaks against it, so it is not kept together with others. */
  | "risky"
  /** It is decided already. */
  | "decided"
  /** The access is not what it was when the round was opened. */
  | "changed"
  /** Nobody else could open the record, or hand it on. */
  | "last-holder"
  /** It is wider than the role allows: narrow it. */
  | "too-wide"
  /** Nobody is there to keep it for. */
  | "left"
  /** A narrowing that takes nothing away, or more than there is. */
  | "not-narrower"
  /** The gate refused it. */
  | "refused";

/** What became of one wish. */
export type Decided =
  | { readonly edge: number; readonly ok: true; readonly decision: ReviewDecision }
  | { readonly edge: number; readonly ok: false; readonly reason: DecisionRefusal };

interface Weighed {
  readonly wish: EdgeWish;
  readonly edge: KeyEdge;
}

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
    const found = round.snapshot.edges[wish.edge];
    if (found === undefined) throw new ClientError("unknown-record");
    if (isDecided(round, wish.edge)) refused.push(no(wish.edge, "decided"));
    else if (found.kind === "database") {
      if (inBulk && found.edge.risks.length > 0) refused.push(no(wish.edge, "risky"));
      else if (wish.verdict === "narrow") refused.push(no(wish.edge, "not-narrower"));
      else decisions.push(decisionOf(wish, { rights: 0, until: wish.until ?? 0, inBulk }));
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

function no(edge: number, reason: DecisionRefusal): Decided {
  return { edge, ok: false, reason };
}

function isDecided({ decisions }: ReviewRound, edge: number): boolean {
  return decisions.some((decision) => decision.edge === edge);
}

function decisionOf(
  { edge, verdict, reason, seconds }: EdgeWish,
  { rights, until, inBulk }: { rights: number; until: number; inBulk: boolean },
): ReviewDecision {
  return { edge, verdict, rights, until, reason, inBulk, seconds: Math.round(seconds) };
}

/** The first thing that speaks against a wish, by what the round froze. */
function findObstacle(
  { practice, member }: Client,
  { wish, edge, inBulk }: { wish: EdgeWish; edge: KeyEdge; inBulk: boolean },
): DecisionRefusal | null {
  const { verdict } = wish;
  const isSolo = activeStaff(practice).length === 1;
  if (inBulk && (verdict !== "keep" || edge.risks.length > 0)) return "risky";
  if (edge.risks.includes("own") && verdict !== "revoke" && !isSolo) return "own";
  if (edge.risks.includes("left") && verdict !== "revoke") return "left";
  const isGrantor = edge.grantor === member && activeStaff(practice).length >= 3;
  if (isGrantor && verdict !== "revoke") return "granted-by-reviewer";
  if (verdict === "keep") return edge.risks.includes("too-wide") ? "too-wide" : null;
  if (verdict === "revoke") return edge.isLast ? "last-holder" : null;
  const { rights = 0 } = wish;
  if (rights === 0 || rights === edge.rights || (rights & ~edge.rights) !== 0)
    return "not-narrower";
  const losesLast = edge.isLast && (edge.rights & ~rights & (RIGHTS.read | RIGHTS.grant)) !== 0;
  return losesLast ? "last-holder" : null;
}

async function decideKeys(
  client: Client,
  weighed: readonly Weighed[],
  { inBulk }: { inBulk: boolean },
): Promise<Decided[]> {
  if (weighed.length === 0) return [];
  const { context } = client;
  const ids = [...new Set(weighed.map(({ edge }) => edge.file))];
  const files = await readReviewed(context, { by: "files", files: ids });
  const refused: Decided[] = [];
  const acts: KeyAct[] = [];
  for (const { wish, edge } of weighed)
    if (hasChanged(client, edge, files)) refused.push(no(wish.edge, "changed"));
    else acts.push(actOf(client, wish, edge));
  const applied = [
    ...(await applyRenewals(
      context,
      acts.filter(({ verdict }) => verdict !== "revoke"),
      files,
    )),
    ...(await applyRevocations(
      context,
      acts.filter(({ verdict }) => verdict === "revoke"),
    )),
  ];
  const wishOf = new Map(weighed.map(({ wish }) => [wish.edge, wish]));
  return [...refused, ...applied.map((each) => toDecided(each, wishOf, inBulk))];
}

function toDecided(
  { act, outcome }: Applied,
  wishOf: ReadonlyMap<number, EdgeWish>,
  inBulk: boolean,
): Decided {
  const wish = wishOf.get(act.place);
  if (wish === undefined) throw new TypeError("nobody wished for this");
  if (outcome !== "done") return no(act.place, outcome);
  const { rights, until } = act;
  return { edge: act.place, ok: true, decision: decisionOf(wish, { rights, until, inBulk }) };
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

/**
 * Whether an access is not what the round froze: its grant is another or gone, or its subject or file has changed so that
 * something speaks against it that did not. What time alone brings is no change.
 */
function hasChanged(
  { context }: Client,
  edge: KeyEdge,
  files: ReadonlyMap<FileId, ReviewedFile>,
): boolean {
  const file = files.get(edge.file);
  const held = file === undefined ? undefined : standingOf(file.access, edge.subject);
  if (file === undefined || held === undefined) return true;
  const now = edgeOf(file, held, lookingOf(context));
  const isSame =
    now.rights === edge.rights &&
    now.term === edge.term &&
    now.expires === edge.expires &&
    now.reason === edge.reason &&
    now.grantor === edge.grantor;
  const news = (["care-ended", "left", "too-wide", "canary", "own"] as const).some(
    (risk) => now.risks.includes(risk) && !edge.risks.includes(risk),
  );
  return !isSame || news || (now.isLast && !edge.isLast);
}
