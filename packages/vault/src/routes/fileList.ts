import { VAULT_ROUTES, isSameSubject, type FileId, type Shaped } from "@sinetti/core";

import { checkNotFrozen, confirmCall, deviceOf, type Call, type Handled } from "../call.ts";
import { stoppedSubjects } from "../policy/fileRights.ts";
import { subjectsOf } from "../policy/subjects.ts";
import { readHoldings, type HeldFile } from "../store/holdings.ts";
import { inPractice } from "../store/transaction.ts";

const { fileList: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;
type Answer = Shaped<typeof route.answer>;
type Listed = Answer["files"][number];

const PAGE_FILES = 1000;

/** The later end; 0 never ends. */
function laterEnd(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : Math.max(a, b);
}

/** One line a file, whatever number of grants on it the caller and its teams hold. */
function joinGrants(held: readonly HeldFile[]): Listed[] {
  const byFile = new Map<FileId, Listed>();
  for (const { subject: _, ...line } of held) {
    const before = byFile.get(line.file);
    byFile.set(
      line.file,
      before === undefined
        ? line
        : {
            ...line,
            rights: before.rights | line.rights,
            expires: laterEnd(before.expires, line.expires),
          },
    );
  }
  return [...byFile.values()];
}

async function list(call: Call, { after }: Request): Promise<Answer> {
  const { vault, practice } = call;
  const { member } = deviceOf(call);
  return inPractice(vault.sql, practice, async (tx) => {
    const held = await confirmCall(tx, call);
    checkNotFrozen(held, call);
    const subjects = subjectsOf(held.state, member);
    const rows = await readHoldings(tx, practice, { subjects, after, count: PAGE_FILES + 1 });
    const files = new Set(rows.map(({ file }) => file));
    const more = files.size > PAGE_FILES;
    const last = more ? rows.at(-1)?.file : undefined;
    const isStopped = ({ file, subject }: HeldFile): boolean =>
      stoppedSubjects(held, file).some((gone) => isSameSubject(gone, subject));
    const shown = rows.filter((row) => row.file !== last && !isStopped(row));
    return { files: joinGrants(shown), more };
  });
}

export const fileList: Handled<Request, Answer> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: list,
};
