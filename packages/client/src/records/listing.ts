import type { FileId, Secret } from "@sinetti/core";
import { displayName, type PatientIdentity, type RosterValue } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { isRefusal } from "../errors.ts";
import { lookupKeyOf, openDirectory } from "./directory.ts";
import { indexPatient } from "./lookup.ts";
import { openRoster, putPatients, rosterLine, type Roster } from "./roster.ts";

/** A patient whose files are there, to be found in the caseload and by name. */
export interface Listed {
  readonly file: FileId;
  readonly care: FileId | null;
  readonly identity: PatientIdentity;
  readonly lastMeasures: RosterValue["lastMeasures"];
}

/**
 * Makes imported patients findable: first by the caseload, then by the metered lookup. A cell on this device tells for each that it
 * is done; what is not yet done is made good by the next run.
 */
export class Listing {
  readonly #client: Client;
  readonly #nameless: string | undefined;
  #lookupKey: Promise<Secret<"lookup-site">> | null = null;
  #roster: Promise<Roster> | null = null;
  /** The gate lets this member list nobody more today. */
  #isSpent = false;

  constructor(client: Client, nameless?: string) {
    this.#client = client;
    this.#nameless = nameless;
  }

  /** Those of these patients whom an earlier run did not list whole. */
  async unlisted<T>(patients: readonly T[], fileOf: (patient: T) => FileId): Promise<T[]> {
    const { device } = this.#client.context;
    const cells = await Promise.all(
      patients.map((patient) => device.read(doneCell(fileOf(patient)))),
    );
    return patients.filter((_, index) => cells[index] === null);
  }

  /** Lists patients; gives how many of them were not in the caseload before, and how many the lookup does not know yet. */
  async list(patients: readonly Listed[]): Promise<{ added: number; unlisted: number }> {
    if (patients.length === 0) return { added: 0, unlisted: 0 };
    const { context } = this.#client;
    const [added, found] = await Promise.all([
      this.#putLines(patients),
      Promise.all(patients.map((patient) => this.#index(patient))),
    ]);
    const done = patients.filter((_, index) => found[index] === true);
    await context.device.write(
      done.map(({ file }) => context.device.seal(doneCell(file), new Uint8Array(0))),
    );
    return { added, unlisted: patients.length - done.length };
  }

  async #putLines(patients: readonly Listed[]): Promise<number> {
    const { context, roles } = this.#client;
    if (!roles.includes("therapist")) return patients.length;
    this.#roster ??= openRoster(context, true);
    const roster = await this.#roster;
    const lines = patients
      .filter(({ file }) => !roster.values.has(file))
      .map(({ file, care, lastMeasures, identity: { person } }) => {
        const name = person === undefined ? "" : displayName(person);
        const line = rosterLine(file, { name, nameless: this.#nameless, care, person });
        return { ...line, lastMeasures };
      });
    await putPatients(context, roster, lines);
    return lines.length;
  }

  /** False: the gate wants another person's approval for more, or fewer at once. */
  async #index({ file, identity }: Listed): Promise<boolean> {
    if (this.#isSpent) return false;
    const { context } = this.#client;
    this.#lookupKey ??= openDirectory(context).then(lookupKeyOf);
    try {
      await indexPatient(context, await this.#lookupKey, { file, identity });
      return true;
    } catch (error) {
      if (!isRefusal(error, "over-budget", "rate-limited")) throw error;
      this.#isSpent ||= error.problem === "over-budget";
      return false;
    }
  }
}

function doneCell(file: FileId): string {
  return `imported/${file}`;
}
