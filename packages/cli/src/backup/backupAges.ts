import { existsSync } from "node:fs";

import { readNotes, type BackupNotes } from "./backupNotes.ts";

/** What a data folder remembers of its backups, with ages in seconds by the clock of now. */
export interface BackupAges {
  readonly last: string | null;
  readonly folder: string | null;
  readonly ageSeconds: number | null;
  readonly everySeconds: number | null;
  /** None is there, or the newest is older than one and a half times what was asked for; a day where nothing was. */
  readonly isLate: boolean;
  readonly failed: BackupNotes["failed"];
  readonly gateKeys: string | null;
  readonly gateKeysAgeSeconds: number | null;
  readonly verified: BackupNotes["verified"];
}

const DAY_SECONDS = 86_400;
const LATE_AFTER = 1.5;

function ageOf(made: string | null, now: Date): number | null {
  return made === null ? null : Math.round((now.getTime() - Date.parse(made)) / 1000);
}

/** The ages of the backups of a data folder; null where there is none on this machine. */
export function backupAges(data: string, now: Date): BackupAges | null {
  if (!existsSync(data)) return null;
  const { last, everySeconds, failed, gateMade, verified } = readNotes(data);
  const ageSeconds = ageOf(last?.made ?? null, now);
  const longest = LATE_AFTER * (everySeconds ?? DAY_SECONDS);
  // One from the future says nothing of when it was made.
  const isLate = ageSeconds === null || ageSeconds > longest || ageSeconds < -DAY_SECONDS;
  return {
    last: last?.made ?? null,
    folder: last?.folder ?? null,
    ageSeconds,
    everySeconds,
    isLate,
    failed,
    gateKeys: gateMade,
    gateKeysAgeSeconds: ageOf(gateMade, now),
    verified,
  };
}

const HOUR_SECONDS = 3600;

function ageText(seconds: number | null): string {
  if (seconds === null) return "never";
  if (seconds < 2 * DAY_SECONDS) return `${Math.floor(seconds / HOUR_SECONDS)} hours ago`;
  return `${Math.floor(seconds / DAY_SECONDS)} days ago`;
}

/** The same for people. */
export function backupLines(ages: BackupAges | null): string[] {
  if (ages === null) return [];
  const { last, ageSeconds, isLate, failed, gateKeys, gateKeysAgeSeconds, verified } = ages;
  const lateness = isLate ? ": LATE" : "";
  const lines = [
    last === null
      ? "no backup has been made on this machine: sinetti backup"
      : `last backup ${last.slice(0, 10)}, ${ageText(ageSeconds)}${lateness}`,
    gateKeys === null
      ? "the gate's keys were never written out: sinetti gate backup"
      : `the gate's keys were written out ${gateKeys.slice(0, 10)}, ${ageText(gateKeysAgeSeconds)}`,
  ];
  if (failed !== null) lines.push(`the last backup failed (${failed.code}) at ${failed.at}`);
  if (verified !== null)
    lines.push(
      `the backup of ${verified.made.slice(0, 10)} was verified ${verified.at.slice(0, 10)}: ${verified.isSound ? "sound" : "BROKEN"}`,
    );
  return lines;
}
