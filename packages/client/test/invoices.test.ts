import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseId, type SiteId } from "@sinetti/core";
import {
  addPatient,
  addPayer,
  bookAppointment,
  creditInvoice,
  draftInvoices,
  findPatientFiles,
  issueInvoice,
  issueReceipt,
  listGranted,
  listUnbilled,
  lookUpPatients,
  markBooking,
  openDirectory,
  openTeam,
  putUnit,
  readFrontDesk,
  readLedger,
  readOffice,
  recordPayment,
  setBillingAddress,
  sites,
  type Client,
  type InvoiceDraft,
} from "@sinetti/client";
import { renderPdf } from "@sinetti/paper/pdf";
import { invoicePaper, type Booking } from "@sinetti/practice";
import { TestClock, startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

const NOW = Date.parse("2026-11-10T10:00:00Z") / 1000;
const ZONE = "Europe/Helsinki";
const PLACE = { site: null, zone: ZONE };
const UNIT = {
  id: "main",
  name: "Praxis Oy",
  lines: ["Katu 1"],
  postalCode: "00100",
  city: "Helsinki",
  businessId: "1234567-1",
  iban: "FI7944052020036082",
  paymentDays: 14,
  taxNote: "ALV 0 %",
  therapists: [] as string[],
};
const LEDGER = { unit: "main", year: 2026 };
const PRICES = { session: 9500, missed: 4000 };

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;
let office: Awaited<ReturnType<typeof addMember>>;
let patient: string;

beforeAll(async () => {
  system = await startTestSystem(new TestClock(NOW));
  ({ client, world } = await foundPractice(system));
  office = await addMember(system, client, ["office"]);
  const [site] = sites(await openDirectory(client.context));
  await openTeam(client.context, {
    kind: "office",
    site: parseId<SiteId>(site?.id ?? ""),
    members: [office.member],
  });
  await office.client.context.practice.sync(office.client.context.services);
  ({ patient } = await addPatient(client, { ...PERSON, birthDate: "1980-02-03" }));
});
afterAll(() => system.stop());

async function attend(start: string, status: "done" | "missed" | "cancelled"): Promise<Booking> {
  const appointment = {
    start,
    zone: ZONE,
    minutes: 45,
    therapist: client.member,
    patients: [patient],
  };
  const booked = await bookAppointment(client, PLACE, { appointment });
  if (!booked.ok) throw new TypeError("conflict");
  const marked = await markBooking(client, PLACE, { booking: booked.value, status });
  expect(marked.unwritten).toEqual([]);
  return booked.value;
}

describe("what the office knows of a patient", () => {
  test("is made at first use, found by the caller's name and birth date, and shows nothing of care", async () => {
    const entry = await addPayer(client, patient, {
      payer: "kela",
      validFrom: "2026-01-01",
      validTo: "2026-11-30",
      sessionsGranted: 3,
      sessionsUsedBefore: 1,
      shareCents: 5760,
      warnSessionsLeft: 1,
      warnDaysLeft: 30,
    });
    const [found] = await lookUpPatients(office.client, {
      name: "Aino Virtanen",
      born: "1980-02-03",
    });
    expect(found?.patient).toBe(patient);
    await setBillingAddress(office.client, patient, {
      name: "Aino Virtanen",
      lines: ["Tie 2"],
      city: "Espoo",
    });
    const { identity, office: desk } = await readFrontDesk(office.client, patient, { zone: ZONE });
    expect(identity.person?.name.family).toBe("Virtanen");
    expect(desk.payers).toMatchObject([
      { entry, status: { left: 2, valid: true, warnings: ["ending"] } },
    ]);
    expect(desk.billingAddress?.city).toBe("Espoo");
    expect(await listGranted(office.client.context, "what")).toEqual([]);
    expect(identity.links.office).toMatch(/^[0-9a-f]{32}$/);
  });

  test("is one file though two make it at once, and each of them writes into it", async () => {
    const { patient: other } = await addPatient(client, {
      ...PERSON,
      name: { family: "Toinen", given: ["Eero"] },
    });
    const address = { name: "Eero", lines: [] };
    await Promise.all([
      setBillingAddress(client, other, address),
      setBillingAddress(office.client, other, { ...address, city: "Turku" }),
    ]);
    const [mine, theirs] = await Promise.all([
      readOffice(client, other, { zone: ZONE }),
      readOffice(office.client, other, { zone: ZONE }),
    ]);
    expect(mine.billingAddress).toEqual(theirs.billingAddress);
  });

  test("counts a marked appointment once under the payer's decision, and says when the sessions run out", async () => {
    const first = await attend("2026-11-03T10:00", "done");
    await attend("2026-11-04T10:00", "done");
    await attend("2026-11-05T10:00", "done");
    await attend("2026-11-06T10:00", "missed");
    await attend("2026-11-07T10:00", "cancelled");
    await markBooking(client, PLACE, { booking: first, status: "late" });
    const { payers, attendances } = await readOffice(office.client, patient, { zone: ZONE });
    expect(attendances.map(({ outcome }) => outcome)).toEqual([
      "late",
      "attended",
      "attended",
      "missed",
      "cancelled",
    ]);
    expect(attendances.map(({ payer }) => payer !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(payers[0]?.status).toMatchObject({
      used: 3,
      left: 0,
      warnings: ["sessions-spent", "ending"],
    });
  });

  test("stays readable to the therapist after a restart, and the identity names its file", async () => {
    const again = await restart(system, world);
    expect((await readOffice(again, patient, { zone: ZONE })).attendances).toHaveLength(5);
    expect((await findPatientFiles(again, patient)).identity?.file).toBe(patient);
  });
});

describe("a ledger", () => {
  const draft: InvoiceDraft = {
    buyer: { name: "Somebody", lines: [] },
    lines: [
      { description: "Lecture", quantityHundredths: 100, unitCents: 10_000, taxBasisPoints: 2550 },
    ],
  };
  const options = { unit: "main", zone: ZONE };

  test("needs a unit that the directory names", async () => {
    await expect(readLedger(client, LEDGER, { zone: ZONE })).rejects.toMatchObject({
      code: "input-rejected",
    });
    await putUnit(client.context, UNIT);
    expect(await readLedger(client, LEDGER, { zone: ZONE })).toMatchObject({
      invoices: [],
      gaps: [],
      setAside: [],
    });
  });

  test("bills what was attended, split between patient and payer, each appointment once", async () => {
    const wish = { ...options, language: "fi" as const, prices: PRICES };
    const november = { from: "2026-11-01", to: "2026-11-30" };
    const unbilled = { patient, held: 3, unkept: 1, first: "2026-11-03", last: "2026-11-06" };
    const { rows } = await listUnbilled(office.client, { ...PLACE, unit: "main" }, november);
    expect(rows).toMatchObject([unbilled]);
    const drafted = await draftInvoices(office.client, patient, wish);
    expect(drafted.patient?.lines.map(({ unitCents }) => unitCents)).toEqual([
      9500, -5760, 9500, -5760, 9500, 4000,
    ]);
    expect(drafted.payers.map(({ draft: each }) => each.lines.length)).toEqual([2]);
    if (drafted.patient === null) throw new TypeError("no draft");
    const twice = await Promise.all([
      issueInvoice(client, { ...options, draft: drafted.patient }),
      issueInvoice(office.client, { ...options, draft: drafted.patient }),
    ]);
    expect(twice.filter(({ ok }) => ok)).toHaveLength(1);
    expect(twice.find(({ ok }) => !ok)).toMatchObject({ reason: "already-billed", number: 1 });
    expect((await draftInvoices(client, patient, wish)).patient).toBeNull();
    const after = await listUnbilled(office.client, { ...PLACE, unit: "main" }, november);
    expect(after.rows).toEqual([]);
    for (const payer of drafted.payers)
      expect((await issueInvoice(client, { ...options, draft: payer.draft })).ok).toBe(true);
    expect((await draftInvoices(client, patient, wish)).payers).toEqual([]);
  });

  test("prints what was issued as a PDF with account, reference and due date", async () => {
    const { invoices } = await readLedger(client, LEDGER, { zone: ZONE });
    const [first] = invoices;
    expect(first).toMatchObject({
      number: 1,
      totalCents: 20_980,
      invoice: {
        dueOn: "2026-11-24",
        reference: "2026000011",
        taxNote: "ALV 0 %",
        buyer: { city: "Espoo" },
      },
    });
    if (first === undefined) throw new TypeError("nothing was issued");
    const pdf = await renderPdf(
      invoicePaper(first.invoice, { language: "fi", made: "2026-11-10T10:00:00Z" }),
    );
    expect(pdf.length).toBeGreaterThan(1000);
  });

  test("numbers without gap or duplicate while two devices issue at once", async () => {
    const issued = await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const by = index % 2 === 0 ? client : office.client;
        return index % 3 === 0
          ? issueReceipt(by, { ...options, draft, method: "card" })
          : issueInvoice(by, { ...options, draft });
      }),
    );
    const numbers = issued.map((each) => (each.ok ? each.value.number : 0)).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => index + 3));
    const ledger = await readLedger(office.client, LEDGER, { zone: ZONE });
    expect([ledger.gaps, ledger.setAside, ledger.receipts.length]).toEqual([[], [], 4]);
  });

  test("takes payments, credits an invoice, and lets what was credited be billed again", async () => {
    expect(
      await recordPayment(client, LEDGER, { number: 2, receivedOn: "2026-11-10", cents: 5000 }),
    ).toBe(6520);
    const note = await creditInvoice(office.client, LEDGER, {
      number: 1,
      reason: "Wrong buyer",
      zone: ZONE,
    });
    expect(note.credits).toBe(1);
    const more = creditInvoice(client, LEDGER, { number: 1, reason: "Again", zone: ZONE });
    await expect(more).rejects.toMatchObject({ code: "input-rejected" });
    const missing = recordPayment(client, LEDGER, {
      number: 999,
      receivedOn: "2026-11-10",
      cents: 1,
    });
    await expect(missing).rejects.toMatchObject({ code: "unknown-record" });
    const { invoices } = await readLedger(client, LEDGER, { zone: ZONE });
    expect(invoices.slice(0, 2).map(({ state, openCents }) => [state, openCents])).toEqual([
      ["credited", 0],
      ["open", 6520],
    ]);
    const again = await draftInvoices(client, patient, {
      ...options,
      language: "sv",
      prices: PRICES,
    });
    expect(again.patient?.lines).toHaveLength(6);
  });

  test("keeps what goes out late from taking a number that was given meanwhile", async () => {
    world.interrupt = (at, request) => {
      if (at === "before" && request === "who /v1/record/append") throw new TypeError("cut");
    };
    await expect(issueInvoice(client, { ...options, draft })).rejects.toMatchObject({
      code: "unreachable",
    });
    world.interrupt = () => undefined;
    const theirs = await issueInvoice(office.client, { ...options, draft });
    await client.resume();
    const { gaps, setAside, invoices } = await readLedger(client, LEDGER, { zone: ZONE });
    expect(gaps).toEqual([]);
    expect(setAside).toMatchObject([{ reason: "number-taken" }]);
    expect(theirs.ok && invoices.at(-1)?.number === theirs.value.number).toBe(true);
  });

  test("bills nothing twice over the turn of the year", async () => {
    const wish = { ...options, language: "en" as const, prices: PRICES };
    const drafted = await draftInvoices(client, patient, wish);
    if (drafted.patient === null) throw new TypeError("no draft");
    await issueInvoice(client, { ...options, draft: drafted.patient });
    system.clock.advance(60 * 86_400);
    const late = await issueInvoice(client, { ...options, draft: drafted.patient });
    expect(late).toMatchObject({ ok: false, reason: "already-billed" });
    const first = await issueInvoice(client, { ...options, draft });
    expect(first).toMatchObject({ ok: true, value: { number: 1, issuedOn: "2027-01-09" } });
  });
});

test("a therapist alone keeps a ledger, and hands it to the office that comes later", async () => {
  const alone = await startTestSystem(new TestClock(NOW));
  try {
    const { client: solo } = await foundPractice(alone);
    await putUnit(solo.context, { ...UNIT, id: "own" });
    const place = { unit: "own", year: 2026 };
    expect(await readLedger(solo, place, { zone: ZONE })).toMatchObject({ invoices: [] });
    const late = await addMember(alone, solo, ["office"]);
    const [site] = sites(await openDirectory(solo.context));
    await openTeam(solo.context, {
      kind: "office",
      site: parseId<SiteId>(site?.id ?? ""),
      members: [late.member],
    });
    await late.client.context.practice.sync(late.client.context.services);
    await expect(readLedger(late.client, place, { zone: ZONE })).rejects.toMatchObject({
      code: "refused",
    });
    await readLedger(solo, place, { zone: ZONE });
    expect(await readLedger(late.client, place, { zone: ZONE })).toMatchObject({ invoices: [] });
  } finally {
    await alone.stop();
  }
});
