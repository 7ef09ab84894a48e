import { beforeAll, expect, test } from "vitest";
import { couldStand, readOrder } from "@sinetti/core";
import { TestPractice, loadSuite } from "../../../tools/testPractice.ts";
import { elapse, give, join } from "./acts.ts";

beforeAll(loadSuite);

/** A freeze of one therapist by another, arrived and in no chain. */
function arrived() {
  const practice = new TestPractice({ week: 3000 });
  const { founder } = practice;
  const [author, target] = [join(practice, ["therapist"]), join(practice, ["therapist"])];
  elapse(practice, 3);
  const freeze = readOrder(practice.order(author, "freeze", { member: target.member }));
  return {
    practice,
    founder,
    author,
    target,
    isStanding: () => couldStand(practice.state, freeze),
  };
}

test("a stop could not stand any more once its author has ended, or lost the device or the role", () => {
  const ended = arrived();
  const { founder } = ended;
  give(ended.practice, founder, { kind: "member.end", body: { member: ended.author.member } });
  expect(ended.isStanding()).toBe(false);
  const lost = arrived();
  const body = { device: lost.author.device };
  give(lost.practice, lost.founder, { kind: "device.end", body });
  expect(lost.isStanding()).toBe(false);
  const changed = arrived();
  give(changed.practice, changed.founder, {
    kind: "member.role",
    body: { member: changed.author.member, roles: ["office"] },
    approvers: [changed.target],
  });
  expect(changed.isStanding()).toBe(false);
});

test("nor when there is nobody left whom it would stop", () => {
  const { practice, founder, target, isStanding } = arrived();
  give(practice, founder, { kind: "member.end", body: { member: target.member } });
  expect(isStanding()).toBe(false);
});

test("it could while its author may give it, also while frozen, and where it lacks a second person", () => {
  const { practice, founder, author, isStanding } = arrived();
  expect(isStanding()).toBe(true);
  give(practice, founder, { kind: "freeze", body: { member: author.member } });
  expect(isStanding()).toBe(true);
  const all = readOrder(practice.order(author, "freeze", { member: null }));
  expect(couldStand(practice.state, all)).toBe(true);
});
