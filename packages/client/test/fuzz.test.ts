import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  GATE_ROUTES,
  PROBLEM_STATUS,
  decodeCbor,
  decodeShape,
  encodeCbor,
  problemShape,
} from "@sinetti/core";
import { openFiles, readEntries, type Client, type KnownFile } from "@sinetti/client";
import { anyWire, changeWire } from "../../../tools/hostileBytes.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { restart, type TestDeviceWorld } from "./testWorld.ts";
import { SERVICES, targetsOf, type Target } from "./everyRoute.ts";
import { readAnswer, recordDay, sendAs, type AnyRoute, type Recorded } from "./recordedTraffic.ts";

/** Of each property, more when SINETTI_FUZZ_RUNS says so; a seed is printed when one fails. */
const RUNS = Number(process.env["SINETTI_FUZZ_RUNS"] ?? 250);
/** Answers that are nobody's fault but ours. */
const OUR_FAULTS = new Set(["internal", "unavailable"]);

let system: TestSystem;
let founder: Client;
let world: TestDeviceWorld;
let file: KnownFile;
let recorded: Recorded[];
let changeable: Recorded[];
let targets: Target[];

beforeAll(async () => {
  system = await startTestSystem();
  ({ founder, world, recorded, file } = await recordDay(system));
  targets = SERVICES.flatMap((service) => targetsOf(system, service));
  // One bit makes a canary of the record that is read afterwards: that is its officer's right, and no fault.
  changeable = recorded.filter(({ route }) => route.path !== GATE_ROUTES.canarySet.path);
});
afterAll(() => system.stop());

/** Sends bytes to a route, signed by the founder's device, a second after the last: its rate is never what refuses. */
function send(target: Target, body: Uint8Array): Promise<Response> {
  system.clock.advance(1);
  return sendAs(system, founder, { ...target, body });
}

/** Every answer is of the route's shape, or a problem of the closed list that is not our fault. */
async function checkAnswer(route: AnyRoute, response: Response): Promise<void> {
  const bytes = await readAnswer(route, response);
  if (response.status === 200) {
    decodeShape(route.answer, bytes);
    return;
  }
  const { code } = decodeShape(problemShape, bytes);
  expect(OUR_FAULTS.has(code), `${route.path} answered ${code}`).toBe(false);
  expect(response.status).toBe(PROBLEM_STATUS[code]);
}

const anyTarget = fc.nat().map((index) => targets[index % targets.length] as Target);

describe(
  "whatever is sent, signed by a member, is answered in form and breaks nothing",
  {
    timeout: Math.max(60_000, RUNS * 400),
  },
  () => {
    test("arbitrary bytes to every route", async () => {
      await fc.assert(
        fc.asyncProperty(anyTarget, fc.uint8Array({ maxLength: 300 }), async (target, bytes) =>
          checkAnswer(target.route, await send(target, bytes)),
        ),
        { numRuns: RUNS },
      );
    });

    test("arbitrary values in canonical form to every route", async () => {
      await fc.assert(
        fc.asyncProperty(anyTarget, anyWire, async (target, wire) =>
          checkAnswer(target.route, await send(target, encodeCbor(wire))),
        ),
        { numRuns: RUNS },
      );
    });

    test("requests that were made once, with one value changed", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.array(fc.nat(12), { minLength: 1, maxLength: 6 }),
          anyWire,
          async (which, path, into) => {
            const { service, route, body } = changeable[which % changeable.length] as Recorded;
            const changed = encodeCbor(changeWire(decodeCbor(body), { path, into }));
            await checkAnswer(route, await send({ service, route }, changed));
          },
        ),
        { numRuns: 3 * RUNS },
      );
    });

    test("requests that were made once, with bits flipped, cut, doubled, or at another route", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.nat(),
          fc.constantFrom("flip", "cut", "double", "elsewhere"),
          anyTarget,
          async (which, where, how, elsewhere) => {
            const made = changeable[which % changeable.length] as Recorded;
            const at = where % Math.max(1, made.body.length);
            const body = {
              flip: made.body.map((byte, index) =>
                index === at ? byte ^ (1 << (where % 8)) : byte,
              ),
              cut: made.body.subarray(0, at),
              double: new Uint8Array([...made.body, ...made.body]),
              elsewhere: made.body,
            }[how];
            const target = how === "elsewhere" ? elsewhere : made;
            await checkAnswer(target.route, await send(target, body));
          },
        ),
        { numRuns: 2 * RUNS },
      );
    });

    test("nesting beyond every limit, and counts that promise more than is there", async () => {
      const deep = new Uint8Array(60_000).fill(0x81);
      const promised = Uint8Array.of(0x9b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
      const long = Uint8Array.of(0x5b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
      for (const target of targets)
        for (const body of [deep, promised, long])
          await checkAnswer(target.route, await send(target, body));
    });

    test("and afterwards the record is what it was, and work goes on", async () => {
      const reader = await restart(system, world);
      const [opened] = await openFiles(reader.context, [file], { purpose: "session" });
      if (opened?.outcome !== "released") throw new TypeError("not released");
      const bodies = readEntries(reader.context, opened.file).map(({ body }) => body);
      expect(bodies).toEqual([new Uint8Array(40).fill(7)]);
    });
  },
);

test("the day that is changed here touches nearly every route that devices sign", () => {
  const touched = new Set(recorded.map(({ route }) => route.path));
  expect(touched.size).toBeGreaterThanOrEqual(25);
});
