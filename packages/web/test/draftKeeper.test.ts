import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { DraftKeeper, type KeeperDoors, type KeptState } from "../src/app/drafting/draftKeeper.ts";

const TIMES = { afterTyping: 1000, atMost: 5000, again: 10_000 };

/** A keeper of plain texts, with doors that the test opens and shuts. */
function makeKeeper({ hasVault = true } = {}) {
  const kept: string[] = [];
  const sent: string[] = [];
  const states: KeptState[] = [];
  const merged: string[] = [];
  const doors = {
    keep: vi.fn<KeeperDoors<string>["keep"]>(async ({ body }) => void kept.push(body)),
    save: vi.fn<NonNullable<KeeperDoors<string>["save"]>>(async ({ id, body }) => {
      sent.push(body);
      return { state: "saved", id, body, isKeptHere: false };
    }),
    join: (before: string, now: string, both: string) => (now === before ? both : `${both}+${now}`),
  };
  const ways: KeeperDoors<string> = hasVault ? doors : { ...doors, save: null };
  const keeper = new DraftKeeper({ id: "a", body: "" }, ways, {
    times: TIMES,
    onState: (state) => void states.push(state),
    onMerged: (body) => void merged.push(body),
    onBeside: () => void states.push("writing"),
    onError: () => undefined,
  });
  return { keeper, doors, kept, sent, states, merged };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a draft keeper", () => {
  it("keeps each change on the device at once, and sends the last one when the typing rests", async () => {
    const { keeper, kept, sent, states } = makeKeeper();
    keeper.change("S");
    await vi.advanceTimersByTimeAsync(10);
    keeper.change("Sl");
    await vi.advanceTimersByTimeAsync(10);
    expect(kept).toEqual(["S", "Sl"]);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(TIMES.afterTyping);
    expect(sent).toEqual(["Sl"]);
    expect(states.at(-1)).toBe("saved");
  });

  it("keeps nothing of what was filled in and not typed, and all of it with the first word", async () => {
    const { keeper, kept, sent, states } = makeKeeper();
    keeper.fill("10:00");
    await keeper.close();
    await keeper.saveNow();
    expect([kept, sent, states]).toEqual([[], [], []]);
    keeper.change("10:00 S");
    keeper.fill("11:00 S");
    await keeper.saveNow();
    expect(kept.at(-1)).toBe("11:00 S");
    expect(sent).toEqual(["11:00 S"]);
  });

  it("writes only the newest of what waited behind a slow write", async () => {
    const { keeper, doors, kept } = makeKeeper();
    doors.keep.mockImplementation(async ({ body }) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      kept.push(body);
    });
    for (const body of ["a", "ab", "abc", "abcd"]) keeper.change(body);
    await vi.advanceTimersByTimeAsync(200);
    expect(kept).toEqual(["a", "abcd"]);
  });

  it("sends while somebody types without a rest", async () => {
    const { keeper, sent } = makeKeeper();
    for (let typed = 0; typed < 12; typed++) {
      keeper.change("x".repeat(typed + 1));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(sent.length).toBeGreaterThan(0);
  });

  it("says that the text lies on this device alone, and asks the vault again", async () => {
    const { keeper, doors, sent, states } = makeKeeper();
    doors.save.mockImplementationOnce(async ({ id, body }) => ({
      state: "kept-here",
      id,
      body,
      isKeptHere: true,
    }));
    keeper.change("offline");
    await vi.advanceTimersByTimeAsync(TIMES.afterTyping);
    expect(states.at(-1)).toBe("kept-here");
    await vi.advanceTimersByTimeAsync(TIMES.again);
    expect(sent).toEqual(["offline"]);
    expect(states.at(-1)).toBe("saved");
  });

  it("shows what another device wrote, with what was typed since", async () => {
    const { keeper, doors, merged, sent } = makeKeeper();
    doors.save.mockImplementationOnce(async ({ id, body }) => {
      keeper.change(`${body} and more`);
      return { state: "merged", id, body: "theirs", isKeptHere: false };
    });
    keeper.change("ours");
    await vi.advanceTimersByTimeAsync(TIMES.afterTyping);
    expect(merged).toEqual(["theirs+ours and more"]);
    await vi.advanceTimersByTimeAsync(TIMES.afterTyping);
    expect(sent.at(-1)).toBe("theirs+ours and more");
  });

  it("goes on under the id that a draft of its own was given", async () => {
    const { keeper, doors } = makeKeeper();
    doors.save.mockImplementationOnce(async ({ body }) => ({
      state: "beside",
      id: "b",
      body,
      isKeptHere: false,
    }));
    keeper.change("ours");
    await vi.advanceTimersByTimeAsync(TIMES.afterTyping);
    keeper.change("ours, later");
    await vi.advanceTimersByTimeAsync(TIMES.afterTyping);
    expect(doors.save).toHaveBeenLastCalledWith({ id: "b", body: "ours, later" });
  });

  it("keeps all that was typed before it lets the page go", async () => {
    const { keeper, kept } = makeKeeper();
    keeper.change("last words");
    await keeper.close();
    expect(kept).toEqual(["last words"]);
  });

  it("sends nothing more of a draft that was given up", async () => {
    const { keeper, sent } = makeKeeper();
    keeper.change("thrown away");
    keeper.forget();
    await keeper.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
  });

  it("says that a draft without a vault is kept once it is, and sends it nowhere", async () => {
    const { keeper, kept, sent, states } = makeKeeper({ hasVault: false });
    keeper.change("a plan");
    expect(states).toEqual(["writing"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kept).toEqual(["a plan"]);
    expect(sent).toEqual([]);
    expect(states).toEqual(["writing", "kept-here"]);
  });

  it("tries again to keep what the device did not take, unless it was given up", async () => {
    const { keeper, doors, kept, states } = makeKeeper({ hasVault: false });
    const isFull = new Error("no room");
    doors.keep.mockRejectedValueOnce(isFull).mockRejectedValueOnce(isFull);
    keeper.change("a plan");
    await vi.advanceTimersByTimeAsync(10);
    expect(states.at(-1)).toBe("failed");
    await vi.advanceTimersByTimeAsync(2 * TIMES.again);
    expect(kept).toEqual(["a plan"]);
    expect(states.at(-1)).toBe("kept-here");
    doors.keep.mockRejectedValueOnce(isFull);
    keeper.change("thrown away");
    keeper.forget();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kept).toEqual(["a plan"]);
  });
});
