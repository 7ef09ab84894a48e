import { useQueryClient } from "@tanstack/react-query";
import { proxy } from "comlink";
import { useCallback, useRef, useState } from "react";

import { faultOfError } from "../../../../app/FaultNote.tsx";
import { desks } from "../../../../app/link.ts";
import { runLong } from "../../../../app/running.ts";

/** A file on its way into the record. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly state: "queued" | "sending" | "written" | "waiting" | "stopped" | "failed";
  readonly error: unknown;
}

/** Puts files in one after the other; each can be stopped, and tried again. */
export function useUploads(patient: string): {
  uploads: readonly Upload[];
  add: (files: readonly File[]) => void;
  stop: (id: string) => void;
  again: (id: string) => void;
} {
  const queries = useQueryClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const files = useRef(new Map<string, File>());
  const turn = useRef<Promise<void>>(Promise.resolve());
  const set = useCallback(
    (id: string, change: Partial<Upload>): void =>
      setUploads((held) => held.map((each) => (each.id === id ? { ...each, ...change } : each))),
    [],
  );
  const send = useCallback(
    async (id: string): Promise<void> => {
      const file = files.current.get(id);
      if (file === undefined) return;
      set(id, { state: "sending" });
      try {
        const onBytes = proxy((sent: number) => set(id, { sent }));
        const wish = { file, title: file.name, job: id };
        const { document } = await desks();
        const state = await runLong(document.put(patient, wish, onBytes), () => document.stop(id));
        files.current.delete(id);
        set(id, { state, sent: file.size });
        await queries.invalidateQueries({ queryKey: ["record", patient] });
      } catch (error) {
        const isStopped = faultOfError(error).code === "stopped";
        set(id, isStopped ? { state: "stopped" } : { state: "failed", error });
      }
    },
    [patient, queries, set],
  );
  const queue = (id: string): void => {
    turn.current = turn.current.then(() => send(id));
  };
  return {
    uploads,
    add: (chosen) => {
      const added = chosen.map((file): Upload & { file: File } => {
        const { name, size } = file;
        return { id: crypto.randomUUID(), name, size, sent: 0, state: "queued", error: null, file };
      });
      for (const { id, file } of added) files.current.set(id, file);
      setUploads((held) => [...held, ...added.map(({ file: _file, ...upload }) => upload)]);
      for (const { id } of added) queue(id);
    },
    stop: (id) => {
      const isQueued = uploads.some((each) => each.id === id && each.state === "queued");
      if (isQueued) files.current.delete(id);
      set(id, { state: "stopped" });
      void desks().then(({ document }) => document.stop(id));
    },
    again: (id) => {
      set(id, { state: "queued", sent: 0, error: null });
      queue(id);
    },
  };
}
