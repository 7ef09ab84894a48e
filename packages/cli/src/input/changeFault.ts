import { realpathSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";

const OTHERS_WRITE = 0o022;
/** In such a folder, as /tmp is, nobody takes away or renames what is another's. */
const STICKY = 0o1000;

type Account = number | undefined;

function isOwn({ uid }: Stats, account: Account): boolean {
  return account === undefined || uid === account || uid === 0;
}

/** Why what a file holds is not this account's or root's word alone; null: it is. */
export function changeFault(path: string, account: Account = process.getuid?.()): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `${path} is not there`;
  if (!isOwn(found, account))
    return `${path} belongs to another account, which changes it as it likes: chown it`;
  return (found.mode & OTHERS_WRITE) === 0
    ? null
    : `${path} can be changed by others: chmod go-w it`;
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** As `changeFault`, and why another file may be put in its place: whoever writes a folder on the way to it does so. */
export function replaceFault(path: string, account: Account = process.getuid?.()): string | null {
  const fault = changeFault(path, account);
  if (fault !== null) return fault;
  for (const folder of new Set([path, realpathSync(path)].flatMap(foldersAbove))) {
    const found = statSync(folder);
    const isShared = (found.mode & OTHERS_WRITE) !== 0 && (found.mode & STICKY) === 0;
    if (!isOwn(found, account)) return `${folder} belongs to another account`;
    if (isShared) return `others may put another file into ${folder}: chmod go-w it`;
  }
  return null;
}
