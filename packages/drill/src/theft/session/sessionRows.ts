import type { Door, DoorName } from "./doors.ts";
import type { OfficeYields, TherapistYields } from "./liveThieves.ts";
import type { Records } from "./robber.ts";
import type { WayYields } from "./wayYields.ts";

const DOORS: Record<DoorName, string> = {
  "other-purposes": "one more record, under every other purpose",
  crisis: "one more record for a crisis, of three",
  "top-up": "top-ups of the budget, by a passkey that the thief brought",
  "caseload-lines": "lines of the caseload, which no budget counts",
  "schedule-entries": "entries of schedules, which no budget counts",
  "ledger-entries": "entries of ledgers, which no budget counts",
  "directory-entries": "entries of the directory, which no budget counts",
  "others-care-gate": "care files of others, by ids from a dump, at the gate",
  "others-care-crisis": "the same for a crisis",
  "others-care-vault": "the same at the vault",
  "others-process-gate": "process files of others at the gate",
  "others-process-vault": "process files of others at the vault",
  "others-rosters-gate": "caseloads of others at the gate",
  "grant-itself": "care files of others, granted to itself",
  "recovery-wraps": "wraps to the recovery secret",
  "index-tokens-a-file": "lookup tokens beside the meter, of one file in a day",
  lookups: "names guessed in a day",
  "lookups-known": "of them, names that the practice knows",
  "join-teams": "seats in teams",
  "approve-itself": "consents to its own openings",
  "export-practice": "packages of an export of the practice",
  "add-member": "members added",
  "add-device": "devices of its own, added to the member",
  "made-here-this-week": "beyond the budget, on the device that made the records this week",
};

const both = ({ care, identity }: Records): string => `${care} and ${identity}`;

const UNCOUNTED: ReadonlySet<DoorName> = new Set<DoorName>([
  "caseload-lines",
  "schedule-entries",
  "ledger-entries",
  "directory-entries",
]);

function doorRows(id: string, doors: readonly Door[]): string[][] {
  return doors.map(({ door, tried, got }) => [
    id,
    DOORS[door],
    UNCOUNTED.has(door) ? `${got} in ${tried} files` : `${got} of ${tried} tries`,
  ]);
}

function wayRows(id: string, way: string, yields: WayYields): string[][] {
  const { held, opened, endedBy, seconds, alarm, seen, unknownToDevice, horizons } = yields;
  const of = (horizon: string): Records => {
    const records = (name: string): number =>
      horizons.find((each) => each.class === name && each.horizon === horizon)?.records ?? 0;
    return { care: records("care"), identity: records("identity") };
  };
  const longer = ["a day", both(of("day")), "30 days", both(of("month"))].join(": ");
  const signal = alarm === null ? "nobody is alarmed" : `${alarm.signal} at ${both(alarm.records)}`;
  return [
    [
      id,
      `${way}: care and identity files of patients`,
      `${both(opened)} of ${both(held)} in ${seconds.toFixed(1)} s; ${endedBy}`,
    ],
    ...(horizons.length === 0
      ? []
      : [[id, `${way}: the same at most, computed`, longer.replace(": 30 days", "; 30 days")]]),
    [id, `${way}: alarm, and what was out by then`, signal],
    [
      id,
      `${way}: lines in the gate's log; unknown to the device`,
      `${seen.logLines}; ${unknownToDevice}`,
    ],
  ];
}

/** Rows for people on an unlocked session of a therapist. */
export function therapistRows({ greedy, guided, doors, doorsSeen }: TherapistYields): string[][] {
  const stopped = greedy?.thaw ?? null;
  return [
    ...(greedy === null
      ? [["T5", "every grant", "not played: the practice has one therapist"]]
      : wayRows("T5", "every grant", greedy)),
    ...(stopped === null
      ? []
      : [
          [
            "T5",
            "the stop ended by itself; by one other person",
            `${stopped.alone}; ${stopped.byAnother ? "yes" : "no"}`,
          ],
        ]),
    ...wayRows("T5", "by the caseload", guided),
    ...doorRows("T5", doors),
    ["T5", "alarms by all of these", Object.keys(doorsSeen.alarms).join(", ") || "none"],
  ];
}

/** Rows for people on an unlocked session of the office. */
export function officeRows({ way, doors }: OfficeYields): string[][] {
  return [...wayRows("T6", "every grant", way), ...doorRows("T6", doors)];
}
