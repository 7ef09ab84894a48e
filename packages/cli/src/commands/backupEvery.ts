import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { backUp } from "../backup/backUp.ts";
import { readRecipients } from "../backup/ageFile.ts";
import { backupAges } from "../backup/backupAges.ts";
import { BackupError } from "../backup/backupError.ts";
import { readNotes, writeNotes, type BackupNotes } from "../backup/backupNotes.ts";
import { runSchedule } from "../backup/backupSchedule.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { listBackups } from "../backup/manifest.ts";
import { checkShelf, isInside } from "../backup/shelfPlace.ts";
import { failureOf } from "../failure.ts";
import { readInterval } from "../input/interval.ts";
import { UsageError } from "../inputError.ts";
import { backupMetrics } from "../metrics/backupMetrics.ts";
import { writeMetricsFile } from "../metrics/metricsFile.ts";
import type { Printed } from "../output.ts";
import { programVersion } from "../programVersion.ts";
import { defaultData, type Shell } from "../shell.ts";
import { needed, type Words } from "./command.ts";

/** With one a day: two weeks of days to go back to. */
const KEPT = 14;
const SHORTEST_MS = 60_000;
const STEP_MS = 250;

/** How many backups are kept; null: not said. Error: UsageError. */
export function readKept(words: Words): number | null {
  const text = words.text("keep");
  if (text === undefined) return null;
  const kept = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (kept < 3) throw new UsageError("--keep: a number, at least 3");
  return kept;
}

/** The numbers of a data folder's backups, where they are wanted. */
export async function writeBackupMetrics(words: Words, data: string): Promise<void> {
  const file = words.text("metricsFile");
  const ages = backupAges(data, new Date(Date.now()));
  if (file !== undefined && ages !== null)
    writeMetricsFile(file, await backupMetrics(ages).metrics());
}

interface Plan {
  readonly shelf: string;
  readonly data: string;
  readonly everyMs: number;
  readonly keep: number;
  readonly recipients: readonly string[];
  readonly maySameDisk: boolean;
}

function readPlan(words: Words): Plan {
  const everyMs = readInterval(needed(words, "every"), "--every");
  if (everyMs < SHORTEST_MS) throw new UsageError("--every: a minute at least");
  for (const [option, given] of [
    ["--identity-out", words.text("identityOut") !== undefined],
    ["--new-identity", words.flag("newIdentity")],
  ] as const)
    if (given) throw new UsageError(`${option} goes with one backup, not with --every`);
  const shelf = resolve(needed(words, "out"));
  const data = resolve(words.text("data") ?? defaultData());
  if (!existsSync(data)) throw new BackupError("incomplete", { detail: data });
  if (isInside(shelf, data)) throw new UsageError("--out: not in the data folder");
  const named = words.list("to");
  const notes = readNotes(data);
  const recipients = named.length > 0 ? readRecipients(named) : notes.recipients;
  if (recipients.length === 0)
    throw new UsageError(
      "--every: nobody is there to take a new identity. Make the first backup by hand (sinetti backup --out), or name recipients with --to",
    );
  if (recipients.some((each) => notes.gateRecipients.includes(each)))
    throw new BackupError("recipient-shared");
  const maySameDisk = words.flag("sameDisk");
  return { shelf, data, everyMs, keep: readKept(words) ?? KEPT, recipients, maySameDisk };
}

async function makeOne({ output }: Shell, plan: Plan): Promise<void> {
  const { data, shelf, recipients, keep, maySameDisk } = plan;
  checkShelf(shelf, { data, notes: readNotes(data), maySameDisk });
  const started = performance.now();
  const { folder, manifest, pruned } = await backUp(data, {
    shelf,
    recipients,
    program: programVersion(),
    now: new Date(Date.now()),
    moved: () => undefined,
    pruning: { keep },
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const seconds = Math.round(performance.now() - started) / 1000;
  output.print({
    json: { backup: folder, made: manifest.made, bytes, pruned, seconds },
    text: `${manifest.made} ${folder}: ${bytes} bytes in ${seconds} s, ${pruned.length} older ones removed`,
  });
}

const nowText = (): string => new Date(Date.now()).toISOString();

/** Makes backups until somebody stops it; the place is checked before the first one and again before each. */
export async function keepBackingUp(shell: Shell, words: Words): Promise<Printed> {
  const plan = readPlan(words);
  const { data, shelf, everyMs, maySameDisk } = plan;
  checkShelf(shelf, { data, notes: readNotes(data), maySameDisk });
  const stopping = new AbortController();
  process.once("SIGTERM", () => stopping.abort());
  const isOver = (): boolean => stopping.signal.aborted || shell.interrupt.isAsked;
  const signer = openSigner(data).publicKey;
  // What only tells of backups must not keep one away, nor have one made twice.
  const tell = async (change: Partial<BackupNotes>): Promise<void> => {
    try {
      writeNotes(data, change);
      await writeBackupMetrics(words, data);
    } catch (error) {
      shell.output.log(`${nowText()} not told: ${failureOf(error).message}`);
    }
  };
  let made = 0;
  shell.output.log(`A backup every ${words.text("every")} into ${shelf}.`);
  await tell({ everySeconds: everyMs / 1000 });
  await runSchedule(
    {
      everyMs,
      newest: () => {
        const own = listBackups(shelf).filter(({ manifest }) => manifest.signer === signer);
        const last = own.at(-1);
        return last === undefined ? null : new Date(last.manifest.made);
      },
      backUp: async () => {
        await makeOne(shell, plan);
        made += 1;
        await tell({});
      },
      failed: async (error) => {
        const { code, message } = failureOf(error);
        shell.output.log(`${nowText()} NO BACKUP (${code}): ${message}`);
        await tell({ failed: { at: nowText(), code } });
      },
    },
    {
      now: () => new Date(Date.now()),
      monotonic: () => performance.now(),
      isOver,
      sleep: async (ms) => {
        const until = performance.now() + ms;
        while (performance.now() < until && !isOver()) await sleep(STEP_MS);
      },
    },
  );
  return { json: { made }, text: `${made} backups made.` };
}
