import type { ReactNode } from "react";

import { FaultNote } from "../../../../app/FaultNote.tsx";
import { Waiting } from "../../../../app/Waiting.tsx";
import type { CareRoom } from "../../../../worker/desks/careDesk.ts";
import { useCare } from "./useCare.ts";

/** Reads the care file for a room, and says why where that fails. */
export function CareGate({
  patient,
  children,
}: {
  patient: string;
  children: (room: CareRoom) => ReactNode;
}) {
  const { data, error, refetch } = useCare(patient);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  return data === undefined ? <Waiting /> : children(data);
}
