import type { Cost } from "../measure/cost.ts";
import type { BackupYields } from "./backups.ts";
import type { ColumnFinding, ColumnMeasure } from "./columnCheck.ts";
import type { Control } from "./control.ts";
import type { GateJoins } from "./gateJoins.ts";
import type { JoinRate } from "./joins.ts";
import { liveRows } from "./live/liveRows.ts";
import { countLiveLosses, type LiveThief } from "./live/robLive.ts";
import type { LockedYields } from "./lockedDevice.ts";
import type { ReadBack } from "./readBack.ts";
import type { Hit } from "./search.ts";
import { openDoors, type DoorName } from "./session/doors.ts";
import type { OfficeYields, TherapistYields } from "./session/liveThieves.ts";
import { officeRows, therapistRows } from "./session/sessionRows.ts";

/** What T1 gets: both vaults' databases, log, disks, configuration, logs. */
export interface DumpYields {
  readonly rows: number;
  readonly files: number;
  /** Hits of planted strings in what this thief has. */
  readonly found: number;
  readonly columns: { readonly checked: number; readonly findings: readonly ColumnFinding[] };
  /** The practice's own backup; its hits are among those above. */
  readonly backups: BackupYields;
  /** Of people; the random passwords of the databases' own roles are counted apart. */
  readonly passwordHashes: number;
  readonly roleVerifiers: number;
  /** Columns of the vaults that hold a time finer than a week. */
  readonly times: number;
  readonly joins: readonly JoinRate[];
  /** The same for patients who were registered one by one, as on any day. */
  readonly joinsOfNew: readonly JoinRate[];
}

/** One thief and what they got. */
export type Thief =
  | { readonly id: "T1"; readonly yields: DumpYields }
  | {
      readonly id: "T2";
      readonly yields: Pick<DumpYields, "rows" | "found" | "columns"> & {
        readonly joins: GateJoins;
      };
    }
  | { readonly id: "T3" | "T4"; readonly yields: LockedYields & { readonly found: number } }
  | { readonly id: "T5"; readonly yields: TherapistYields }
  | { readonly id: "T6"; readonly yields: OfficeYields }
  | LiveThief;

/** What the drill shows: the contract of the command line, and more. */
export interface TheftReport {
  readonly planted: number;
  readonly plantedFromOutside: number;
  readonly tooShort: readonly number[];
  readonly searchedBytes: number;
  readonly found: readonly Hit[];
  readonly thieves: readonly Thief[];
  readonly control: Control;
  /** What the fill took, beside plain inserts of the same. */
  readonly cost: Cost;
  readonly readBack: ReadBack;
  readonly columns: readonly ColumnMeasure[];
  readonly patients: number;
  readonly entries: number;
  readonly searchSeconds: number;
  readonly cut: number;
  readonly machine: string;
  readonly seconds: number;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.01 ? 3 : 1)} %`;

/** What an unlocked session got where it should get nothing: doors that stood open, and care files at the office. */
export function openedByLive(thieves: readonly Thief[]): (DoorName | "care-at-office")[] {
  return thieves.flatMap((thief) => {
    if (thief.id === "T5") return openDoors(thief.yields.doors);
    if (thief.id !== "T6") return [];
    const { way, doors } = thief.yields;
    return [...openDoors(doors), ...(way.opened.care > 0 ? (["care-at-office"] as const) : [])];
  });
}

/** How often a thief from T7 on was believed, opened something or was answered; and searches of the backup that missed what is there. */
export function countLosses(thieves: readonly Thief[]): number {
  return thieves.reduce((losses, thief) => {
    switch (thief.id) {
      case "T1": {
        const { control } = thief.yields.backups;
        return losses + control.of - control.opened + control.closed;
      }
      case "T7":
      case "T8":
      case "T9":
      case "T10":
      case "T11":
        return losses + countLiveLosses(thief);
      default:
        return losses;
    }
  }, 0);
}

/** Rows for people: which thief, what they look for, what they get. */
export function theftRows(report: TheftReport): string[][] {
  const rows = [["thief", "looks for", "gets"]];
  for (const thief of report.thieves) rows.push(...thiefRows(thief));
  const { control, readBack } = report;
  rows.push(
    [
      "control",
      "the same, unsealed: each string where it was put",
      `${control.found} of ${control.places}`,
    ],
    [
      "control",
      "the same in the files of the database",
      `${control.foundInFiles} of ${control.needles}`,
    ],
    [
      "owner",
      "what was put in, by the staff's own devices",
      `${readBack.stored} of ${readBack.places}`,
    ],
  );
  return rows;
}

function thiefRows({ id, yields }: Thief): string[][] {
  if (id === "T1")
    return [
      [id, "planted strings in rows, files, write-ahead log, logs", String(yields.found)],
      [
        id,
        "planted strings in a backup; in the same once its identity is stolen too",
        `${yields.backups.found}; ${yields.backups.foundOpened}`,
      ],
      [id, "columns that hold what nobody declared", String(yields.columns.findings.length)],
      [id, "password hashes of people", String(yields.passwordHashes)],
      [id, "times finer than a week in the vaults' rows", String(yields.times)],
      ...yields.joins.map(({ by, top1 }, index) => [
        id,
        `who is what, by ${by}: imported; registered one by one`,
        `${percent(top1)}; ${percent(yields.joinsOfNew[index]?.top1 ?? 0)}`,
      ]),
    ];
  if (id === "T7" || id === "T8" || id === "T9" || id === "T10" || id === "T11")
    return liveRows({ id, yields } as LiveThief);
  if (id === "T5") return therapistRows(yields);
  if (id === "T6") return officeRows(yields);
  if (id === "T2")
    return [
      [id, "planted strings at the gate", String(yields.found)],
      [id, "columns that hold what nobody declared", String(yields.columns.findings.length)],
      [id, "who is what, by the gate's creations", percent(yields.joins.created)],
      [
        id,
        "who is what, by the gate's openings",
        yields.joins.opened === null ? "–" : percent(yields.joins.opened),
      ],
    ];
  return [
    [id, "planted strings on the locked device", String(yields.found)],
    [id, "guesses a second of its password", yields.guessesPerSecond.toFixed(1)],
    [
      id,
      "records opened with the password and no gate",
      `${yields.openedWithoutGate} of ${yields.triedWithoutGate}`,
    ],
  ];
}
