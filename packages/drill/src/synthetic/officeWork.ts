import {
  appendEntries,
  createFiles,
  encodeBody,
  listGranted,
  openDirectory,
  openOne,
  sites,
  type Client,
  type EntryWish,
  type FileWish,
  type KnownFile,
} from "@sinetti/client";
import {
  RIGHTS,
  sitsInTeam,
  type EntryId,
  type FileId,
  type Secret,
  type SiteId,
  type TeamId,
} from "@sinetti/core";
import { importEntryId, importFileId } from "@sinetti/core/secret";
import {
  displayName,
  makeFinnishReference,
  type EntryBody,
  type LedgerValue,
  type ScheduleValue,
} from "@sinetti/practice";

import { PatientIds } from "./candidate.ts";
import { needlesOf, type Caseload, type PracticeWish } from "./caseload.ts";
import { inventPatient } from "./patient.ts";
import { fits, type Needle } from "./plant.ts";
import { Random } from "./random.ts";
import { readImportKey } from "./writeCaseload.ts";

const ENTRIES_PER_APPEND = 256;
/** Patients of each therapist who have an appointment this month and an invoice this year. */
const OF_EACH = 30;
/** An example from the IBAN registry: it is nobody's. */
const IBAN = "FI2112345600000785";

/** One entry of a folded file of the office. */
export interface OfficeEntry<V> {
  readonly key: string;
  readonly value: V;
  readonly needle: number | null;
}

/** What the office's books hold, by compartment. */
export interface OfficeBooks {
  readonly schedule: readonly OfficeEntry<ScheduleValue>[];
  readonly ledger: readonly OfficeEntry<LedgerValue>[];
}

/** Invents the month's appointments and the year's invoices, with what is planted in them. */
export function inventBooks(
  wish: PracticeWish,
  {
    caseloads,
    authors,
    importKey,
  }: {
    caseloads: readonly Caseload[];
    authors: readonly string[];
    importKey: Secret<"import-key">;
  },
): OfficeBooks {
  const schedule: OfficeEntry<ScheduleValue>[] = [];
  const ledger: OfficeEntry<LedgerValue>[] = [];
  for (const [index, { from, to }] of caseloads.entries())
    for (let number = from; number < to; number++) {
      const needles = needlesOf(wish, number).filter((needle) => fits(needle, "line"));
      if (number - from >= OF_EACH && needles.length === 0) continue;
      const author = authors[index] ?? "";
      const { seed, until, meanEntries } = wish;
      const { person } = inventPatient({ seed, number, until, meanEntries, author });
      const patient = new PatientIds(importKey, { seed, number }).file("identity");
      const of = { wish, number, patient, author, name: displayName(person) };
      for (const needle of [null, ...needles]) {
        schedule.push(appointment(of, needle));
        ledger.push(invoice(of, { needle, next: ledger.length + 1 }));
      }
    }
  return { schedule, ledger };
}

interface Booked {
  readonly wish: PracticeWish;
  readonly number: number;
  readonly patient: FileId;
  readonly author: string;
  readonly name: string;
}

function appointment(
  { wish, number, patient, author, name }: Booked,
  needle: Needle | null,
): OfficeEntry<ScheduleValue> {
  const random = new Random(`${wish.seed}/appointment/${number}`);
  const day = String(random.between(1, 28)).padStart(2, "0");
  const hour = String(random.between(8, 17)).padStart(2, "0");
  return {
    key: `appointment/${number}/${needle?.index ?? "own"}`,
    needle: needle?.index ?? null,
    value: {
      kind: "appointment",
      start: `${wish.until.slice(0, 8)}${day}T${hour}:00`,
      zone: "Europe/Helsinki",
      minutes: 45,
      therapist: author,
      patients: [patient],
      shortName: needle?.text ?? name,
      room: needle?.text ?? `${random.between(1, 9)}`,
      status: "booked",
    },
  };
}

function invoice(
  { wish, patient, name }: Booked,
  { needle, next }: { needle: Needle | null; next: number },
): OfficeEntry<LedgerValue> {
  const issuedOn = wish.until;
  return {
    key: `invoice/${next}`,
    needle: needle?.index ?? null,
    value: {
      kind: "invoice",
      number: next,
      issuedOn,
      dueOn: issuedOn,
      seller: { name: "Practice", lines: [] },
      buyer: { name: needle?.text ?? name, lines: [] },
      patient,
      currency: "EUR",
      lines: [
        {
          description: needle?.text ?? "Psychotherapy, 45 min",
          quantityHundredths: 100,
          unitCents: 9500,
          taxBasisPoints: 0,
        },
      ],
      remark: needle?.text ?? "",
      iban: IBAN,
      reference: makeFinnishReference(String(1000 + next)),
    },
  };
}

/** Writes the office's books by the receptionist's client; what an earlier run wrote stays. Gives how many entries it wrote. */
export async function writeBooks(
  office: Client,
  {
    wish,
    caseloads,
    authors,
  }: { wish: PracticeWish; caseloads: readonly Caseload[]; authors: readonly string[] },
): Promise<number> {
  const importKey = await readImportKey(office);
  const books = inventBooks(wish, { caseloads, authors, importKey });
  let written = 0;
  for (const compartment of ["schedule", "ledger"] as const) {
    const name = `synthetic/${wish.seed}/${compartment}`;
    const file = importFileId(importKey, new TextEncoder().encode(name));
    const entries = books[compartment].map(({ key, value }): EntryWish => ({
      id: importEntryId(importKey, new TextEncoder().encode(`${name}\n${key}`)),
      class: "entry",
      body: encodeBody(compartment, {
        v: 1,
        at: `${wish.until}T12:00:00.000Z`,
        op: "put",
        key,
        value,
      } as EntryBody<typeof compartment>),
    }));
    written += await appendMissing(office, await openBook(office, file, compartment), entries);
  }
  return written;
}

async function openBook(
  office: Client,
  file: FileId,
  compartment: "schedule" | "ledger",
): Promise<KnownFile> {
  const { context } = office;
  const isThere = (await listGranted(context, "who")).some((granted) => granted.file === file);
  if (isThere) return openOne(context, { file, vault: "who" }, "scheduling");
  const [site] = sites(await openDirectory(context));
  const teams = Object.keys(office.practice.teams) as TeamId[];
  const team = teams.find((each) =>
    sitsInTeam(office.practice, { team: each, member: office.member }),
  );
  if (team === undefined) throw new TypeError("the receptionist sits in the office's team");
  const wish: FileWish = {
    file,
    compartment,
    case: null,
    site: (site?.id ?? null) as SiteId | null,
    own: false,
    grants: [
      {
        subject: { type: "team", id: team },
        rights: RIGHTS.read | RIGHTS.write | RIGHTS.grant,
        term: "standing",
        expires: 0,
        reason: "office",
      },
    ],
  };
  const [made] = await createFiles(context, [wish]);
  if (made === undefined) throw new TypeError("no file was created");
  return made;
}

async function appendMissing(
  { context }: Client,
  file: KnownFile,
  entries: readonly EntryWish[],
): Promise<number> {
  const held = new Set<EntryId>(file.links.flatMap(({ body }) => body.entries.map(({ id }) => id)));
  const missing = entries.filter(({ id }) => !held.has(id));
  for (let start = 0; start < missing.length; start += ENTRIES_PER_APPEND)
    await appendEntries(context, [
      { file, entries: missing.slice(start, start + ENTRIES_PER_APPEND) },
    ]);
  return missing.length;
}

/** Puts strings into the directory as a colleague's name and title, and as a note template of the practice. */
export async function plantDirectory(admin: Client, wish: PracticeWish): Promise<number> {
  const { context } = admin;
  const importKey = await readImportKey(admin);
  const { file } = await openDirectory(context);
  const entries = wish.plant.flatMap((text, index): EntryWish[] => {
    if (!fits({ index, text }, "line")) return [];
    const utf8 = (part: string) =>
      new TextEncoder().encode(`synthetic/${wish.seed}/directory/${index}/${part}`);
    return directoryValues(text, index).map(([key, value]) => ({
      id: importEntryId(importKey, utf8(key)),
      class: "entry",
      body: encodeBody("directory", {
        v: 1,
        at: `${wish.until}T12:00:00.000Z`,
        op: "put",
        key,
        value,
      }),
    }));
  });
  return appendMissing(admin, file, entries);
}

type DirectoryPut = Extract<EntryBody<"directory">, { op: "put" }>;

/** What is planted in the directory. */
export function directoryValues(
  text: string,
  index: number,
): [key: string, value: DirectoryPut["value"]][] {
  const id = index.toString(16).padStart(32, "0");
  const label = { en: text, fi: text };
  const section = { id: "planted", label, required: false, carryForward: false };
  const template = {
    id: `planted-${index}`,
    v: 1,
    label,
    needsSession: false,
    sections: [section],
  };
  return [
    [`member/${id}`, { kind: "member", id, name: text, title: text, roles: [] }],
    [`template/planted-${index}`, { kind: "template", template }],
  ];
}
