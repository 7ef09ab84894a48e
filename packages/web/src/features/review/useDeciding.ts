import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";

import type { DecisionRefusal } from "@sinetti/client";

import { desks } from "../../app/link.ts";
import type { RowWish } from "../../worker/desks/reviewDesk.ts";
import type { ReviewView } from "../../worker/review/reviewRows.ts";

/** Decisions on their way: one after the other, while the reviewer goes on. */
export interface Deciding {
  readonly error: unknown;
  isPending(edge: number): boolean;
  refusalOf(edge: number): DecisionRefusal | null;
  /** The access that is looked at now; the time until its decision is counted. */
  look(edge: number | null): void;
  decide(wish: Omit<RowWish, "seconds">): void;
}

/** Sends decisions one after the other, and puts what came of each into the round that is shown. */
export function useDeciding(round: string): Deciding {
  const client = useQueryClient();
  const [pending, setPending] = useState<ReadonlySet<number>>(new Set());
  const [refusals, setRefusals] = useState<ReadonlyMap<number, DecisionRefusal>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const turn = useRef<Promise<void>>(Promise.resolve());
  const looked = useRef<{ edge: number | null; since: number }>({ edge: null, since: 0 });

  return useMemo(() => {
    const send = async (wish: RowWish): Promise<void> => {
      const { edge, verdict } = wish;
      try {
        const { review } = await desks();
        const { refused } = await review.decide(round, [wish]);
        const [refusal] = refused;
        if (refusal !== undefined)
          setRefusals((before) => new Map(before).set(edge, refusal.reason));
        else
          client.setQueryData<ReviewView>(["review", round], (view) =>
            view === undefined
              ? view
              : {
                  ...view,
                  rows: view.rows.map((row) => (row.edge === edge ? { ...row, verdict } : row)),
                },
          );
      } catch (fault) {
        setError(fault);
      } finally {
        setPending((before) => new Set([...before].filter((each) => each !== edge)));
      }
    };
    return {
      error,
      isPending: (edge) => pending.has(edge),
      refusalOf: (edge) => refusals.get(edge) ?? null,
      look: (edge) => {
        if (looked.current.edge !== edge) looked.current = { edge, since: Date.now() };
      },
      decide: (wish) => {
        const { edge, since } = looked.current;
        const seconds = edge === wish.edge ? (Date.now() - since) / 1000 : 0;
        setError(null);
        setPending((before) => new Set(before).add(wish.edge));
        turn.current = turn.current.then(() => send({ ...wish, seconds }));
      },
    };
  }, [client, round, pending, refusals, error]);
}
