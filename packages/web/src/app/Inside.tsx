import { Notifications, notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";

import type { Beginning } from "../worker/session.ts";
import { FaultNote } from "./FaultNote.tsx";
import { Waiting } from "./Waiting.tsx";
import { useAutoLock } from "./autoLock.ts";
import { useHearing } from "./hearing.ts";
import { finishBeforeLeaving } from "./leaving.ts";
import { door } from "./link.ts";
import { MeContext } from "./me.ts";
import { makeRouter } from "./router.tsx";

import "@mantine/notifications/styles.css";

/** Everything behind the door: who works here, and the screens of their roles. */
export function Inside({ beginning, onLocked }: { beginning: Beginning; onLocked: () => void }) {
  const { data: me, error, refetch } = useQuery({ queryKey: ["me"], queryFn: () => door.me() });
  const router = useMemo(
    () => (me === undefined ? null : makeRouter(me.roles)),
    [me?.roles.join()],
  );
  const lock = useMemo(
    () => async () => {
      await finishBeforeLeaving();
      await door.lock();
      onLocked();
    },
    [onLocked],
  );
  useAutoLock(lock);
  useHearing();
  useEffect(() => {
    // A title names the program alone: the browser keeps titles in its history.
    document.title = "Sinetti";
    // What was said in passing is kept outside of the tree, and would be said to whoever comes next.
    return () => notifications.clean();
  }, []);
  if (error !== null && me === undefined)
    return <FaultNote error={error} retry={() => void refetch()} />;
  if (me === undefined || router === null) return <Waiting />;
  return (
    <MeContext.Provider value={{ me, beginning, lock }}>
      <Notifications position="bottom-right" />
      <RouterProvider router={router} />
    </MeContext.Provider>
  );
}
