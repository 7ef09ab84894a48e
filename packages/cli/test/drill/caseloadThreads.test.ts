import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ClientError } from "@sinetti/client";
import type { CaseloadTask } from "@sinetti/drill";
import { afterEach, beforeEach, expect, it } from "vitest";

import { CaseloadThreads } from "../../src/drill/caseloadThreads.ts";

let devices: string;
beforeEach(() => {
  devices = mkdtempSync(join(tmpdir(), "sinetti-test-"));
});
afterEach(() => rmSync(devices, { recursive: true }));

const NOWHERE = "http://127.0.0.1:1";

it("tells by its code why a thread could not go on", async () => {
  const task: CaseloadTask = {
    wish: {
      seed: "threads",
      patients: 1,
      meanEntries: 3,
      until: "2026-10-30",
      patientsEach: 1,
      plant: [],
    },
    caseload: {
      therapist: { device: "therapist-1", name: "Aino Laine", roles: ["therapist"] },
      from: 0,
      to: 1,
    },
    endpoints: { who: NOWHERE, what: NOWHERE, gate: NOWHERE },
  };
  const hooks = { onDone: () => undefined, isStopped: () => false };
  const running = new CaseloadThreads(devices).run(task, hooks);
  const failure: unknown = await running.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ClientError);
  expect(failure).toMatchObject({ code: "no-profile" });
});
