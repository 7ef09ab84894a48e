import { readdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decryptFile, readIdentities } from "../../src/backup/ageFile.ts";
import { findBackup, verifyFiles } from "../../src/backup/manifest.ts";
import { clusterHost } from "../../src/backup/openData.ts";
import { readParts } from "../../src/backup/rowStream.ts";
import { withSuper } from "../../src/backup/superConnection.ts";
import { ServeError } from "../../src/serve/serveError.ts";
import { readCompartment } from "../../src/start/compartment.ts";
import { startSystem, type RunningSystem } from "../../src/start/startSystem.ts";
import { makePlace } from "../start/startedSystem.ts";

const place = makePlace();
const data = join(place.path, "data");
const shelf = join(data, "before-upgrade");
let system: RunningSystem | undefined;
const said: string[] = [];

async function start(): Promise<void> {
  const onLog = (_source: string, line: string): unknown => said.push(line);
  system = await startSystem({ dataDir: data, port: 0, onLog });
}
async function stop(): Promise<void> {
  await system?.stop();
  system = undefined;
}
async function asAdmin(statement: string): Promise<readonly unknown[]> {
  const who = readCompartment(data, "who", clusterHost());
  return withSuper(who, (sql) => sql.unsafe(statement));
}
const applied = async (): Promise<unknown> =>
  (await asAdmin("select id from sinetti.migrations order by id")).at(-1);

beforeAll(start);
afterAll(async () => {
  await stop();
  place.remove();
});

describe("a start on what an older version left", () => {
  it("upgrades it by itself, and has backed all three databases up before", async () => {
    expect(() => readdirSync(shelf)).toThrow(/ENOENT/);
    const newest = await applied();
    await asAdmin(
      "insert into kits values (decode(repeat('ab', 16), 'hex'), decode(repeat('cd', 16), 'hex'), sha512('one') || sha512('two'))",
    );
    await asAdmin("drop table late_wraps; delete from sinetti.migrations where id like '0006-%'");
    await stop();
    await start();
    expect(await applied()).toEqual(newest);
    const { folder, manifest } = findBackup(shelf);
    await verifyFiles(folder, manifest);
    const { identities } = readIdentities(join(shelf, "identity.txt"));
    const tables: string[] = [];
    let kits = 0;
    for await (const part of readParts(decryptFile(join(folder, "who.age"), identities))) {
      if (part.type === "table") tables.push(part.table);
      if (part.type === "table" && part.table === "kits") kits = part.rows;
    }
    expect([tables.includes("late_wraps"), kits]).toEqual([false, 1]);
    expect(said.join("\n")).toContain(folder);
    expect(said.join("\n")).toContain("who: upgraded by 0006-late-wraps.sql; 1 rows");
  });

  it("makes no backup where nothing is to be upgraded", async () => {
    const before = readdirSync(shelf);
    await stop();
    await start();
    expect(readdirSync(shelf)).toEqual(before);
  });

  it("is refused when it was a newer version, and says so plainly", async () => {
    await asAdmin("insert into sinetti.migrations values ('9999-later.sql', 'ab')");
    await stop();
    const refused = await start().then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(ServeError);
    expect(refused).toMatchObject({ code: "newer-data", details: ["9999-later.sql"] });
  });
});
