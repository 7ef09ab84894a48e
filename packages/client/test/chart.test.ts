import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseId, type DraftId, type EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  DraftDesk,
  addMeasure,
  addNote,
  addPatient,
  admitMembers,
  appendEntries,
  beginAmendment,
  beginMeasure,
  beginNote,
  beginProcessNote,
  carriedInto,
  countersign,
  discharge,
  editIdentity,
  encodeBody,
  findDuplicates,
  finishMeasure,
  grantPatient,
  listDocuments,
  listGroups,
  lookUpPatients,
  makeGroup,
  measureProgress,
  mayWrite,
  openCare,
  openGroup,
  openProcess,
  openRecord,
  openRoster,
  putContact,
  putDocument,
  putPatients,
  putTemplate,
  logGivenOut,
  readCareState,
  readPersonHistory,
  readDocument,
  readNotes,
  readProcessNotes,
  readSeries,
  removeContact,
  setSafeContact,
  signDraft,
  signGroup,
  signProcessNote,
  takeBack,
  thiefView,
  viewRecord,
  withdraw,
  writeCare,
  type Client,
  type KnownFile,
  type OpenDraft,
} from "@sinetti/client";
import type { EditedNote, NoteSession } from "@sinetti/practice";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";
import { NOTE, PERSON } from "./samples.ts";

let system: TestSystem;
let client: Client;
let world: TestDeviceWorld;
let desk: DraftDesk;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client, world } = await foundPractice(system));
});
afterAll(() => system.stop());
beforeEach(() => {
  desk = new DraftDesk(client);
  world.interrupt = () => undefined;
});

const session: NoteSession = NOTE.session;

async function newPatient(family = "Virtanen"): Promise<string> {
  const person = { ...PERSON, name: { family, given: ["Aino"] }, birthDate: "1988-03-14" };
  return (await addPatient(client, person)).patient;
}

async function rosterLine(of: Client, patient: string) {
  return (await openRoster(of.context, true)).values.get(patient);
}

/** A SOAP draft with these words in each section. */
async function draftOf(care: KnownFile, text: string): Promise<EditedNote> {
  const draft = await beginNote(client, care, { template: "soap", session });
  return { ...draft, sections: draft.sections.map(({ id }) => ({ id, text: `${text} ${id}` })) };
}

function section(note: EditedNote, id: string, text: string): EditedNote {
  return {
    ...note,
    sections: note.sections.map((each) => (each.id === id ? { id, text } : each)),
  };
}

describe("opening a record", () => {
  test("costs one request to the gate and one to each vault, cold, with 60 entries and a draft", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    for (let i = 0; i < 6; i++) {
      const at = new Date(system.clock.now() * 1000).toISOString();
      const entries = Array.from({ length: 10 }, () => ({
        id: generateEntryId(),
        class: "entry" as const,
        body: encodeBody("care", {
          v: 1,
          type: "sessionNote",
          at,
          ...NOTE,
          author: client.member,
          status: "signed",
        }),
      }));
      await appendEntries(client.context, [{ file: care, entries }]);
    }
    await desk.save(care, { id: null, body: await draftOf(care, "begun") });
    for (const name of await world.storage.list("file/"))
      if (name.includes(care.file) || name.includes(patient)) world.storage.cells.delete(name);
    const cold = await restart(system, world);
    await openRoster(cold.context, true);
    world.requests.length = 0;
    const record = await openRecord(cold, new DraftDesk(cold), { patient, purpose: "session" });
    expect([...world.requests].sort()).toEqual([
      "gate /v1/release",
      "what /v1/file/open",
      "who /v1/file/open",
    ]);
    expect(record.name).toBe("Aino Virtanen");
    expect(record.care?.notes).toHaveLength(60);
    expect(record.drafts).toHaveLength(1);
    expect(record.timeline.filter(({ kind }) => kind === "draft")).toHaveLength(1);
    expect(record.identity?.person?.birthDate).toBe("1988-03-14");
    expect(record.leaseUntil).toBeGreaterThan(system.clock.now());
  });

  test("shows notes with their corrections, plans, risk, documents and measures by day", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const entry = await addNote(client, care, NOTE);
    await withdraw(client, care, { entry, reason: "wrong patient" });
    await addMeasure(client, care, { measure: "gad-7", answers: [3, 3, 2, 2, 1, 1, 1] });
    await addMeasure(client, care, { measure: "gad-7", answers: [1, 1, 1, 0, 0, 0, 0] });
    const plan = {
      type: "plan" as const,
      status: "active" as const,
      diagnoses: [],
      longTermGoals: ["Travels alone."],
      objectives: [],
      interventions: [],
      reviewOn: "2027-01-11",
    };
    const first = await writeCare(client, care, plan);
    await writeCare(client, care, { ...plan, longTermGoals: ["Travels."], replaces: first });
    expect((await rosterLine(client, patient))?.reviewDue).toBe("2027-01-11");
    const record = await openRecord(client, desk, { patient, purpose: "session" });
    const kinds = record.timeline.map(({ kind }) => kind);
    expect(kinds).toContain("plan");
    expect(kinds.filter((kind) => kind === "measure")).toHaveLength(2);
    const note = record.care?.notes[0];
    expect(note?.state).toBe("withdrawn");
    expect(note?.original.sections).toEqual(NOTE.sections);
    expect(record.care?.state.plan[0]?.earlier).toHaveLength(1);
    expect(readSeries(client, care)[0]?.points[1]?.sinceLast).toMatchObject({
      points: -10,
      reliable: "yes",
    });
    const later = viewRecord(client, record.files, []);
    expect(later.timeline).toHaveLength(record.timeline.length);
  });

  test("asks nobody for what only others hold, and says what did not open", async () => {
    const patient = await newPatient();
    const reader = await addMember(system, client, ["supervisor"]);
    await grantPatient(client, patient, {
      member: reader.member,
      rights: 1,
      untilSeconds: null,
      reason: "supervision",
    });
    const { file } = await openCare(client, patient);
    reader.world.requests.length = 0;
    const theirs = new DraftDesk(reader.client);
    const record = await openRecord(reader.client, theirs, {
      patient: file,
      purpose: "supervision",
    });
    expect(record.files.care?.file).toBe(file);
    expect(record.files.identity).toBeUndefined();
    expect(record.closed).toEqual([]);
    expect(mayWrite(reader.client, record.files.care as KnownFile)).toBe(false);
    expect(reader.world.requests.filter((path) => path === "gate /v1/release")).toHaveLength(1);
  });
});

describe("writing a note", () => {
  test("saves in one request, signs in three, and takes the unfinished line out of the caseload", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const body = await draftOf(care, "first");
    const { draft } = await desk.save(care, { id: null, body });
    expect((await rosterLine(client, patient))?.unfinishedNotes).toEqual([
      { sessionDate: session.date, draft: draft.id },
    ]);
    world.requests.length = 0;
    const saved = await desk.save(care, { id: draft.id, body: section(body, "plan", "second") });
    expect(saved.state).toBe("saved");
    expect(world.requests).toEqual(["what /v1/draft/put"]);
    world.requests.length = 0;
    const last = section(body, "plan", "signed");
    const signed = await signDraft(client, desk, { care, id: draft.id, body: last });
    expect(signed).toEqual({ state: "signed", entry: draft.id as string as EntryId });
    expect(world.requests[0]).toBe("what /v1/record/append");
    expect(world.requests.slice(1).toSorted()).toEqual([
      "what /v1/draft/drop",
      "who /v1/record/append",
    ]);
    expect((await rosterLine(client, patient))?.unfinishedNotes).toEqual([]);
    expect(await desk.restore(care, null)).toEqual([]);
    expect(await world.storage.list("draft/")).toEqual([]);
  });

  test("carries forward from the last note, whatever its template, and corrects with a reason", async () => {
    const care = await openCare(client, await newPatient());
    const entry = await addNote(client, care, NOTE);
    const next = await beginNote(client, care, { template: "soap", session });
    expect(next.carriedFrom).toBe(entry);
    expect(next.sections.find(({ id }) => id === "plan")?.text).toBe("Next week, same time.");
    const onDap = await beginNote(client, care, { template: "dap", session });
    expect(await carriedInto(client, care, onDap)).toEqual({
      on: NOTE.session.date,
      sections: [{ id: "plan", text: "Next week, same time." }],
    });
    const correction = { ...beginAmendment(client, care, entry), reason: "wrong word" };
    const { draft } = await desk.save(care, { id: null, body: correction });
    await signDraft(client, desk, {
      care,
      id: draft.id,
      body: section(correction, "subjective", "Slept well."),
    });
    const [note] = readNotes(client, care);
    expect(note?.state).toBe("amended");
    expect(note?.amendments[0]?.amendment.reason).toBe("wrong word");
  });

  test("leaves the draft where the template misses something", async () => {
    const care = await openCare(client, await newPatient());
    const body = section(await draftOf(care, "x"), "assessment", " ");
    const { draft } = await desk.save(care, { id: null, body });
    await expect(signDraft(client, desk, { care, id: draft.id, body })).rejects.toMatchObject({
      code: "note-invalid",
    });
    expect(await desk.restore(care, null)).toHaveLength(1);
    expect(readNotes(client, care)).toEqual([]);
  });

  test("uses the practice's own templates, and lets nobody take the name of a common one", async () => {
    const care = await openCare(client, await newPatient());
    const label = { en: "EMDR", fi: "EMDR" };
    const part = { id: "target", label, required: true, carryForward: true };
    await expect(
      putTemplate(client, { id: "soap", label, needsSession: true, sections: [part] }),
    ).rejects.toMatchObject({ code: "input-rejected" });
    const made = await putTemplate(client, {
      id: "emdr",
      label,
      needsSession: true,
      sections: [part],
    });
    expect(made.v).toBe(1);
    const body = await beginNote(client, care, { template: "emdr", session });
    const { draft } = await desk.save(care, { id: null, body: section(body, "target", "A bus.") });
    const signed = await signDraft(client, desk, {
      care,
      id: draft.id,
      body: section(body, "target", "A bus."),
    });
    expect(signed.state).toBe("signed");
  });
});

describe("a draft that two devices write", () => {
  async function twice(patient: string) {
    const other = await restart(system, world);
    const theirs = new DraftDesk(other);
    const care = await openCare(client, patient);
    const body = await draftOf(care, "base");
    const { draft } = await desk.save(care, { id: null, body });
    const { drafts, files } = await openRecord(other, theirs, { patient, purpose: "session" });
    const theirCare = files.care as KnownFile;
    expect(drafts.map(({ id }) => id)).toEqual([draft.id]);
    return { other, theirs, care, theirCare, body, id: draft.id };
  }

  test("holds what both changed in different sections", async () => {
    const { theirs, care, theirCare, body, id } = await twice(await newPatient());
    await theirs.save(theirCare, { id, body: section(body, "risk", "theirs") });
    const saved = await desk.save(care, { id, body: section(body, "plan", "ours") });
    expect(saved.state).toBe("merged");
    const merged = saved.draft.body as EditedNote;
    expect(merged.sections.find((each) => each.id === "risk")?.text).toBe("theirs");
    expect(merged.sections.find((each) => each.id === "plan")?.text).toBe("ours");
    const [held] = await theirs.restore(theirCare, null);
    expect(held?.body).toEqual(merged);
  });

  test("is two drafts where both changed the same section: nothing is lost and nothing chosen", async () => {
    const { theirs, care, theirCare, body, id } = await twice(await newPatient());
    await theirs.save(theirCare, { id, body: section(body, "plan", "theirs") });
    const saved = await desk.save(care, { id, body: section(body, "plan", "ours") });
    expect(saved.state).toBe("beside");
    expect(saved.draft.id).not.toBe(id);
    const texts = (await theirs.restore(theirCare, null)).map(
      (each) => (each.body as EditedNote).sections.find(({ id: of }) => of === "plan")?.text,
    );
    expect(new Set(texts)).toEqual(new Set(["ours", "theirs"]));
    expect(texts).toHaveLength(2);
  });

  test("is signed once: what the second device would have signed stays as a draft", async () => {
    const patient = await newPatient();
    const { other, theirs, care, theirCare, body, id } = await twice(patient);
    await signDraft(other, theirs, {
      care: theirCare,
      id,
      body: section(body, "plan", "theirs"),
    });
    const signed = await signDraft(client, desk, {
      care,
      id,
      body: section(body, "plan", "ours"),
    });
    expect(signed.state).toBe("signed-elsewhere");
    const notes = readNotes(client, care);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.current.sections.find((each) => each.id === "plan")?.text).toBe("theirs");
    const [draft] = await desk.restore(care, null);
    expect((draft as OpenDraft).body).toMatchObject({ type: "noteDraft" });
    expect(
      ((draft as OpenDraft).body as EditedNote).sections.find((each) => each.id === "plan")?.text,
    ).toBe("ours");
  });

  test("is not dropped by a signature when the other device has saved since", async () => {
    const { theirs, care, theirCare, body, id } = await twice(await newPatient());
    await theirs.save(theirCare, { id, body: section(body, "plan", "typed meanwhile") });
    await signDraft(client, desk, { care, id, body });
    const again = await new DraftDesk(client).restore(care, null);
    expect(again).toMatchObject([{ body: section(body, "plan", "typed meanwhile") }]);
    const [draft] = again;
    const next = new DraftDesk(client);
    await next.restore(care, null);
    const signed = await signDraft(client, next, {
      care,
      id,
      body: (draft as OpenDraft).body as EditedNote,
    });
    expect(signed.state).toBe("signed-elsewhere");
  });

  test("goes on as a draft of its own where the other device has signed it", async () => {
    const { other, theirs, care, theirCare, body, id } = await twice(await newPatient());
    await signDraft(other, theirs, { care: theirCare, id, body });
    const saved = await desk.save(care, { id, body: section(body, "plan", "too late") });
    expect(saved).toMatchObject({ state: "beside", other: null });
  });
});

describe("a draft that cannot be sent", () => {
  test("is kept on the device, sealed, restored after a crash, and sent when the vault is back", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const body = await draftOf(care, "unforgettable");
    const { draft } = await desk.save(care, { id: null, body });
    world.interrupt = (at, request) => {
      if (at === "before" && request.startsWith("what")) throw new TypeError("no network");
    };
    const later = section(body, "plan", "written offline");
    const saved = await desk.save(care, { id: draft.id, body: later });
    expect(saved).toMatchObject({ state: "kept-here", why: "unreachable" });
    for (const name of await world.storage.list("draft/"))
      expect(Buffer.from(world.storage.cells.get(name) ?? []).toString("latin1")).not.toContain(
        "offline",
      );
    const again = await restart(system, world);
    const theirs = new DraftDesk(again);
    const record = await openRecord(again, theirs, { patient, purpose: "session" });
    expect(record.drafts).toMatchObject([{ id: draft.id, isKeptHere: true, body: later }]);
    const [sent] = await theirs.settle();
    expect(sent?.state).toBe("saved");
    expect(await world.storage.list("draft/")).toEqual([]);
    expect(await theirs.restore(record.files.care as KnownFile, null)).toMatchObject([
      { isKeptHere: false, body: later },
    ]);
  });

  test("keeps what was typed while a save was under way, and sends it upon that save", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const body = await draftOf(care, "first");
    const { draft } = await desk.save(care, { id: null, body });
    const typed = section(body, "plan", "typed meanwhile");
    const typing: Promise<void>[] = [];
    world.interrupt = (at, request) => {
      if (at === "before" && request === "what /v1/draft/put")
        typing.push(desk.keep(care, { id: draft.id, body: typed }));
    };
    await desk.save(care, { id: draft.id, body: section(body, "plan", "sent") });
    expect(typing).toHaveLength(1);
    await Promise.all(typing);
    world.interrupt = () => undefined;
    const again = await restart(system, world);
    const theirs = new DraftDesk(again);
    const record = await openRecord(again, theirs, { patient, purpose: "session" });
    expect(record.drafts).toMatchObject([{ id: draft.id, isKeptHere: true, body: typed }]);
    expect(await theirs.settle()).toMatchObject([{ state: "saved", draft: { body: typed } }]);
    expect(await world.storage.list("draft/")).toEqual([]);
  });

  test("keeps a keystroke while the record is closed", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const body = await draftOf(care, "x");
    client.lock();
    const id = parseId<DraftId>(generateEntryId());
    await desk.keep({ file: care.file }, { id, body });
    const record = await openRecord(client, desk, { patient, purpose: "session" });
    expect(record.drafts).toMatchObject([{ id, isKeptHere: true, body }]);
    expect(await desk.settle()).toMatchObject([{ state: "saved" }]);
    expect(await world.storage.list("draft/")).toEqual([]);
  });

  test("is kept while the record is closed", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const body = await draftOf(care, "x");
    client.lock();
    const saved = await desk.save(care, { id: null, body });
    expect(saved).toMatchObject({ state: "kept-here", why: "closed" });
    const record = await openRecord(client, desk, { patient, purpose: "session" });
    expect(record.drafts).toMatchObject([{ isKeptHere: true, body }]);
  });

  test("is kept while a signature waits for the vault, and is gone once the note stands", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const body = await draftOf(care, "x");
    const { draft } = await desk.save(care, { id: null, body });
    world.interrupt = (at, request) => {
      if (at === "before" && request.startsWith("what")) throw new TypeError("no network");
    };
    const signed = await signDraft(client, desk, { care, id: draft.id, body });
    expect(signed.state).toBe("waiting");
    const again = await restart(system, world);
    await again.resume();
    const record = await openRecord(again, new DraftDesk(again), { patient, purpose: "session" });
    expect(record.care?.notes).toHaveLength(1);
    expect(record.drafts).toEqual([]);
    client = again;
  });
});

describe("trainees and supervisors", () => {
  test("a trainee's note waits for a supervisor who may write, and nobody signs in another's name", async () => {
    const trainee = await addMember(system, client, ["therapist"]);
    const reader = await addMember(system, client, ["supervisor"]);
    const senior = await addMember(system, client, ["therapist", "supervisor"]);
    await admitMembers(client.context, [
      { id: trainee.member, name: "Trainee", roles: ["therapist"], trainee: true },
    ]);
    const { patient } = await addPatient(trainee.client, PERSON);
    const grant = { untilSeconds: null, reason: "supervision" as const };
    await grantPatient(trainee.client, patient, { member: reader.member, rights: 1, ...grant });
    await grantPatient(trainee.client, patient, { member: senior.member, rights: 3, ...grant });
    const care = await openCare(trainee.client, patient);
    const own = new DraftDesk(trainee.client);
    const body = await beginNote(trainee.client, care, { template: "narrative", session });
    const written = section(body, "narrative", "Seen with care.");
    const { draft } = await own.save(care, { id: null, body: written });
    const signed = await signDraft(trainee.client, own, { care, id: draft.id, body: written });
    expect(signed.state).toBe("pending");
    await expect(countersign(trainee.client, care, { entry: draft.id })).rejects.toMatchObject({
      detail: "no-supervisor",
    });
    const readersCare = await openCare(reader.client, care.file);
    await expect(
      countersign(reader.client, readersCare, { entry: draft.id }),
    ).rejects.toMatchObject({ detail: "no-write" });
    const seniorsCare = await openCare(senior.client, patient);
    await countersign(senior.client, seniorsCare, { entry: draft.id, remark: "Good." });
    expect(readNotes(senior.client, seniorsCare)[0]).toMatchObject({
      state: "signed",
      countersignature: { supervisor: senior.member },
    });
  });

  test("a countersignature that names somebody else than its signer is a hard stop, and one of no supervisor counts for nothing", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const at = new Date(system.clock.now() * 1000).toISOString();
    const note = generateEntryId();
    const append = async (
      body: Parameters<typeof encodeBody<"care">>[1],
      id = generateEntryId(),
    ) => {
      const entries = [{ id, class: "entry" as const, body: encodeBody("care", body) }];
      await appendEntries(client.context, [{ file: care, entries }]);
    };
    const author = client.member;
    await append({ v: 1, type: "sessionNote", at, ...NOTE, author, status: "pending" }, note);
    const other = await addMember(system, client, ["therapist"]);
    await grantPatient(client, patient, {
      member: other.member,
      rights: 3,
      untilSeconds: null,
      reason: "care",
    });
    const theirs = await openCare(other.client, patient);
    const body = { v: 1 as const, type: "countersignature" as const, at, signs: note };
    const signature = encodeBody("care", { ...body, supervisor: other.member });
    await appendEntries(other.client.context, [
      { file: theirs, entries: [{ id: generateEntryId(), class: "entry", body: signature }] },
    ]);
    expect(readNotes(other.client, theirs)[0]?.state).toBe("pending");
    const again = await openCare(client, patient);
    await append({ ...body, supervisor: other.member });
    expect(() => readNotes(client, again)).toThrow("another author");
  });
});

describe("what changes in a care file", () => {
  test("is refused on another than the newest entry, and taken back with a reason", async () => {
    const care = await openCare(client, await newPatient());
    const risk = {
      type: "riskPlan" as const,
      level: "low" as const,
      concerns: "",
      warningSigns: ["Stops sleeping."],
      copingSteps: [],
      peopleAndPlaces: [],
      professionals: [],
      makingSafe: "",
    };
    const first = await writeCare(client, care, risk);
    const second = await writeCare(client, care, { ...risk, level: "moderate", replaces: first });
    await expect(
      writeCare(client, care, { ...risk, level: "high", replaces: first }),
    ).rejects.toMatchObject({ code: "input-rejected" });
    await takeBack(client, care, { entry: second, reason: "of another patient" });
    expect(readCareState(client, care).riskPlan[0]?.takenBack?.reason).toBe("of another patient");
  });

  test("says that a part was given out, to whom and why, before it is", async () => {
    const care = await openCare(client, await newPatient());
    await logGivenOut(client, care, { to: "The patient", reason: "printing", part: "riskPlan" });
    const { timeline } = viewRecord(client, { care }, []);
    expect(timeline.find(({ kind }) => kind === "export")).toMatchObject({
      member: client.member,
      body: { to: "The patient", reason: "printing", parts: ["riskPlan"] },
    });
    await expect(
      logGivenOut(client, care, { to: "", reason: "printing", part: "riskPlan" }),
    ).rejects.toMatchObject({ code: "record-invalid" });
  });

  test("ends with a discharge: summary, relationship and caseload", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    await discharge(client, care, {
      type: "discharge",
      on: "2026-11-21",
      reason: "completed",
      summary: "Went well.",
    });
    const { careRelationship, discharge: ends } = readCareState(client, care);
    expect(careRelationship[0]?.current.body).toMatchObject({
      status: "ended",
      until: "2026-11-21",
    });
    expect(ends).toHaveLength(1);
    expect(await rosterLine(client, patient)).toMatchObject({
      ended: "2026-11-21",
      retention: { careEnded: "2026-11-21" },
    });
  });

  const END = {
    type: "discharge",
    on: "2026-11-20",
    reason: "completed",
    summary: "Went well.",
  } as const;

  test("ends no longer in the caseload once the discharge is taken back", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const entry = await discharge(client, care, END);
    await takeBack(client, care, { entry, reason: "of another patient" });
    expect(await rosterLine(client, patient)).not.toHaveProperty("ended");
  });

  test("is under way again in the caseload when somebody takes the patient up again", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const entry = await discharge(client, care, END);
    await writeCare(client, care, { ...END, on: "2026-11-21", replaces: entry });
    expect(await rosterLine(client, patient)).toMatchObject({ ended: "2026-11-21" });
    await writeCare(client, care, {
      type: "careRelationship",
      status: "active",
      from: "2026-11-21",
      therapist: client.member,
      kinds: [],
    });
    const line = await rosterLine(client, patient);
    expect(line).not.toHaveProperty("ended");
    expect(line?.retention).not.toHaveProperty("careEnded");
  });
});

describe("a measure in a session", () => {
  test("is kept half answered, tells its alert at once, and is recorded when it is whole", async () => {
    const patient = await newPatient();
    const care = await openCare(client, patient);
    const begun = beginMeasure(client, { measure: "phq-9" });
    const half = { ...begun, answers: begun.answers.map((_, index) => (index === 8 ? 2 : null)) };
    const { draft } = await desk.save(care, { id: null, body: half });
    expect(measureProgress(half)).toMatchObject({ score: null, alerts: ["self-harm"] });
    await expect(
      finishMeasure(client, desk, { care, id: draft.id, body: half }),
    ).rejects.toMatchObject({ code: "measure-invalid" });
    const [restored] = await new DraftDesk(client).restore(care, null);
    expect(restored?.body).toEqual(half);
    const whole = { ...half, answers: half.answers.map((answer) => answer ?? 1) };
    expect(measureProgress(whole).score?.total).toBe(10);
    await finishMeasure(client, desk, { care, id: draft.id, body: whole });
    expect(readSeries(client, care)[0]?.points).toMatchObject([{ total: 10, band: "moderate" }]);
    expect((await rosterLine(client, patient))?.lastMeasures).toMatchObject([
      { measure: "phq-9", total: 10, alerts: ["self-harm"] },
    ]);
    expect(await desk.restore(care, null)).toEqual([]);
  });
});

describe("documents", () => {
  const pdf = new Uint8Array(700_000);
  pdf.set(new TextEncoder().encode("%PDF-1.7\n"));

  test("go in with progress, are listed, and are read as what their bytes are", async () => {
    const care = await openCare(client, await newPatient());
    const sent: number[] = [];
    const entry = await putDocument(
      client,
      care,
      { bytes: pdf, title: "Referral.html", mediaType: "text/html" },
      { onProgress: (bytes) => sent.push(bytes) },
    );
    expect(sent).toEqual([262_144, 524_288, 700_000]);
    expect(listDocuments(client, care)).toMatchObject([
      { entry, title: "Referral.html", mediaType: "application/pdf", sizeBytes: 700_000 },
    ]);
    const read = await readDocument(client, care, entry);
    expect(read.preview).toBe("application/pdf");
    expect(Buffer.from(read.bytes).equals(Buffer.from(pdf))).toBe(true);
  });

  test("are not written when somebody stops them, are refused empty, and show no script", async () => {
    const care = await openCare(client, await newPatient());
    const stop = new AbortController();
    const sending = putDocument(
      client,
      care,
      { bytes: pdf, title: "x" },
      { signal: stop.signal, onProgress: () => stop.abort(new Error("stopped")) },
    );
    await expect(sending).rejects.toThrow("stopped");
    expect(listDocuments(client, care)).toEqual([]);
    await expect(
      putDocument(client, care, { bytes: new Uint8Array(0), title: "x" }),
    ).rejects.toMatchObject({ code: "input-rejected" });
    const page = new TextEncoder().encode("<svg onload=alert(1)>");
    const entry = await putDocument(client, care, {
      bytes: page,
      title: "x",
      mediaType: "image/svg+xml",
    });
    expect((await readDocument(client, care, entry)).preview).toBe("text/plain");
    const program = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]);
    const other = await putDocument(client, care, { bytes: program, title: "y" });
    expect(await readDocument(client, care, other)).toMatchObject({
      mediaType: "application/octet-stream",
      preview: null,
    });
  });
});

describe("process notes", () => {
  test("get a file of their own at first use, show what belongs in the record, and are in no colleague's view", async () => {
    const patient = await newPatient();
    const file = await openProcess(client, patient);
    expect((await openProcess(client, patient)).file).toBe(file.file);
    const body = beginProcessNote(client, {
      text: "He reminds me of my brother. Sertraline 50 mg.",
    });
    const { draft } = await desk.save(file, { id: null, body });
    const signed = await signProcessNote(client, desk, { file, id: draft.id, body });
    expect(signed.warnings.map(({ kind }) => kind)).toContain("medication");
    expect(readProcessNotes(client, file)).toHaveLength(1);
    const record = await openRecord(client, desk, { patient, purpose: "session" });
    expect(record.timeline.map(({ kind }) => kind)).toContain("processNote");

    const second = await addMember(system, client, ["therapist"]);
    await grantPatient(client, patient, {
      member: second.member,
      rights: 3,
      untilSeconds: null,
      reason: "care",
    });
    const theirs = await openRecord(second.client, new DraftDesk(second.client), {
      patient,
      purpose: "session",
    });
    expect(theirs.files.process).toBeUndefined();
    expect(theirs.timeline.map(({ kind }) => kind)).not.toContain("processNote");
    const own = await openProcess(second.client, patient);
    expect(own.file).not.toBe(file.file);
  });

  test("are found again where the caseload lost their file", async () => {
    const patient = await newPatient();
    const { file } = await openProcess(client, patient);
    const roster = await openRoster(client.context, true);
    const line = roster.values.get(patient);
    if (line === undefined) throw new TypeError("no line");
    const { process: _process, ...files } = line.files;
    await putPatients(client.context, roster, [{ ...line, files }]);
    expect((await openProcess(client, patient)).file).toBe(file);
  });
});

test("a couple's session is one entry in each record and one shared note, names nobody else, and goes in one request", async () => {
  const patients = [await newPatient("Korpela"), await newPatient("Salmela")];
  const group = await makeGroup(client, { title: "Tuesday couple", patients });
  expect(await listGroups(client)).toContainEqual(group);
  const shared = { file: await openGroup(client, group), text: "They took turns." };
  const parts = [];
  for (const patient of patients) {
    const care = await openCare(client, patient);
    const body = await beginNote(client, care, {
      template: "narrative",
      session: { ...session, setting: "couple" },
    });
    const text = patient === patients[0] ? "Spoke of Salmela's silence." : "Was silent.";
    const written = section(body, "narrative", text);
    const { draft } = await desk.save(care, { id: null, body: written });
    parts.push({ patient, care, id: draft.id, body: written });
  }
  const refused = await signGroup(client, desk, { parts, shared });
  expect(refused).toMatchObject({ state: "names-others", found: [{ patient: patients[0] }] });
  world.requests.length = 0;
  const clean = parts.map((part) => ({
    ...part,
    body: section(part.body, "narrative", "Spoke of silence at home."),
  }));
  const signed = await signGroup(client, desk, { parts: clean, shared });
  expect(signed).toMatchObject({ state: "signed", elsewhere: [] });
  expect(world.requests.filter((path) => path === "what /v1/record/append")).toHaveLength(1);
  for (const { care } of parts) expect(readNotes(client, care)).toHaveLength(1);
  expect(readProcessNotes(client, shared.file)).toHaveLength(1);
});

describe("registering", () => {
  test("finds who may be there already: by name and birth date in the caseload, by code in the practice", async () => {
    const code = { country: "FI", value: "140388-9028" };
    const person = { ...PERSON, name: { family: "Koskela", given: ["Helmi"] } };
    const { patient } = await addPatient(client, {
      ...person,
      birthDate: "1988-03-14",
      personalCode: code,
    });
    const near = await findDuplicates(client, { ...person, birthDate: "1988-03-14" });
    expect(near).toMatchObject({ wasLookedUp: false, rows: [{ patient, by: "name-born" }] });
    const other = await addMember(system, client, ["therapist"]);
    const known = await findDuplicates(other.client, {
      ...PERSON,
      name: { family: "Another", given: ["Name"] },
      personalCode: code,
    });
    expect(known).toEqual({ wasLookedUp: true, rows: [{ patient, name: "", by: "code" }] });
    const nobody = await findDuplicates(client, { ...person, birthDate: "1990-01-01" });
    expect(nobody.rows).toEqual([]);
  });

  test("keeps an old code findable, wants a reason for a new one, and changes name and reach", async () => {
    const old = { country: "FI", value: "150389-9029" };
    const person = { ...PERSON, name: { family: "Nieminen", given: ["Kaisa"] }, personalCode: old };
    const { patient } = await addPatient(client, person);
    const { files } = await openRecord(client, desk, { patient, purpose: "contact" });
    const identity = files.identity as KnownFile;
    const married = {
      ...person,
      name: { family: "Mattila", given: ["Kaisa"] },
      formerNames: [person.name],
      personalCode: { country: "FI", value: "150389-902a" },
    };
    await expect(editIdentity(client, identity, { person: married })).rejects.toMatchObject({
      code: "input-rejected",
    });
    const { isFindable } = await editIdentity(client, identity, {
      person: married,
      codeReason: "corrected",
    });
    expect(isFindable).toBe(true);
    expect((await rosterLine(client, patient))?.name).toBe("Kaisa Mattila");
    for (const code of [old.value, "150389-902A"])
      expect((await lookUpPatients(client, { code })).map((row) => row.patient)).toEqual([patient]);
    const names = readPersonHistory(client, identity).map((each) => each.person.name.family);
    expect(names).toEqual(["Mattila", "Nieminen"]);
    const safe = { post: "unsafe", phone: "safe", email: "unknown" } as const;
    const edited = await setSafeContact(client, identity, safe);
    expect(edited.identity.person).toMatchObject({ safeContact: safe, name: married.name });
    expect(edited.identity.codeChanges).toMatchObject([{ old, reason: "corrected" }]);
    const blank = { phones: [], emails: [], addresses: [] };
    const first = await putContact(client, identity, { ...blank, roles: ["emergency"] });
    const second = await putContact(client, identity, {
      ...blank,
      roles: ["guardian"],
      replaces: first,
    });
    await expect(
      putContact(client, identity, { ...blank, roles: ["other"], replaces: first }),
    ).rejects.toMatchObject({ code: "input-rejected" });
    const view = viewRecord(client, files, []);
    expect(view.identity?.contacts).toMatchObject([{ contact: { roles: ["guardian"] } }]);
    await removeContact(client, identity, { entry: second, reason: "asked to be left out" });
    expect(viewRecord(client, files, []).identity?.contacts).toEqual([]);
  });
});

test("a thief sees statements, sizes and log lines, and no word of the record", async () => {
  const patient = await newPatient("Salainen");
  const care = await openCare(client, patient);
  await addNote(client, care, NOTE);
  const { rows, notShown } = await thiefView(client, patient);
  const kinds = new Set(rows.map(({ holder, kind }) => `${holder} ${kind}`));
  for (const kind of [
    "who access-statement",
    "who record-statement",
    "what record-statement",
    "what wrap",
    "gate access-statement",
    "gate gate-half",
    "gate log-line",
    "device cell",
  ])
    expect(kinds).toContain(kind);
  const text = JSON.stringify(rows);
  expect(text).not.toMatch(/Salainen|Slept badly/);
  expect(text).toContain(care.file);
  const [box] = rows.find(({ kind }) => kind === "record-statement")?.sealed ?? [];
  expect(box?.sizeBytes).toBeGreaterThan(256);
  expect(box?.hex).toMatch(/^[0-9a-f]{48}$/);
  expect(notShown).toContain("lookup-cells");
});
