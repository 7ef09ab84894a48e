import { addPatient, finishDevice, findPatientFiles, openOne, type Client } from "@sinetti/client";
import type { Secret } from "@sinetti/core";

import { INVENTED_PASSWORD } from "../synthetic/admitStaff.ts";
import { PatientIds } from "../synthetic/candidate.ts";
import { inventStaff, type PracticeWish } from "../synthetic/caseload.ts";
import { inventPatient } from "../synthetic/patient.ts";
import { readImportKey } from "../synthetic/writeCaseload.ts";
import type { TheftOptions } from "./runTheft.ts";

const OPENED = 20;
const REGISTERED = 10;

/** Care files by the identity file of the same patient: what a thief would like to know. */
export interface Pairs {
  readonly imported: ReadonlyMap<string, string>;
  /** Of patients who were registered one by one. */
  readonly registered: ReadonlyMap<string, string>;
}

/** What a day left behind. */
export interface Day {
  readonly importKey: Secret<"import-key">;
  readonly pairs: Pairs;
  /** More strings that must be nowhere. */
  readonly needles: readonly string[];
}

function pairsOf(
  { seed, patients }: PracticeWish,
  importKey: Secret<"import-key">,
): Map<string, string> {
  return new Map(
    Array.from({ length: patients }, (_, number) => {
      const ids = new PatientIds(importKey, { seed, number });
      return [ids.file("identity"), ids.file("care")];
    }),
  );
}

/** Registers new people one by one, as they come. */
async function register(
  client: Client,
  { seed, patients, until }: PracticeWish,
): Promise<{ pairs: Map<string, string>; names: string[] }> {
  const pairs = new Map<string, string>();
  const names: string[] = [];
  for (let index = 0; index < REGISTERED; index++) {
    const wish = { seed, number: patients + index, until, meanEntries: 3, author: client.member };
    const { v: _v, type: _type, at: _at, ...person } = inventPatient(wish).person;
    const { patient } = await addPatient(client, person);
    const { care } = await findPatientFiles(client, patient);
    if (care !== null) pairs.set(patient, care.file);
    names.push(`${person.name.given.join(" ")} ${person.name.family ?? ""}`.trim());
  }
  return { pairs, names };
}

/** A therapist registers new patients, and opens some records one after the other, identity first, as on any day. */
export async function workADay({
  wish,
  system,
  openDevice,
  alsoWrite,
}: TheftOptions): Promise<Day> {
  const [first] = inventStaff(wish).caseloads;
  if (first === undefined) throw new RangeError("a practice without patients has nothing to steal");
  const device = openDevice(first.therapist.device);
  try {
    const client = await finishDevice(device.world, {
      password: INVENTED_PASSWORD,
      endpoints: system.endpoints,
    });
    await client.resume();
    const importKey = await readImportKey(client);
    const more = await alsoWrite(client);
    const { pairs, names } = await register(client, wish);
    client.lock();
    for (let number = first.from; number < Math.min(first.to, first.from + OPENED); number++) {
      const ids = new PatientIds(importKey, { seed: wish.seed, number });
      await openOne(client.context, { file: ids.file("identity"), vault: "who" }, "preparation");
      await openOne(client.context, { file: ids.file("care"), vault: "what" }, "documentation");
    }
    client.lock();
    return {
      importKey,
      pairs: { imported: pairsOf(wish, importKey), registered: pairs },
      needles: [...more, ...names],
    };
  } finally {
    device.close();
  }
}
