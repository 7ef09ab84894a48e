import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS, parseId, type SiteId, type TeamId } from "@sinetti/core";
import {
  createFiles,
  generateCaseId,
  openDirectory,
  openFiles,
  openRoster,
  openTeam,
  sites,
  type Client,
  type FileRef,
  type FileWish,
  type GrantWish,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice } from "./testWorld.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Files that one made oneself are free for a week; the month begins after that, so that nothing is. */
const SETTLED_DAYS = 8;

let system: TestSystem;
let founder: Client;
let team: TeamId;
let office: Awaited<ReturnType<typeof addMember>>;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system));
  office = await addMember(system, founder, ["office"]);
  const [site] = sites(await openDirectory(founder.context));
  ({ team } = await openTeam(founder.context, {
    kind: "office",
    site: parseId<SiteId>(site?.id ?? ""),
    members: [office.member],
  }));
});
afterAll(() => system.stop());

function wishes(
  count: number,
  compartment: "care" | "identity",
  grants: readonly GrantWish[] = [],
): FileWish[] {
  return Array.from({ length: count }, () => ({
    file: null,
    compartment,
    case: generateCaseId(),
    site: null,
    grants,
  }));
}

/** Opens one after the other what is asked at one moment, and says what was refused. */
async function refusals(
  client: Client,
  refs: readonly FileRef[],
  purpose: "session" | "contact",
): Promise<string[]> {
  const opened = await openFiles(client.context, refs, { purpose });
  return opened.filter(({ outcome }) => outcome !== "released").map(({ outcome }) => outcome);
}

function workdays(days: number): number[] {
  return Array.from({ length: days }, (_, day) => day).filter((day) => day % 7 < 5);
}

/** Moves the clock to an hour of a day counted from `start`; never back. */
function moveTo(start: number, day: number, seconds: number): void {
  const target = start + day * DAY + seconds;
  if (target > system.clock.now()) system.clock.advance(target - system.clock.now());
}

describe("thirty days of honest work meet not one refusal", () => {
  test("a therapist with 80 patients, eight sessions a day, and a group of eight every week", async () => {
    const files: FileRef[] = await createFiles(founder.context, wishes(80, "care"));
    system.clock.advance(SETTLED_DAYS * DAY);
    const start = system.clock.now();
    const refused: string[] = [];
    let next = 0;
    for (const day of workdays(30)) {
      moveTo(start, day, 8 * HOUR);
      founder.lock();
      await openRoster(founder.context, true);
      if (day % 7 === 2) {
        moveTo(start, day, 9 * HOUR);
        refused.push(...(await refusals(founder, files.slice(0, 8), "session")));
      }
      for (let session = 0; session < 8; session++) {
        moveTo(start, day, (10 + session) * HOUR);
        refused.push(
          ...(await refusals(founder, [files[next++ % files.length] as FileRef], "session")),
        );
      }
    }
    expect(next).toBeGreaterThan(160);
    expect(refused).toEqual([]);
  });

  test("a receptionist with 100 callers a day, out of 900 patients", async () => {
    const grant: GrantWish = {
      subject: { type: "team", id: team },
      rights: RIGHTS.read | RIGHTS.write,
      term: "standing",
      expires: 0,
      reason: "office",
    };
    const files: FileRef[] = await createFiles(founder.context, wishes(900, "identity", [grant]));
    system.clock.advance(SETTLED_DAYS * DAY);
    const start = system.clock.now();
    const { client } = office;
    await client.context.practice.sync(client.context.services);
    const refused: string[] = [];
    let calls = 0;
    for (const day of workdays(30)) {
      moveTo(start, day, 8 * HOUR);
      client.lock();
      for (let turn = 0; turn < 25; turn++) {
        moveTo(start, day, 8 * HOUR + turn * 19 * MINUTE);
        const callers = Array.from(
          { length: 4 },
          () => files[(calls++ * 37) % files.length] as FileRef,
        );
        refused.push(...(await refusals(client, callers, "contact")));
      }
    }
    expect(calls).toBeGreaterThan(2000);
    expect(refused).toEqual([]);
  });

  test("somebody who opens everything at once is stopped, and the gate says when the tenth minute is over", async () => {
    const files: FileRef[] = await createFiles(founder.context, wishes(40, "care"));
    system.clock.advance(SETTLED_DAYS * DAY);
    founder.lock();
    const refused = await refusals(founder, files, "session");
    expect(refused).toEqual(Array.from({ length: 28 }, () => "over-budget"));
    system.clock.advance(11 * MINUTE);
    expect(await refusals(founder, files.slice(12, 24), "session")).toEqual([]);
  });
});
