import {
  finishDevice,
  openFiles,
  readAttachment,
  readDrafts,
  readEntries,
  type AttachmentLink,
  type Client,
  type Endpoints,
  type KnownFile,
} from "@sinetti/client";
import type { Secret } from "@sinetti/core";
import { parseEntryBody } from "@sinetti/practice";

import { INVENTED_PASSWORD, type OpenDevice } from "../synthetic/admitStaff.ts";
import type { PatientIds } from "../synthetic/candidate.ts";
import { needlesOf, type Caseload, type PracticeWish } from "../synthetic/caseload.ts";
import { PATIENT_COMPARTMENTS, type PatientCompartment } from "../synthetic/patient.ts";
import type { PlantPlace } from "../synthetic/plant.ts";
import { planPatient, readImportKey } from "../synthetic/writeCaseload.ts";

/** What the staff's own devices read where strings were put. */
export interface ReadBack {
  readonly places: number;
  readonly stored: number;
  readonly missing: readonly Pick<PlantPlace, "needle" | "field">[];
}

const VAULT_OF = {
  identity: "who",
  office: "who",
  care: "what",
  portal: "what",
  process: "what",
} as const;

/** Opens the records that strings were put into, by the clients of their therapists, and looks whether they are really there. */
export async function readPlantsBack(
  {
    wish,
    caseloads,
    endpoints,
  }: { wish: PracticeWish; caseloads: readonly Caseload[]; endpoints: Endpoints },
  openDevice: OpenDevice,
): Promise<ReadBack> {
  const missing: Pick<PlantPlace, "needle" | "field">[] = [];
  let places = 0;
  for (const { therapist, from, to } of caseloads) {
    const numbers = Array.from({ length: to - from }, (_, index) => from + index).filter(
      (number) => needlesOf(wish, number).length > 0,
    );
    if (numbers.length === 0) continue;
    const device = openDevice(therapist.device);
    try {
      const client = await finishDevice(device.world, { password: INVENTED_PASSWORD, endpoints });
      const importKey = await readImportKey(client);
      for (const number of numbers) {
        const read = await readPatient(client, wish, { number, importKey });
        places += read.places;
        missing.push(...read.missing);
      }
      client.lock();
    } finally {
      device.close();
    }
  }
  return { places, stored: places - missing.length, missing };
}

async function readPatient(
  client: Client,
  wish: PracticeWish,
  { number, importKey }: { number: number; importKey: Secret<"import-key"> },
): Promise<{ places: number; missing: Pick<PlantPlace, "needle" | "field">[] }> {
  const { ids, places } = planPatient(wish, number, { author: client.member, importKey });
  const texts = await readTexts(client, ids);
  const missing = places.filter(({ needle, field, sourceId }) => {
    const text = wish.plant[needle] ?? "";
    const [compartment = ""] = field.split(".");
    const key = sourceId.startsWith("draft/")
      ? "draft"
      : ids.entry(compartment as PatientCompartment, sourceId);
    const where = field === "care.document.bytes" ? `${key}/bytes` : key;
    const escaped = JSON.stringify(text).slice(1, -1);
    // An original from elsewhere is JSON inside JSON.
    const forms = [text, escaped, JSON.stringify(escaped).slice(1, -1)];
    const held = texts.get(where) ?? "";
    return !forms.some((form) => held.includes(form));
  });
  return { places: places.length, missing };
}

/** Every text of a patient by entry id; drafts together, documents' bytes apart. */
async function readTexts({ context }: Client, ids: PatientIds): Promise<Map<string, string>> {
  const decoder = new TextDecoder();
  const texts = new Map<string, string>();
  for (const compartment of PATIENT_COMPARTMENTS) {
    const ref = { file: ids.file(compartment), vault: VAULT_OF[compartment] };
    const [opened] = await openFiles(context, [ref], { purpose: "preparation" });
    if (opened === undefined || opened.file === null) continue;
    for (const { id, body } of readEntries(context, opened.file)) {
      const text = decoder.decode(body);
      texts.set(id, text);
      if (compartment === "care")
        texts.set(`${id}/bytes`, await readDocument({ context }, opened.file, text));
    }
    if (compartment !== "care") continue;
    const drafts = await readDrafts(context, opened.file);
    texts.set("draft", drafts.map(({ body }) => decoder.decode(body)).join("\n"));
  }
  return texts;
}

async function readDocument(
  { context }: Pick<Client, "context">,
  file: KnownFile,
  text: string,
): Promise<string> {
  const body = parseEntryBody("care", JSON.parse(text));
  if (body.type !== "document" || body.attachment === undefined) return "";
  const { id, key, chunks, sizeBytes } = body.attachment;
  const link = { attachment: id as AttachmentLink["attachment"], key, chunks, sizeBytes };
  const parts: Uint8Array[] = [];
  for await (const part of readAttachment(context, file, link)) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
