import { useQueryClient } from "@tanstack/react-query";
import { proxy } from "comlink";
import { useEffect } from "react";

import { DeskError } from "../worker/deskFault.ts";
import type { Topic } from "../worker/listening.ts";
import { door } from "./link.ts";

/** What comes within so long is fetched at once. */
const GATHER_MS = 300;

/** Fetches again what has changed elsewhere, as far as it is on the screen. */
export function useHearing(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const topics = new Set<Topic>();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const fetchAgain = (): void => {
      timer = null;
      for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] });
      topics.clear();
    };
    const onTopics = (more: readonly Topic[]): void => {
      for (const topic of more) topics.add(topic);
      timer ??= setTimeout(fetchAgain, GATHER_MS);
    };
    const onHardStop = (): void => {
      const stop = new DeskError({ code: "verification-failed", isHardStop: true });
      void queries
        .fetchQuery({ queryKey: ["hard-stop"], queryFn: () => Promise.reject(stop) })
        .catch(() => undefined);
    };
    void door.listen(proxy(onTopics), proxy(onHardStop));
    return () => {
      if (timer !== null) clearTimeout(timer);
    };
  }, [queries]);
}
