import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DraftDesk,
  addPatient,
  beginNote,
  giveOrder,
  openRecord,
  signDraft,
  generateDraftId,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { NOTE, PERSON } from "./samples.ts";
import { addMember, foundPractice } from "./testWorld.ts";

let system: TestSystem;
let client: Client;

beforeAll(async () => {
  system = await startTestSystem();
  const founder = (await foundPractice(system)).client;
  ({ client } = await addMember(system, founder, ["therapist"]));
});
afterAll(() => system.stop());

describe("whoever is frozen while a record is open", () => {
  test("saves and signs the note that they were writing", async () => {
    const { patient } = await addPatient(client, PERSON);
    const desk = new DraftDesk(client);
    const { files } = await openRecord(client, desk, { patient, purpose: "session" });
    const { care } = files;
    if (care === undefined) throw new TypeError("no care file");
    const begun = await beginNote(client, care, { template: "soap", session: NOTE.session });
    const written = (text: string) => ({
      ...begun,
      sections: begun.sections.map(({ id }) => ({ id, text })),
    });
    const { draft } = await desk.save(care, { id: generateDraftId(), body: written("before") });
    await giveOrder(client.context, "freeze", { member: client.member });
    const saved = await desk.save(care, { id: draft.id, body: written("under the freeze") });
    expect(saved).toMatchObject({ state: "saved" });
    const signed = await signDraft(client, desk, { care, ...draft, body: written("at the end") });
    expect(signed).toMatchObject({ state: "signed" });
  });
});
