import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { startService } from "../../src/start/service.ts";
import { isProcessAlive, makePlace, until } from "./startedSystem.ts";

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

it("leaves no service behind whose pid it could not write down", async () => {
  const [entry, said] = [join(place.path, "service.mjs"), join(place.path, "said")];
  const program = `
    import { renameSync, writeFileSync } from "node:fs";
    writeFileSync("${said}.draft", String(process.pid));
    renameSync("${said}.draft", "${said}");
    setInterval(() => undefined, 1000);`;
  writeFileSync(entry, program);
  const options = { entry, environment: {}, onLog: () => undefined };
  const pidFile = join(place.path, "no such folder", "service.pid");
  await expect(startService("small", { ...options, pidFile })).rejects.toMatchObject({
    code: "ENOENT",
  });
  const pid = (): number => (existsSync(said) ? Number(readFileSync(said, "utf8")) : 0);
  const waited = performance.now() + 1000;
  await until(() => pid() > 0 || performance.now() > waited);
  await until(() => pid() === 0 || !isProcessAlive(pid()));
}, 10_000);
