import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseId, type SiteId } from "@sinetti/core";
import type { RosterValue } from "@sinetti/practice";
import {
  addMeasure,
  addNote,
  addPatient,
  bookAppointment,
  markAlert,
  openCalendar,
  openCare,
  openDirectory,
  openRoster,
  openTeam,
  siteDay,
  sites,
  takeBack,
  todayOf,
  writeCare,
  type Client,
  type Today,
} from "@sinetti/client";
import { changeFolded } from "../src/records/folded.ts";
import { ASKED_PREFIX, readAsked } from "../src/release.ts";
import { TestClock, startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { NOTE, PERSON } from "./samples.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";

/** Late in the month, so that the next days lie in two. */
const NOW = Date.parse("2026-11-26T12:00:00Z") / 1000;
const DAY = 86_400;
const PLACE = { site: null, zone: "Europe/Helsinki" };
const CASELOAD = 250;

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;
let office: Awaited<ReturnType<typeof addMember>>;
let patient: string;

const idOf = (number: number): string => number.toString(16).padStart(32, "0");
const line = (number: number): RosterValue => ({
  patient: idOf(number),
  name: `Patient ${number}`,
  files: { identity: idOf(number) },
  unfinishedNotes: [],
  lastMeasures: [
    {
      measure: "phq-9",
      date: "2026-11-20",
      total: 12,
      alerts: number % 100 === 0 ? ["self-harm"] : [],
    },
  ],
  ...(number % 50 === 0 && { reviewDue: number % 100 === 0 ? "2026-11-01" : "2026-11-30" }),
});

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
  ({ patient } = await addPatient(client, PERSON));
  const roster = await openRoster(client.context, true);
  const changes = Array.from({ length: CASELOAD }, (_, index) => ({
    key: idOf(index + 1),
    value: line(index + 1),
  }));
  await changeFolded(client.context, roster, { compartment: "roster", changes });
  for (const [start, who] of [
    ["2026-11-19T10:00", patient],
    ["2026-11-26T09:00", patient],
    ["2026-11-26T16:00", idOf(7)],
    ["2026-12-01T09:00", idOf(8)],
    ["2026-12-01T10:00", idOf(9)],
  ] as const) {
    const slot = { start, zone: "Europe/Helsinki", minutes: 45, therapist: client.member };
    await bookAppointment(client, PLACE, {
      appointment: { ...slot, patients: [who], shortName: "V." },
    });
  }
});
afterAll(() => system.stop());
beforeEach(() => {
  world.requests.length = 0;
});

/** Requests to the gate for releases since the last look, and the files asked for in them. */
async function released(
  of: Client,
  before: ReadonlySet<string>,
): Promise<[requests: number, files: number]> {
  const { device } = of.context;
  const cells = (await device.list(ASKED_PREFIX)).filter((cell) => !before.has(cell));
  let files = 0;
  for (const cell of cells) {
    const nonce = Uint8Array.from(Buffer.from(cell.slice(ASKED_PREFIX.length), "hex"));
    files += (await readAsked(of.context, nonce))?.files ?? 0;
  }
  return [cells.length, files];
}

test("Today takes four releases in two requests, whatever the caseload, and no patient's record", async () => {
  const cold = await restart(system, world);
  const before = new Set(await cold.context.device.list(ASKED_PREFIX));
  const today = await todayOf(cold, PLACE);
  expect(await released(cold, before)).toEqual([2, 4]);
  expect(today.appointments.map(({ start, shortName }) => [start, shortName])).toEqual([
    ["2026-11-26T09:00", "Aino Virtanen"],
    ["2026-11-26T16:00", "Patient 7"],
  ]);
  expect(today.unfinished.map(({ date, name, isOverdue }) => [date, name, isOverdue])).toEqual([
    ["2026-11-19", "Aino Virtanen", true],
    ["2026-11-26", "Aino Virtanen", false],
  ]);
  expect(today.alerts.map(({ name, alerts }) => [name, alerts])).toEqual([
    ["Patient 100", ["self-harm"]],
    ["Patient 200", ["self-harm"]],
  ]);
  expect(today.reviews.map(({ due, isOverdue }) => [due, isOverdue])).toEqual([
    ["2026-11-01", true],
    ["2026-11-01", true],
    ["2026-11-30", false],
    ["2026-11-30", false],
    ["2026-11-30", false],
  ]);
  expect(today.nextDays).toEqual([{ date: "2026-12-01", count: 2, first: "2026-12-01T09:00" }]);
  world.requests.length = 0;
  await todayOf(cold, PLACE);
  expect(world.requests.filter((request) => request.startsWith("gate"))).toEqual([]);
});

test("a session leaves the unfinished when its note is signed, and stays there over the turn of the month until then", async () => {
  const record = await openCare(client, patient);
  await addNote(client, record, { ...NOTE, session: { ...NOTE.session, date: "2026-11-26" } });
  expect((await todayOf(client, PLACE)).unfinished.map(({ date }) => date)).toEqual(["2026-11-19"]);
  system.clock.advance(20 * DAY);
  const later = await restart(system, world);
  const { unfinished } = await todayOf(later, PLACE);
  expect(unfinished.map(({ date, name }) => `${date} ${name}`)).toEqual([
    "2026-11-19 Aino Virtanen",
    "2026-11-26 Patient 7",
    "2026-12-01 Patient 8",
    "2026-12-01 Patient 9",
  ]);
});

test("an alert that was seen stays, on each of the therapist's devices, until risk is assessed after it", async () => {
  const care = await openCare(client, patient);
  const risk = {
    type: "riskPlan" as const,
    level: "low" as const,
    concerns: "",
    warningSigns: [],
    copingSteps: [],
    peopleAndPlaces: [],
    professionals: [],
    makingSafe: "",
  };
  await writeCare(client, care, risk);
  system.clock.advance(60);
  const answers = [0, 0, 0, 0, 0, 0, 0, 0, 2];
  const { record } = await addMeasure(client, care, { measure: "phq-9", answers });
  const alert = { patient, measure: "phq-9", date: record.date, total: 2 };
  const other = await restart(system, world);
  const rowsOf = async (of: Client) => {
    const { alerts, answered } = await todayOf(of, PLACE);
    const row = (rows: Today["alerts"]) => rows.find((each) => each.patient === patient);
    return { open: row(alerts), answered: row(answered) };
  };
  expect((await rowsOf(other)).open).not.toHaveProperty("seen");
  await markAlert(client, alert, { isSeen: true });
  await openRoster(other.context, true);
  const { open } = await rowsOf(other);
  expect(open?.seen).toBeDefined();
  await markAlert(other, alert, { isSeen: false });
  expect((await rowsOf(other)).open).not.toHaveProperty("seen");

  system.clock.advance(60);
  const assessed = await writeCare(client, care, { ...risk, concerns: "Asked today." });
  expect(await rowsOf(client)).toMatchObject({ answered: { assessed: expect.any(String) } });
  await takeBack(client, care, { entry: assessed, reason: "of another patient" });
  expect((await rowsOf(client)).open).toBeDefined();
});

test("the office sees its site's day from the directory and its schedules, and no list of patients", async () => {
  const cold = await restart(system, office.world);
  const before = new Set(await cold.context.device.list(ASKED_PREFIX));
  await openCalendar(cold, PLACE);
  const [requests, files] = await released(cold, before);
  // Directory and this month; the next one this device makes itself.
  expect([requests, files]).toEqual([2, 2]);
  office.world.requests.length = 0;
  const day = await siteDay(cold, PLACE, { day: "2026-12-01" });
  expect(day.bookings.map(({ shortName }) => shortName)).toEqual(["V.", "V."]);
  expect(office.world.requests.some((request) => request.includes("/file/list"))).toBe(false);
  await expect(todayOf(cold, PLACE)).rejects.toMatchObject({ code: "refused" });
});
