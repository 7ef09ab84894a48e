import {
  bytesToId,
  epochAt,
  grantsAt,
  hashSealedShare,
  hashWrap,
  isSameSubject,
  phaseAt,
  type AccessState,
  type Subject,
  type Wrap,
} from "@sinetti/core";

import type { FoldedAccess } from "./accessCheck.ts";
import type { Report } from "./broken.ts";
import type { HoldingRow, ShareRow, WrapRow } from "./tables.ts";

function wrapOf(row: WrapRow): Wrap {
  return {
    subject: { type: row.subject_type, id: bytesToId(row.subject) },
    keyVersion: row.key_version,
    batch: row.batch === null ? null : bytesToId(row.batch),
    sealed: row.sealed,
  };
}

const nameOf = ({ type, id }: Subject): string => `${type} ${id}`;

/** Compares the wraps of a file with the hashes under the signed ones, and with who needs one. */
export function checkWraps(
  rows: readonly WrapRow[],
  { state, wraps }: FoldedAccess & { state: AccessState },
  report: Report,
): void {
  if (phaseAt(state) === "erased") {
    for (const row of rows) report("left-behind", "wraps", `epoch ${row.epoch}`);
    return;
  }
  const grants = grantsAt(state).map(({ grant }) => grant);
  const { epoch } = epochAt(state);
  const found = rows.map((row) => ({ epoch: row.epoch, wrap: wrapOf(row) }));
  for (const { epoch: at, wrap } of found) {
    const where = `epoch ${at} ${nameOf(wrap.subject)}`;
    const hash = hashWrap(wrap);
    const grant = grants.find(({ subject }) => isSameSubject(subject, wrap.subject));
    if (grant === undefined) report("wrap-extra", "wraps", where);
    else if (!wraps.some((stated) => stated.epoch === at && stated.hashes.includes(hash)))
      report("wrap", "wraps", where);
    else if (at === epoch && grant.keyVersion !== wrap.keyVersion) report("wrap", "wraps", where);
  }
  for (const { subject } of grants) {
    const isThere = found.some(
      (each) => each.epoch === epoch && isSameSubject(each.wrap.subject, subject),
    );
    if (!isThere) report("wrap-missing", "wraps", `epoch ${epoch} ${nameOf(subject)}`);
  }
}

/** Compares the gate's halves at rest with the hashes in the gate's own words; each service keeps one for each epoch. */
export function checkShares(
  rows: readonly ShareRow[],
  { state, shares }: Pick<FoldedAccess, "shares"> & { state: AccessState },
  report: Report,
): void {
  if (phaseAt(state) === "erased") {
    for (const { epoch } of rows) report("left-behind", "shares", `epoch ${epoch}`);
    return;
  }
  const epochs = new Set(state.epochs.map(({ epoch }) => epoch));
  for (const { epoch, sealed } of rows) {
    const stated = shares.get(epoch);
    if (!epochs.has(epoch)) report("share-extra", "shares", `epoch ${epoch}`);
    else if (stated !== undefined && hashSealedShare(sealed) !== stated)
      report("share", "shares", `epoch ${epoch}`);
  }
  for (const epoch of epochs)
    if (!rows.some((row) => row.epoch === epoch))
      report("share-missing", "shares", `epoch ${epoch}`);
}

/** Compares who is listed as holding the file with the chain; a gate lists neither kinds of subject nor the recovery. */
export function checkHoldings(
  rows: readonly HoldingRow[],
  { state, isGate }: { state: AccessState; isGate: boolean },
  report: Report,
): void {
  const nameHolding = (subject: string, rights: number, expires: number): string =>
    `${subject} ${rights} ${expires}`;
  const stated = grantsAt(state)
    .filter(({ grant }) => !isGate || grant.subject.type !== "recovery")
    .map(({ grant: { subject, rights, expires } }) =>
      nameHolding(isGate ? subject.id : nameOf(subject), rights, expires),
    );
  const listed = rows.map(({ subject, subject_type: type, rights, expires }) => {
    const id = subject.toString("hex");
    return nameHolding(type === undefined ? id : `${type} ${id}`, rights, expires);
  });
  if (stated.toSorted().join() !== listed.toSorted().join()) report("holding", "holdings", "");
}
