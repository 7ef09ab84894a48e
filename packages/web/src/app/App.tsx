import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Suspense, lazy, useCallback, useEffect, useState } from "react";

import { Door } from "../features/door/Door.tsx";
import { faultOfError } from "./FaultNote.tsx";
import { HardStop } from "./HardStop.tsx";
import { Waiting } from "./Waiting.tsx";
import { loadScreenWords } from "./language.ts";
import { theme } from "./theme.ts";
import type { Beginning } from "../worker/session.ts";

const Inside = lazy(async () => {
  const [{ Inside: component }] = await Promise.all([import("./Inside.tsx"), loadScreenWords()]);
  return { default: component };
});

/** Views are fetched again when something changed, not because time went by; a refusal is not asked twice. */
function makeQueries(onHardStop: () => void): QueryClient {
  const watch = (error: unknown): void => {
    if (faultOfError(error).isHardStop) onHardStop();
  };
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        staleTime: Infinity,
        gcTime: Infinity,
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  client.getQueryCache().config.onError = watch;
  client.getMutationCache().config.onError = watch;
  return client;
}

/** The whole page: the door, or what is behind it. */
export function App() {
  const [beginning, setBeginning] = useState<Beginning | null>(null);
  const [isStopped, setStopped] = useState(false);
  const [queries, setQueries] = useState(() => makeQueries(() => setStopped(true)));
  // Nothing that was decrypted outlives the lock: the cache goes with everything that it held.
  const leave = useCallback(() => {
    setBeginning(null);
    setQueries((held) => {
      held.clear();
      return makeQueries(() => setStopped(true));
    });
  }, []);
  // Nor a check that failed.
  useEffect(() => {
    if (isStopped) leave();
  }, [isStopped, leave]);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        {isStopped && <HardStop />}
        {!isStopped && beginning === null && <Door onInside={setBeginning} />}
        {!isStopped && beginning !== null && (
          <Suspense fallback={<Waiting />}>
            <Inside beginning={beginning} onLocked={leave} />
          </Suspense>
        )}
      </QueryClientProvider>
    </MantineProvider>
  );
}
