import { isLowRisk, type EdgeWish, type OwnRound } from "@sinetti/client";
import { REVIEW_REASONS, REVIEW_VERDICTS, endWeekOf } from "@sinetti/core";

import { readComingDay, readRights } from "../input/values.ts";
import { UsageError } from "../inputError.ts";
import { needed, type Words } from "./command.ts";

/** What the words of `review decide` wish for. */
export function readWishes(words: Words, round: OwnRound): EdgeWish[] {
  if (words.flag("keepLowRisk")) return lowRiskWishes(round);
  return readEdges(words, round).map((edge) => ({ edge, ...readWish(words) }));
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
    ...(until === undefined ? {} : { until: endWeekOf(readComingDay(until)) }),
    reason: oneOf(REVIEW_REASONS, "reason", reason),
    seconds: 0,
  };
}

function readEdges(words: Words, { snapshot }: OwnRound): number[] {
  const edges = words.list("edges").flatMap((text) => text.split(","));
  return edges.map((text) => {
    const edge = /^\d{1,5}$/.test(text) ? Number(text) : -1;
    if (snapshot.edges[edge] === undefined)
      throw new UsageError(`--edges: numbers from 0 to ${snapshot.edges.length - 1}`);
    return edge;
  });
}

function lowRiskWishes({ edges, decisions }: OwnRound): EdgeWish[] {
  const decided = new Set(decisions.map(({ edge }) => edge));
  return edges.flatMap(({ edge }, index) =>
    isLowRisk(edge) && !decided.has(index)
      ? [{ edge: index, verdict: "keep" as const, reason: "needed" as const, seconds: 0 }]
      : [],
  );
}

function oneOf<T extends string>(known: readonly T[], name: string, text: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UsageError(`--${name}: one of ${known.join(", ")}`);
  return found;
}
