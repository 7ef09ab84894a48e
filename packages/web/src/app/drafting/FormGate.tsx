import { useQuery } from "@tanstack/react-query";
import type { FormPlace } from "@sinetti/client";
import { useState, type ReactNode } from "react";

import type { BegunForm } from "../../worker/desks/formDesk.ts";
import { FaultNote } from "../FaultNote.tsx";
import { Waiting } from "../Waiting.tsx";
import { desks } from "../link.ts";

/** Looks for what was left of a form, once: what is typed after that comes from nowhere else. */
export function FormGate<B>({
  place: { form, about, changes },
  children,
}: {
  place: FormPlace;
  children: (begun: BegunForm<B>) => ReactNode;
}) {
  // What another stay in the same form has found is older than what it left.
  const [stay] = useState(() => crypto.randomUUID());
  const begun = useQuery({
    queryKey: ["form", stay],
    queryFn: async () => (await desks()).form.begin({ form, about, changes }),
    gcTime: 0,
  });
  if (begun.error !== null)
    return <FaultNote error={begun.error} retry={() => void begun.refetch()} />;
  if (begun.data === undefined) return <Waiting />;
  return children(begun.data as BegunForm<B>);
}
