import { prepareCanary, setCanary, type Client } from "@sinetti/client";
import type { FileId } from "@sinetti/core";

import type { PracticeWish } from "../../synthetic/caseload.ts";
import { inventPatient } from "../../synthetic/patient.ts";

/** Numbers of invented patients who are nobody's: far beyond every caseload. */
const FIRST_NUMBER = 10_000_000;

/** Gives a therapist a canary as a practice would: a record of somebody invented, made on their own device, flagged by the privacy officer. */
export async function plantCanary(
  therapist: Client,
  officer: Client,
  { wish, index }: { wish: PracticeWish; index: number },
): Promise<FileId> {
  const { seed, until, meanEntries } = wish;
  const number = FIRST_NUMBER + index;
  const { records } = inventPatient({
    seed,
    number,
    until,
    meanEntries,
    author: therapist.member,
  });
  const file = await prepareCanary(
    therapist,
    records.care.map(({ body }) => body),
  );
  await setCanary(officer.context, file, true);
  return file;
}
