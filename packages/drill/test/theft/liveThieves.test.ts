import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { robAsAdministrator } from "../../src/theft/live/administrator.ts";
import { robAsFormerMember } from "../../src/theft/live/formerMember.ts";
import { robGateLive } from "../../src/theft/live/hostileGate.ts";
import { robVaultsLive } from "../../src/theft/live/hostileVault.ts";
import { LOG_LIES } from "../../src/theft/live/logLies.ts";
import { robWithOneShare } from "../../src/theft/live/oneShare.ts";
import { openStage } from "./stagedSystem.ts";

let open: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  open = await openStage();
});
afterAll(() => open.close());

describe("root on a vault", () => {
  it("is believed in nothing, reads nothing, and fsck names each row that it changed", async () => {
    const yields = await robVaultsLive(open.stage, ["what"]);
    expect(yields.list.filter(({ outcome }) => outcome === "believed")).toEqual([]);
    expect(yields.list.filter(({ named }) => named === false)).toEqual([]);
    expect(yields.read).toBe(0);
    expect(yields.overheardBytes).toBeGreaterThan(5000);
    expect(yields).toMatchObject({ attempts: 39, stopped: 33, withheld: 3, unchanged: 3 });
    // The same clients by the same path, once all is put back; and an answer changed on the wire where it says nothing.
    expect(yields.control.opened).toBe(yields.control.of);
    const harmless = yields.list.find(({ name }) => name.endsWith("names another head"));
    expect(harmless?.outcome).toBe("unchanged");
  });
});

describe("root on the gate", () => {
  it("opens nothing and is believed in nothing; what it loses is metering, and each lie of the log is noticed", async () => {
    const yields = await robGateLive(open.stage);
    expect(yields.halves).toBe(yields.halvesAtRest);
    expect(yields.records).toBeGreaterThan(3);
    expect(yields.opened).toBe(0);
    // The owner's key opens the same dumps with the same halves, by the same code.
    expect(yields.control).toEqual({ opened: 8, of: 8 });
    expect(yields.list.filter(({ outcome }) => outcome === "believed")).toEqual([]);
    expect(yields.list.filter(({ named }) => named === false)).toEqual([]);
    expect(yields).toMatchObject({ attempts: 11, stopped: 8, withheld: 3 });
    expect(yields).toMatchObject({ releasedToStranger: 1, releasedToFrozen: 1, openedByFrozen: 0 });
    expect(yields.budget.before).toBeGreaterThan(0);
    expect(yields.budget.after).toBe(0);
    expect(yields.log).toEqual({
      lies: LOG_LIES.length,
      namedByFsck: 3,
      noticedByDevice: 5,
      unnoticed: [],
    });
  });
});

describe("an administrator with every password", () => {
  it("makes no client believe anything, and helps a revoked member until the next write alone", async () => {
    const yields = await robAsAdministrator(open.stage);
    expect(yields).toMatchObject({ attempts: 6, believed: 0, stopped: 5, withheld: 1 });
    expect(yields.helped.beforeNextWrite).toEqual({ entries: 4, opened: 4 });
    expect(yields.helped.afterNextWrite).toEqual({ entries: 4, opened: 0 });
    // Put back together they show a fresh device an older record, until a device that remembers more opens it.
    expect(yields.rolledBack).toEqual({ fresh: "withheld", onceRemembered: "stopped" });
    // Nothing on the servers contradicts itself then: fsck cannot know.
    expect(yields.list.filter(({ named }) => named === false).map(({ name }) => name)).toEqual([
      "both: the record as it was in the beginning",
    ]);
  });
});

describe("a former member", () => {
  it("is refused every request, and opens nothing that came after with all that they kept and a dump", async () => {
    const former = await robAsFormerMember(open.stage);
    expect(former.onceAnswered).toBeGreaterThan(8);
    expect(former.refused).toBe(former.requests);
    expect(former.after).toEqual({ entries: 6, opened: 0 });
    expect(former.before).toEqual({ entries: 6, openedByKeptKeys: 6, openedByDevice: 0 });
    expect(former.control).toEqual({ opened: 6, of: 6 });
  });
});

describe("one trustee's share", () => {
  it("opens nothing and brings nobody in, and a false second share is told", async () => {
    expect(await robWithOneShare(open.stage)).toEqual({
      entries: 6,
      opened: 0,
      ways: 2,
      refused: 2,
      forged: {
        ofAnotherSplit: "share-of-another-split 2",
        ofOwnMaking: "wrong-secret",
        damaged: "share-damaged group 1",
      },
      control: { opened: 6, of: 6 },
    });
  });
});
