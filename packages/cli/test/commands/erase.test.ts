import { readFileSync } from "node:fs";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findStores } from "../../src/start/storeAddresses.ts";
import { startPractice, type StartedPractice } from "./startedPractice.ts";

const HOUR_SECONDS = 3600;

describe("in a practice of one, by the command line", () => {
  let sinetti: StartedPractice;
  let patient: string;

  const aino = (...words: string[]) => sinetti.run("aino", ...words);

  beforeAll(async () => {
    sinetti = await startPractice();
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino", "--solo"];
    await aino(...words, "--roles", "therapist,admin,privacy");
    const file = sinetti.file("person.json", {
      name: "Pekka Uusi",
      phone: "0401234567",
      born: "1890-02-28",
    });
    ({ patient } = (await aino("patient", "add", "--file", file)).json<{ patient: string }>());
  });
  afterAll(() => sinetti.stop());

  it("a record is due by the class that was chosen", async () => {
    const early = await aino("retention", "list");
    expect(early).toMatchObject({ exit: 3, stderr: expect.stringContaining("retention choose") });
    await aino("retention", "choose", "de-bgb-630f");
    await aino("retention", "end", patient, "--on", "2010-05");
    const due = await aino("retention", "list", "--due");
    expect(due.json()).toMatchObject({
      class: "de-bgb-630f",
      patients: [{ patient, retention: { due: "2020-05-31", state: "due" } }],
    });
  });

  it("a hold keeps it until it is lifted, which takes a day where nobody else is", async () => {
    await aino("hold", "add", patient, "--reason", "claim");
    const refused = await aino("erase", "propose", patient, "--reason", "retention");
    expect(refused.exit).toBe(3);
    expect(refused.json()).toMatchObject({ error: { code: "on-hold" } });
    const { orders } = (await aino("hold", "lift", patient)).json<{
      orders: { order: string }[];
    }>();
    expect(orders).toHaveLength(2);
    const [first] = orders;
    expect((await aino("approve", first?.order ?? "")).exit).toBe(3);
    sinetti.passTime(24 * HOUR_SECONDS);
    for (const { order } of orders) expect((await aino("approve", order)).exit).toBe(0);
  });

  it("its erasure comes after a day, with a certificate, and the databases are sound", async () => {
    const proposed = await aino("erase", "propose", patient, "--reason", "retention");
    const { request } = proposed.json<{ request: string }>();
    const certificate = join(sinetti.path, "certificate.md");
    const words = ["erase", "finish", request, "--certificate", certificate];
    expect((await aino(...words)).json()).toMatchObject({ certificate: null });
    sinetti.passTime(24 * HOUR_SECONDS);
    expect((await aino(...words)).json()).toMatchObject({ certificate });
    const text = readFileSync(certificate, "utf8");
    expect(text).toContain("nobody: 24 hours had passed");
    expect(text).not.toContain("Pekka");
    expect((await aino("patient", "list")).json()).toEqual([]);
    const data = join(sinetti.path, "data");
    const sound = await aino("fsck", "--data", data, "--threads", "2");
    expect(sound.json()).toMatchObject({ broken: [] });
    expect(sound.exit).toBe(0);
    const who = postgres({ ...findStores(data).who, max: 1 });
    await who`update entries set box = set_byte(box, 50, get_byte(box, 50) # 1)
      where ctid = (select min(ctid) from entries)`;
    await who.end();
    const broken = await aino("fsck", "--data", data);
    expect(broken.exit).toBe(4);
    expect(broken.json()).toMatchObject({
      broken: [{ service: "who", table: "entries", what: "box", where: "seq 0 entry 1" }],
    });
  });
});
