import type { UseMutationResult, UseQueryResult } from "@tanstack/react-query";

import { useAct, useView } from "../../../../app/useDesk.ts";
import type { CareEntryWish, CareRoom } from "../../../../worker/desks/careDesk.ts";
import type { Written } from "../../../../worker/record/writing.ts";

/** What the rooms of the care file show. */
export const useCare = (patient: string): UseQueryResult<CareRoom> =>
  useView(["record", patient, "care"], (desks) => desks.care.read(patient));

/** Something to be signed, and the draft that it was. */
export interface SignedForm<W> {
  readonly wish: W;
  readonly draft: string;
}

/** Writes something new, or a new version of it. */
export const useWriteCare = (
  patient: string,
): UseMutationResult<Written, Error, SignedForm<CareEntryWish>> =>
  useAct(
    (desks, { wish, draft }: SignedForm<CareEntryWish>) => desks.care.write(patient, wish, draft),
    [["record", patient], ["caseload"], ["today"]],
  );
