import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";

import { faultOfError } from "../FaultNote.tsx";
import { beforeLeaving } from "../leaving.ts";
import type { DraftOf } from "../../worker/desks/noteDesk.ts";
import { DraftKeeper, type KeeperDoors, type KeptState } from "./draftKeeper.ts";

/** A draft in an editor, and where its newest words are. */
export interface DraftInHand<B> {
  readonly body: B;
  readonly change: (change: (body: B) => B) => void;
  /** The same for what nobody typed: whoever leaves without a word leaves no draft. */
  readonly fill: (change: (body: B) => B) => void;
  readonly kept: KeptState | null;
  /** Another device wrote the same part: what is written here is a draft of its own now. */
  readonly isBeside: boolean;
  readonly error: unknown;
  readonly keeper: DraftKeeper<B>;
}

/** Keeps a draft while it is written: on every change here, at rest at the vault where one has it, and before every way out of the page. */
export function useDraft<B>(begun: DraftOf<B>, doors: KeeperDoors<B>): DraftInHand<B> {
  const [body, setBody] = useState(begun.body);
  const [kept, setKept] = useState<KeptState | null>(null);
  const [isBeside, setBeside] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const queries = useQueryClient();
  const [keeper] = useState(
    () =>
      new DraftKeeper(begun, doors, {
        onState: (state) => {
          setKept(state);
          if (state !== "failed") setError(null);
        },
        onMerged: (merged) => setBody(() => merged),
        onBeside: () => setBeside(true),
        onError: (failed) => {
          setError(failed);
          if (faultOfError(failed).isHardStop) stopHard(queries, failed);
        },
      }),
  );
  useKeptOnEveryWayOut(keeper, doors.save === null ? "forms" : "record");
  const change = useCallback(
    (next: (body: B) => B) => {
      const written = next(keeper.draft.body);
      setBody(() => written);
      keeper.change(written);
    },
    [keeper],
  );
  const fill = useCallback(
    (next: (body: B) => B) => {
      const filled = next(keeper.draft.body);
      setBody(() => filled);
      keeper.fill(filled);
    },
    [keeper],
  );
  return { body, change, fill, kept, isBeside, error, keeper };
}

function useKeptOnEveryWayOut<B>(keeper: DraftKeeper<B>, topic: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const onHidden = (): void => void keeper.keepNow();
    const onVisibility = (): void => {
      if (document.visibilityState === "hidden") onHidden();
    };
    document.addEventListener("visibilitychange", onVisibility);
    addEventListener("pagehide", onHidden);
    const stay = beforeLeaving(() => keeper.close());
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      removeEventListener("pagehide", onHidden);
      stay();
      void keeper
        .close()
        .then(() => keeper.saveNow())
        .then(() => queries.invalidateQueries({ queryKey: [topic] }));
    };
  }, [keeper, queries, topic]);
}

/** The page ends where a check failed, whoever asked. */
function stopHard(queries: ReturnType<typeof useQueryClient>, error: unknown): void {
  const stopped = { queryKey: ["hard-stop"], queryFn: () => Promise.reject(error) };
  void queries.fetchQuery(stopped).catch(() => undefined);
}
