import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { BackupError } from "../backup/backupError.ts";
import { readFacts } from "../backup/databaseRows.ts";
import { operate, takeRun, writeRun, type Operated, type TakenRun } from "../backup/operate.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { syncFolder } from "../start/syncFolder.ts";
import { alone, bindOwner } from "../upgrade/alone.ts";
import { asOwner } from "./partOwner.ts";
import type { ServiceConfig } from "./serveConfig.ts";
import { serviceEnvironment } from "./serviceEnvironment.ts";

const RUN = /^([0-9a-f]{32})\.run$/;

const operatedOf = (config: ServiceConfig): Operated => ({
  name: config.part,
  environment: serviceEnvironment(config),
});

/** The practices in the database of a part that does not run. Errors: ServeError, `still-running` among them. */
async function practicesOf(config: ServiceConfig): Promise<string[]> {
  const { part } = config;
  return asOwner(config, (sql) =>
    alone(sql, part, async () => {
      await bindOwner(sql, ["practices"], "no force");
      const { practices } = await readFacts(sql, part);
      await bindOwner(sql, ["practices"], "force");
      return practices.map(({ practice }) => practice);
    }),
  );
}

/**
 * Writes what a part that does not run holds for another one, a file a practice, into a folder that is empty or not there.
 * Errors: BackupError `data-exists`, `service-failed`, ServeError.
 */
export async function handOver(
  config: ServiceConfig,
  { to, folder }: { to: ServiceConfig["part"]; folder: string },
): Promise<{ practices: readonly string[] }> {
  const place = resolve(folder);
  if (existsSync(place) && readdirSync(place).length > 0)
    throw new BackupError("data-exists", { detail: place });
  const practices = await practicesOf(config);
  makePrivateFolder(place, undefined);
  for (const practice of practices) {
    const path = join(place, `${practice}.run`);
    const words = config.part === "gate" ? ["export", practice, to] : ["export", practice];
    const draft = `${path}.draft`;
    try {
      await writeRun(operatedOf(config), words, draft);
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }
  syncFolder(place);
  return { practices };
}

/** What a part lacked and has now. */
export interface RestoredPart {
  readonly restore: string;
  readonly practices: readonly string[];
  readonly links: number;
  readonly statements: number;
  readonly stops: number;
  readonly erased: number;
  /** Grants whose wraps are nowhere any more, over all practices. */
  readonly lostWraps: number;
}

/** The files that other parts have handed over, by practice. Error: BackupError `incomplete`. */
function runsIn(folders: readonly string[]): { practice: string; path: string }[] {
  return folders.flatMap((folder) => {
    const place = resolve(folder);
    const runs = existsSync(place)
      ? readdirSync(place).flatMap((name) => {
          const practice = RUN.exec(name)?.[1];
          return practice === undefined ? [] : [{ practice, path: join(place, name) }];
        })
      : [];
    if (runs.length === 0) throw new BackupError("incomplete", { detail: place });
    return runs;
  });
}

/**
 * Marks every practice of a part that PostgreSQL was brought back to an earlier moment as restored, and takes what other parts
 * have handed over: from its next start on it is still until two resume it. Done again, it goes on where it was. Errors:
 * BackupError `incomplete`, `catch-up-refused`, `gate-key-other`, `service-failed`, ServeError.
 */
export async function restorePart(
  config: ServiceConfig,
  folders: readonly string[],
): Promise<RestoredPart> {
  const runs = runsIn(folders);
  const restore = randomBytes(16).toString("hex");
  const service = operatedOf(config);
  const held = await practicesOf(config);
  // First: whatever fails later, it is still.
  await operate(service, ["settle", restore, ...held]);
  const taken: TakenRun[] = [];
  for (const { practice, path } of runs)
    taken.push(await takeRun(service, ["import", practice], path));
  const practices = await practicesOf(config);
  const fresh = practices.filter((practice) => !held.includes(practice));
  if (fresh.length > 0) await operate(service, ["settle", restore, ...fresh]);
  const sum = (count: (each: TakenRun) => number): number =>
    taken.reduce((total, each) => total + count(each), 0);
  return {
    restore,
    practices,
    links: sum(({ links }) => links),
    statements: sum(({ statements }) => statements),
    stops: sum(({ stops }) => stops),
    erased: sum(({ erased = 0 }) => erased),
    lostWraps: sum(({ lostWraps = [] }) => lostWraps.length),
  };
}
