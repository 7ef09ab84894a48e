import { mustWait, type Client, type KnownFile } from "@sinetti/client";

import { DeskError } from "../deskFault.ts";
import type { OpenRecords } from "../openRecords.ts";

/** What became of something that was written: it stands, or waits on this device, sealed. */
export type Written = "written" | "waiting";

/** Before anything is kept: a service that is silent here has taken nothing, and neither has this device. */
export async function beforeWriting<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (mustWait(error)) throw new DeskError({ code: "not-saved" });
    throw error;
  }
}

/** The care file, whole, so that writing to it asks for nothing before it is kept here. */
export function careToWrite(records: OpenRecords, patient: string): Promise<KnownFile> {
  return beforeWriting(async () => {
    const care = await records.care(patient);
    if (care.links.every(({ boxes }) => boxes !== null)) return care;
    await records.open(patient);
    return records.care(patient);
  });
}

/** Writes; what no service takes now goes out with the next opening that is answered. */
export async function writeOrWait(
  records: OpenRecords,
  write: () => Promise<unknown>,
): Promise<Written> {
  try {
    await write();
    return "written";
  } catch (error) {
    if (!mustWait(error)) throw error;
    records.wait("written");
    return "waiting";
  }
}

/** Whether this member writes clinical entries into a care file. */
export const isClinician = ({ roles }: Client): boolean => roles.includes("therapist");
