import {
  FILE_AUTHORITY,
  grantsAt,
  idToBytes,
  type AccessState,
  type FileId,
  type PracticeId,
} from "@sinetti/core";

import { column, type Tx } from "./database.ts";
import { caseOf } from "./fileStore.ts";

interface HoldingRow {
  readonly file: FileId;
  readonly subject: Uint8Array;
  readonly rights: number;
  readonly expires: number;
  readonly state: AccessState;
}

/** Writes who holds what of these files, in the place of what was written before. */
export async function replaceHoldings(
  tx: Tx,
  practice: PracticeId,
  { states, areNew }: { states: readonly AccessState[]; areNew: boolean },
): Promise<void> {
  const id = idToBytes(practice);
  const rows: HoldingRow[] = states.flatMap((state) =>
    grantsAt(state)
      .filter(({ grant }) => grant.subject.type !== "recovery")
      .map(({ grant: { subject, rights, expires } }) => ({
        file: state.file,
        subject: idToBytes(subject.id),
        rights,
        expires,
        state,
      })),
  );
  const files = column(
    tx,
    "bytea",
    states.map(({ file }) => idToBytes(file)),
  );
  await Promise.all([
    areNew ? undefined : tx`delete from holdings where practice = ${id} and file = any(${files})`,
    tx`
      insert into holdings (practice, subject, file, rights, expires, class, case_id)
      select ${id}, * from unnest(
        ${column(
          tx,
          "bytea",
          rows.map(({ subject }) => subject),
        )},
        ${column(
          tx,
          "bytea",
          rows.map(({ file }) => idToBytes(file)),
        )},
        ${column(
          tx,
          "int2",
          rows.map(({ rights }) => rights),
        )},
        ${column(
          tx,
          "int8",
          rows.map(({ expires }) => expires),
        )},
        ${column(
          tx,
          "text",
          rows.map(({ state }) => FILE_AUTHORITY[state.compartment].counted),
        )},
        ${column(
          tx,
          "bytea",
          rows.map(({ state }) => caseOf(state)),
        )}
      )`,
  ]);
}
