import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { BegunForm } from "../../worker/desks/formDesk.ts";
import { desks } from "../link.ts";
import type { KeeperDoors, KeptState } from "./draftKeeper.ts";
import { useDraft } from "./useDraft.ts";

/** What a form shows of its draft, and the ways in which it ends. */
export interface FormDraftView {
  /** The entry that is signed from it takes this id. */
  readonly id: string;
  /** When it was last changed before it was opened here; null: it is new. */
  readonly restoredAt: string | null;
  readonly kept: KeptState | null;
  readonly error: unknown;
  /** Something of it was typed, now or before. */
  readonly isBegun: boolean;
  /** Strikes the draft: it was signed, or thrown away. */
  readonly strike: () => Promise<void>;
}

/** A form whose every change is kept on this device, sealed, until it is signed or thrown away. */
export interface FormInHand<B> {
  readonly body: B;
  readonly set: (change: Partial<B>) => void;
  readonly draft: FormDraftView;
}

/** Goes on with a form where it was left. */
export function useForm<B extends object>(begun: BegunForm<B>, fresh: () => B): FormInHand<B> {
  const { id, place, at } = begun;
  const queries = useQueryClient();
  const doors = useMemo(() => formDoors<B>(begun), [begun]);
  const first = useMemo(() => ({ id, body: begun.body ?? fresh() }), [begun]);
  const { body, change, kept, error, keeper } = useDraft(first, doors);
  const isBegun = kept !== null || at !== null;
  const set = useCallback((part: Partial<B>) => change((held) => ({ ...held, ...part })), [change]);
  const strike = useCallback(async () => {
    keeper.forget();
    await (await desks()).form.drop(id);
    await queries.invalidateQueries({ queryKey: ["forms", place.about] });
  }, [keeper, queries, id, place.about]);
  return { body, set, draft: { id, restoredAt: at, kept, error, isBegun, strike } };
}

const formDoors = <B>({ place }: BegunForm<B>): KeeperDoors<B> => ({
  keep: async (draft) => (await desks()).form.keep(place, draft),
  save: null,
  join: (_sent, now) => now,
});
