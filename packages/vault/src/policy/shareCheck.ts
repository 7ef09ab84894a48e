import { hashSealedShare, type FileId } from "@sinetti/core";

import { refuse } from "../problem.ts";
import type { SealedShare } from "../store/shares.ts";
import { isErased, type FoldedFile } from "./accessFold.ts";

/**
 * The gate's halves at rest of what was folded, exactly those that the gate has signed for: whoever hands them over could
 * otherwise leave a copy that rebuilds nothing. An erased file has none any more. Error: `share-missing`.
 */
export function takeShares(
  folded: ReadonlyMap<FileId, FoldedFile>,
  brought: readonly SealedShare[],
): SealedShare[] {
  const byPlace = Map.groupBy(brought, ({ file, epoch }) => `${file}:${epoch}`);
  return [...folded.values()].flatMap(({ state, halves }) =>
    isErased(state)
      ? []
      : halves.map(({ epoch, share, index }) => {
          const here = byPlace.get(`${state.file}:${epoch}`) ?? [];
          const found = here.find(({ sealed }) => hashSealedShare(sealed) === share);
          return found ?? refuse("share-missing", index);
        }),
  );
}
