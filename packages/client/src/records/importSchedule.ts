import type { FileId, MemberId, SiteId } from "@sinetti/core";
import { importEntryId } from "@sinetti/core/secret";
import { NOBODY, type Appointment } from "@sinetti/practice";
import type { EntryWish } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { appendInBatches } from "./appendInBatches.ts";
import { encodeBody } from "./body.ts";
import type { ImportedAppointment } from "./csv/csvAppointments.ts";
import type { RowPlace } from "./csv/csvFile.ts";
import { heldEntries, tryCreate } from "./importGroup.ts";
import type { ImportRun } from "./importRun.ts";
import { scheduleFile, scheduleWish } from "./schedule.ts";

/** Entries of a month that wait until they fill one append. */
const ENTRIES_PER_APPEND = 256;
/** Entries that wait over all months; then the fullest month goes, so that memory does not grow with the years. */
const WAITING_ENTRIES = 8192;

/** Whose appointments they are. */
export interface AppointmentsOf {
  /** The patient's identity file. */
  readonly patient: FileId;
  readonly shortName: string;
  /** The patient's own, as the source names them: for appointments that name none. */
  readonly therapist: string | null;
  /** Names the patient in every run. */
  readonly key: string;
}

/** Puts imported appointments into the schedules of their months, 256 to an append. */
export class ScheduleImport {
  readonly #client: Client;
  readonly #run: Pick<ImportRun, "importKey" | "granted">;
  readonly #site: SiteId;
  readonly #therapistOf: (name: string) => MemberId | null;
  readonly #waiting = new Map<string, EntryWish[]>();
  readonly #isHeld = new Map<string, boolean>();
  #waitingCount = 0;
  /** Entries written. */
  entries = 0;

  constructor(
    client: Client,
    options: {
      run: Pick<ImportRun, "importKey" | "granted">;
      site: SiteId;
      /** The member whom the source names so; null: nobody here. */
      therapistOf: (name: string) => MemberId | null;
    },
  ) {
    this.#client = client;
    this.#run = options.run;
    this.#site = options.site;
    this.#therapistOf = options.therapistOf;
  }

  /** Takes a patient's appointments, and writes the months that are full; gives the rows of months whose schedule a colleague holds. */
  async add(of: AppointmentsOf, appointments: readonly ImportedAppointment[]): Promise<RowPlace[]> {
    const refused: RowPlace[] = [];
    for (const imported of appointments) {
      const month = imported.appointment.start.slice(0, 7);
      if (!(await this.#holds(month))) {
        refused.push(imported.place);
        continue;
      }
      const waiting = this.#waiting.get(month) ?? [];
      this.#waiting.set(month, waiting);
      waiting.push(this.#wish(of, imported));
      this.#waitingCount++;
      if (waiting.length === ENTRIES_PER_APPEND) await this.#write(month);
      else if (this.#waitingCount >= WAITING_ENTRIES) await this.#write(this.#fullest());
    }
    return refused;
  }

  /** Writes what waits. */
  async end(): Promise<void> {
    for (const month of [...this.#waiting.keys()].sort()) await this.#write(month);
  }

  #wish(
    { patient, shortName, key, therapist }: AppointmentsOf,
    imported: ImportedAppointment,
  ): EntryWish {
    const { sourceId, contentHash, appointment } = imported;
    const therapistName = appointment.therapistName ?? therapist;
    const member = therapistName === null ? null : this.#therapistOf(therapistName);
    const value: Appointment = {
      ...appointment,
      ...(therapistName !== null && { therapistName }),
      therapist: member ?? NOBODY,
      patients: [patient],
      ...(shortName !== "" && { shortName }),
    };
    const at = new Date(this.#client.context.world.clock.now() * 1000).toISOString();
    return {
      id: this.#id(`schedule\n${key}\n${sourceId}\n${contentHash}`),
      class: "entry",
      body: encodeBody("schedule", {
        v: 1,
        at,
        op: "put",
        key: `import/${this.#id(`schedule\n${key}\n${sourceId}`)}`,
        value,
      }),
    };
  }

  #id(text: string): EntryWish["id"] {
    return importEntryId(this.#run.importKey, new TextEncoder().encode(text));
  }

  #fullest(): string {
    let fullest = "";
    let most = -1;
    for (const [month, { length }] of this.#waiting)
      if (length > most) [fullest, most] = [month, length];
    return fullest;
  }

  async #write(month: string): Promise<void> {
    const wishes = this.#waiting.get(month) ?? [];
    this.#waiting.delete(month);
    this.#waitingCount -= wishes.length;
    if (wishes.length === 0) return;
    const file = this.#file(month);
    const held = await heldEntries(this.#client, [{ file, vault: "who" }]);
    const entries = wishes.filter(({ id }) => !held.has(id));
    if (entries.length > 0)
      this.entries += await appendInBatches(this.#client.context, "who", [{ file, entries }]);
    this.#client.context.files.forget(file);
  }

  #file(month: string): FileId {
    return scheduleFile(this.#run.importKey, { site: this.#site, month });
  }

  /** Whether the schedule of a month is this member's to write; it is made where there is none. */
  async #holds(month: string): Promise<boolean> {
    const known = this.#isHeld.get(month);
    if (known !== undefined) return known;
    const file = this.#file(month);
    const isHeld =
      this.#run.granted.has(file) ||
      (await tryCreate(this.#client, [scheduleWish(this.#client, { file, site: this.#site })]));
    this.#isHeld.set(month, isHeld);
    return isHeld;
  }
}
