import {
  epochAt,
  grantsAt,
  hashWraps,
  isSameSubject,
  readAccessBody,
  readStatement,
  type FileId,
  type PracticeId,
  type Wrap,
} from "@sinetti/core";

import { decodeAccessState } from "./accessStates.ts";
import { isErased } from "./policy/accessFold.ts";
import { findAccessLinks } from "./store/accessLinks.ts";
import { readFiles } from "./store/files.ts";
import type { Tx } from "./store/transaction.ts";
import {
  dropStaged,
  insertWraps,
  keepLateHashes,
  type FileWrap,
  type StagedWraps,
} from "./store/wraps.ts";

/**
 * Puts wraps in their place whose statements were taken without them after a restore: exactly those that the statement names, for
 * whoever still holds that grant in the newest epoch; what lies there stays.
 */
export async function takeLateWraps(
  tx: Tx,
  practice: PracticeId,
  staged: readonly StagedWraps[],
): Promise<void> {
  const links = await findAccessLinks(
    tx,
    practice,
    staged.map(({ statement }) => statement),
  );
  const files = [...new Set(links.map(({ file }) => file))];
  const rows = await readFiles(tx, practice, { files, lock: true });
  const late = links.flatMap(({ file, hash, statement }): FileWrap[] => {
    const row = rows.get(file);
    const wraps = staged.find((each) => each.statement === hash)?.wraps;
    if (row === undefined || wraps === undefined) return [];
    return wrapsToTake(file, { state: decodeAccessState(row.access.bytes), statement, wraps });
  });
  await insertWraps(tx, practice, late);
  await keepLateHashes(tx, practice, namedBy(links, staged));
  await dropStaged(
    tx,
    practice,
    links.map(({ hash }) => hash),
  );
}

/** Those staged wraps that their statement names, also where its epoch is over: whoever verifies the row asks for the hashes. */
function namedBy(
  links: Awaited<ReturnType<typeof findAccessLinks>>,
  staged: readonly StagedWraps[],
): StagedWraps[] {
  return links.flatMap(({ hash, statement }) => {
    const found = staged.find((each) => each.statement === hash);
    const link = readStatement(statement);
    const { kind } = link.statement;
    if (found === undefined || (kind !== "create" && kind !== "grant" && kind !== "rekey"))
      return [];
    return readAccessBody(link, kind).wraps === hashWraps(found.wraps) ? [found] : [];
  });
}

function wrapsToTake(
  file: FileId,
  {
    state,
    statement,
    wraps,
  }: {
    state: ReturnType<typeof decodeAccessState>;
    statement: Uint8Array;
    wraps: readonly Wrap[];
  },
): FileWrap[] {
  const link = readStatement(statement);
  const { kind, seq } = link.statement;
  if (kind !== "create" && kind !== "grant" && kind !== "rekey") return [];
  const { epoch } = epochAt(state, seq);
  const isNamed = readAccessBody(link, kind).wraps === hashWraps(wraps);
  if (isErased(state) || !isNamed || epoch !== epochAt(state).epoch) return [];
  return wraps
    .filter((wrap) =>
      grantsAt(state).some(
        ({ grant }) =>
          isSameSubject(grant.subject, wrap.subject) && grant.keyVersion === wrap.keyVersion,
      ),
    )
    .map((wrap) => ({ file, epoch, wrap }));
}
