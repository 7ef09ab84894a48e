import { useCallback, useEffect, useRef, useState } from "react";

import { beforeLeaving } from "../../app/leaving.ts";
import { useAct } from "../../app/useDesk.ts";
import type { EditedDraft } from "../../worker/desks/noteDesk.ts";

const UNDO_MS = 6_000;

/** A signature that can still be undone, and what became of it. */
export interface Signing {
  readonly draft: EditedDraft | null;
  readonly begin: (draft: EditedDraft) => void;
  readonly undo: () => void;
  readonly error: unknown;
  readonly done: string | null;
}

/** Signs a draft a few seconds after somebody said so; whoever leaves before then has said so too. */
export function useSigning(patient: string): Signing {
  const [draft, setDraft] = useState<EditedDraft | null>(null);
  const waiting = useRef<EditedDraft | null>(null);
  const { mutateAsync, error, data } = useAct(
    (desks, each: EditedDraft) => desks.note.sign(patient, each),
    [["record"], ["caseload"], ["today"]],
  );
  const finish = useCallback(async (): Promise<void> => {
    const { current } = waiting;
    waiting.current = null;
    setDraft(null);
    // A refusal is shown by `error`; the draft stays where it was.
    if (current !== null) await mutateAsync(current).catch(() => undefined);
  }, [mutateAsync]);
  const now = useRef(finish);
  now.current = finish;
  useEffect(() => {
    const stay = beforeLeaving(() => now.current());
    return () => {
      stay();
      void now.current();
    };
  }, []);
  useEffect(() => {
    if (draft === null) return undefined;
    const timer = setTimeout(() => void now.current(), UNDO_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  const begin = useCallback((next: EditedDraft) => {
    // Whoever signs the next note has said so of the one before.
    void now.current();
    waiting.current = next;
    setDraft(next);
  }, []);
  const undo = useCallback(() => {
    waiting.current = null;
    setDraft(null);
  }, []);
  return { draft, begin, undo, error, done: data ?? null };
}
