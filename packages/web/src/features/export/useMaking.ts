import { useMutation, useQueryClient } from "@tanstack/react-query";
import { proxy } from "comlink";
import { useState } from "react";

import { desks } from "../../app/link.ts";
import { runLong } from "../../app/running.ts";
import type { CopyWish, MadeCopy } from "../../worker/desks/exportDesk.ts";

/** One copy in the making. */
export interface MakingCopy {
  readonly start: (wish: CopyWish) => void;
  readonly stop: () => void;
  readonly forget: () => void;
  readonly isRunning: boolean;
  readonly progress: { readonly done: number; readonly total: number };
  readonly error: Error | null;
  readonly made: MadeCopy | null;
}

/** Makes a copy in the worker. */
export function useMaking(patient: string): MakingCopy {
  const client = useQueryClient();
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const making = useMutation<MadeCopy, Error, CopyWish>({
    mutationFn: async (wish) => {
      setProgress({ done: 0, total: 0 });
      const onProgress = proxy((done: number, total: number) => setProgress({ done, total }));
      const { exporting } = await desks();
      return runLong(exporting.make(wish, onProgress), () => exporting.stop());
    },
    onSuccess: async () => {
      const topics = ["export", "record"];
      await Promise.all(
        topics.map((topic) => client.invalidateQueries({ queryKey: [topic, patient] })),
      );
    },
  });
  return {
    start: (wish) => making.mutate(wish),
    stop: () => void desks().then((held) => held.exporting.stop()),
    forget: making.reset,
    isRunning: making.isPending,
    progress,
    error: making.error,
    made: making.data ?? null,
  };
}
