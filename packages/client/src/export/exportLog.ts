import { generateEntryId } from "@sinetti/core/secret";
import { dueOn, type Exported, type ExportRequest } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { isRefusal } from "../errors.ts";
import { authorTime, encodeBody, readRecords } from "../records/body.ts";
import { ExportError } from "./exportError.ts";
import { openPatient, type OpenPart } from "./openPatient.ts";

const LOGGED_IN = ["care", "office", "identity"] as const;

type Told<B> = Omit<B, "v" | "at" | "author">;

/** Writes into the first of a patient's files that may be written that a copy was given out, or asked for. Error: `not-logged`. */
async function writeLog(
  client: Client,
  open: readonly OpenPart[],
  told: Told<Exported> | Told<ExportRequest>,
): Promise<void> {
  const { context } = client;
  const body = { v: 1, at: authorTime(context), author: client.member, ...told } as const;
  for (const compartment of LOGGED_IN) {
    const part = open.find((each) => each.compartment === compartment);
    if (part === undefined) continue;
    try {
      await appendEntries(context, [
        {
          file: part.file,
          entries: [{ id: generateEntryId(), class: "entry", body: encodeBody(compartment, body) }],
        },
      ]);
      return;
    } catch (error) {
      if (!isRefusal(error, "not-granted", "not-authorised")) throw error;
    }
  }
  throw new ExportError("not-logged");
}

/** Writes down that a copy is given out, before it is. Error: `not-logged`. */
export async function logExport(
  client: Client,
  open: readonly OpenPart[],
  told: Omit<Told<Exported>, "type">,
): Promise<void> {
  await writeLog(client, open, { type: "export", ...told });
}

/** A request for a copy, and whether one was given out since. */
export interface RequestRow {
  readonly requestedOn: string;
  readonly dueOn: string;
  readonly by: string;
  /** Author's time of the first copy for a request of that day or later; null: none yet. */
  readonly answeredAt: string | null;
}

/** Writes down that somebody asked for a copy on a day; it is due a month later. Error: `not-logged`. */
export async function addExportRequest(
  client: Client,
  patient: string,
  { requestedOn, by }: { requestedOn: string; by: string },
): Promise<RequestRow> {
  const { open } = await openPatient(client, patient, { withProcessNotes: false });
  const due = dueOn(requestedOn);
  await writeLog(client, open, { type: "exportRequest", by, requestedOn, dueOn: due });
  return { requestedOn, dueOn: due, by, answeredAt: null };
}

/** The requests for copies of a patient's record, each with the copy that answered it, soonest due first. */
export async function listExportRequests(client: Client, patient: string): Promise<RequestRow[]> {
  const { open } = await openPatient(client, patient, { withProcessNotes: false });
  const bodies = open.flatMap(({ compartment, file }) =>
    readRecords(client.context, file, { compartment }).map(({ body }) => body),
  );
  const given = bodies.filter((body) => body.type === "export");
  const rows = bodies.flatMap((body) => {
    if (body.type !== "exportRequest") return [];
    const { requestedOn, dueOn: due, by } = body;
    const answer = given.find(
      (each) =>
        each.requestedOn === requestedOn || (each.requestedOn === undefined && each.at >= body.at),
    );
    return [{ requestedOn, dueOn: due, by, answeredAt: answer?.at ?? null }];
  });
  const unasked = given.flatMap(({ requestedOn, dueOn: due, to, at }) =>
    requestedOn === undefined || rows.some((row) => row.requestedOn === requestedOn)
      ? []
      : [{ requestedOn, dueOn: due ?? dueOn(requestedOn), by: to, answeredAt: at }],
  );
  return [...rows, ...unasked].sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
}
