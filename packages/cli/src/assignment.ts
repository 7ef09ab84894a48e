import {
  assignRecords,
  assignedTo,
  readAssignMap,
  type AssignMap,
  type AssignReport,
  type Client,
  type ImportOptions,
  type ImportedRecord,
} from "@sinetti/client";
import { ZERO_ID, type FileId, type MemberId } from "@sinetti/core";

import { rejected } from "./admission/staffFile.ts";
import { readBytes } from "./input/readBytes.ts";
import type { CommandSpec, Words } from "./commands/command.ts";
import type { Shell } from "./shell.ts";

/** The options of an import that hands its records over. */
export const ASSIGN_OPTIONS: NonNullable<CommandSpec["options"]> = [
  [
    "--assign <map.csv>",
    "grant each record to its therapist: columns therapist,member or patient,member",
  ],
  ["--keep-own", "keep your own access to what is handed over (two weeks otherwise)"],
];

/** What an import hands over: the records that it takes are gathered while it runs, and granted when it is done. */
export class Assignment {
  readonly #client: Client;
  readonly #map: AssignMap;
  readonly #keepsOwn: boolean;
  readonly #records: ImportedRecord[] = [];

  private constructor(client: Client, { map, keepsOwn }: { map: AssignMap; keepsOwn: boolean }) {
    this.#client = client;
    this.#map = map;
    this.#keepsOwn = keepsOwn;
  }

  /** Reads the map before anything is imported; null: none was given. Error: InputError naming each row and field. */
  static async open(client: Client, words: Words): Promise<Assignment | null> {
    const path = words.text("assign");
    if (path === undefined) return null;
    const read = await readAssignMap(client, readBytes(path));
    if (!read.ok) throw rejected(path, read.problems);
    return new Assignment(client, { map: read.map, keepsOwn: words.flag("keepOwn") });
  }

  /** What the import must tell, and ask. */
  get options(): Pick<ImportOptions, "onRecord" | "isHandedOver"> {
    return {
      onRecord: (record) => void this.#records.push(record),
      isHandedOver: (record) => {
        const member = assignedTo(this.#map, record);
        return !this.#keepsOwn && member !== null && member !== this.#client.member;
      },
    };
  }

  /** The member to whom the map gives what this therapist has; null: it does not name them. */
  therapistOf(therapist: string): MemberId | null {
    return assignedTo(this.#map, { patient: ZERO_ID as FileId, key: "", therapist });
  }

  /** Grants what was gathered. */
  async run(shell: Shell): Promise<AssignReport> {
    return shell.output.progress((onProgress) =>
      assignRecords(this.#client, {
        map: this.#map,
        records: this.#records,
        onProgress,
        isStopped: () => shell.interrupt.isAsked,
      }),
    );
  }
}

/** The same for people. */
export function assignText(report: AssignReport | null): string[] {
  if (report === null) return [];
  const { assigned, granted, already, unassigned, unknownTherapists } = report;
  return [
    `${assigned} records are with their therapists: ${granted} files granted now, ${already} before`,
    ...unassigned.map(({ patient, reason }) => `unassigned ${patient}: ${reason}`),
    ...unknownTherapists.map((name) => `not in the map: ${name}`),
  ];
}
