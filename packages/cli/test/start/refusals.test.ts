import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { ensureInstallationCode } from "../../src/start/installationCode.ts";
import { makePrivateFolder } from "../../src/start/privateFolder.ts";
import { ensureSecretFile } from "../../src/start/secretFile.ts";
import { startSystem } from "../../src/start/startSystem.ts";
import { makePlace, serviceEntry, startSmallSystem } from "./startedSystem.ts";

describe("a start refuses", () => {
  let place: ReturnType<typeof makePlace>;

  beforeEach(() => {
    place = makePlace();
  });

  afterEach(() => place.remove());

  it("a folder that holds other things", async () => {
    writeFileSync(join(place.path, "thesis.txt"), "");
    await expect(startSmallSystem(place.path, () => undefined)).rejects.toMatchObject({
      code: "folder-foreign",
    });
  });

  it("a port that is taken, and holds nothing afterwards", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const dataDir = join(place.path, "data");
    const options = { dataDir, port, serviceEntry, onLog: () => undefined };
    await expect(startSystem(options)).rejects.toMatchObject({ code: "port-in-use" });
    await expect(startSystem(options)).rejects.toMatchObject({ code: "port-in-use" });
    other.close();
  });

  it("a service that does not come up, stops what had started, and then refuses to replace a lost secret", async () => {
    const broken = join(place.path, "broken.ts");
    writeFileSync(broken, "process.exit(1);\n");
    const options = { dataDir: join(place.path, "data"), port: 0, onLog: () => undefined };
    const start = startSystem({ ...options, serviceEntry: { ...serviceEntry, gate: broken } });
    await expect(start).rejects.toMatchObject({ code: "service-failed" });
    for (const name of ["kek.key", "service.key", "superuser.password"]) {
      const path = join(options.dataDir, "gate", "secrets", name);
      renameSync(path, `${path}.away`);
      await expect(startSystem({ ...options, serviceEntry })).rejects.toMatchObject({
        code: "secret-missing",
      });
      renameSync(`${path}.away`, path);
    }
    await (await startSystem({ ...options, serviceEntry })).stop();
  });

  it("a folder that cannot be made", async () => {
    writeFileSync(join(place.path, "file"), "");
    const start = startSmallSystem(join(place.path, "file", "data"), () => undefined);
    await expect(start).rejects.toMatchObject({ code: "folder-closed" });
  });

  it("a private folder that is a link", () => {
    mkdirSync(join(place.path, "real"));
    symlinkSync(join(place.path, "real"), join(place.path, "link"));
    expect(() => makePrivateFolder(join(place.path, "link"), undefined)).toThrow(
      expect.objectContaining({ code: "folder-unsafe" }),
    );
  });

  it.each(["", "abcd", "g".repeat(64), "a".repeat(63)])("a damaged secret file: %j", (text) => {
    const path = join(place.path, "service.key");
    writeFileSync(path, text);
    expect(() => ensureSecretFile(path, { bytes: 32, mayMake: true })).toThrow(
      expect.objectContaining({ code: "secret-unreadable" }),
    );
  });

  it("to make a second installation code when the first is spent", () => {
    const path = join(place.path, "installation.code");
    const code = ensureInstallationCode(path, { mayMake: true });
    expect(code).toMatch(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){4}$/);
    expect(ensureInstallationCode(path, { mayMake: true })).toBe(code);
    writeFileSync(path, "spent\n");
    expect(ensureInstallationCode(path, { mayMake: true })).toBeUndefined();
    rmSync(path);
    expect(ensureInstallationCode(path, { mayMake: false })).toBeUndefined();
  });
});
