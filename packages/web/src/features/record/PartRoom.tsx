import { Suspense, lazy, useMemo } from "react";

import { Waiting } from "../../app/Waiting.tsx";
import type { RecordPart } from "./parts.ts";

/** One room of a record, loaded when it is entered. */
export function PartRoom({ part, patient }: { part: RecordPart; patient: string }) {
  const Room = useMemo(() => lazy(part.load), [part]);
  return (
    <Suspense fallback={<Waiting />}>
      <Room patient={patient} />
    </Suspense>
  );
}
