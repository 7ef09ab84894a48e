import { chmodSync, writeFileSync } from "node:fs";

import {
  encodeShape,
  postureBoardShape,
  type MemberId,
  type PostureBoard,
  type PracticeId,
  type ServiceName,
} from "@sinetti/core";

type Finding = PostureBoard["findings"][number];

/** A finding of a board, a critical one that nobody bears where nothing else is said. */
export function boardFinding(wish: Partial<Finding> = {}): Finding {
  return {
    id: "N2",
    severity: "critical",
    object: "pg_hba: host all all 10.0.0.7/32 trust",
    title: "A line lets in without a password",
    why: "Vastaamo",
    mend: "take out line 3",
    state: "open",
    first: 1_790_000_000,
    regressions: 0,
    until: null,
    signed: [],
    ...wish,
  };
}

/** The same under an exception that members of a practice have signed. */
export function exceptedFinding(
  until: string,
  signed: readonly { practice: PracticeId; by: MemberId }[],
): Finding {
  return boardFinding({
    state: "excepted",
    until,
    signed: signed.map(({ practice, by }) => ({ practice, reason: `of ${practice}`, by: [by] })),
  });
}

/** Writes a board as a launcher does. */
export function writeBoard(
  path: string,
  { service, findings }: { service: ServiceName; findings: Finding[] },
): void {
  const board: PostureBoard = {
    v: 1,
    service,
    looked: 1_790_000_000,
    blind: [],
    left: 0,
    changes: [],
    hosts: null,
    findings,
  };
  writeFileSync(path, encodeShape(postureBoardShape, board));
  chmodSync(path, 0o600);
}
