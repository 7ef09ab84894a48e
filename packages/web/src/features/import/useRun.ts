import { useMutation, useQueryClient } from "@tanstack/react-query";
import { proxy } from "comlink";
import { useState } from "react";

import { desks, type Desks } from "../../app/link.ts";
import { runLong } from "../../app/running.ts";

type Progress = (done: number, total: number) => void;

/** What a run has come to. */
export interface Ran<R> {
  readonly report: R;
  readonly isDryRun: boolean;
  readonly isStopped: boolean;
}

/** One import under way: a dry run or the real one, with its progress and a way to stop it. */
export interface Run<R> {
  readonly start: (isDryRun: boolean) => void;
  readonly stop: () => void;
  readonly forget: () => void;
  readonly isRunning: boolean;
  readonly isDryRun: boolean;
  readonly isStopping: boolean;
  readonly progress: { readonly done: number; readonly total: number };
  readonly error: Error | null;
  readonly last: Ran<R> | null;
}

const TOPICS = ["caseload", "calendar", "today", "office"];

/** Runs an import in the worker. What was written stands in every screen afterwards. */
export function useRun<R>(
  work: (desks: Desks, isDryRun: boolean, onProgress: Progress) => Promise<R>,
): Run<R> {
  const client = useQueryClient();
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const [isStopping, setStopping] = useState(false);
  const run = useMutation<Ran<R>, Error, boolean>({
    mutationFn: async (isDryRun) => {
      setProgress({ done: 0, total: 0 });
      setStopping(false);
      let seen = { done: 0, total: 0 };
      const onProgress = proxy((done: number, total: number) => {
        seen = { done, total };
        setProgress(seen);
      });
      const held = await desks();
      const report = await runLong(work(held, isDryRun, onProgress), held.importing.stop);
      return { report, isDryRun, isStopped: seen.done < seen.total };
    },
    onSettled: async (_ran, _error, isDryRun) => {
      if (isDryRun) return;
      await Promise.all(TOPICS.map((topic) => client.invalidateQueries({ queryKey: [topic] })));
    },
  });
  return {
    start: (isDryRun) => run.mutate(isDryRun),
    stop: () => {
      setStopping(true);
      void desks().then((held) => held.importing.stop());
    },
    forget: run.reset,
    isRunning: run.isPending,
    isDryRun: run.variables ?? true,
    isStopping,
    progress,
    error: run.error,
    last: run.data ?? null,
  };
}
