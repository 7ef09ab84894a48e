import { beforeAll, expect, test } from "vitest";
import { readOrder, youthByWeek } from "@sinetti/core";

import { TestPractice, introduction, loadSuite, testMember } from "../../../tools/testPractice.ts";
import { waitHours } from "../src/policyWait.ts";

beforeAll(loadSuite);

test("alone, a reviewer who has just been added does not shorten the 24 hours, a grown one does, and a frozen one does not", () => {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  practice.week += 3;
  const { founder, state } = practice;
  const reviewer = testMember(["reviewer"]);
  const adding = practice.order(founder, "member.add", introduction(reviewer));
  practice.apply(practice.statement(founder, adding));
  const order = practice.order(founder, "member.add", introduction(testMember(["admin"])));
  const hours = () =>
    waitHours({
      state,
      order: readOrder(order),
      author: founder.member,
      approvals: [practice.approval(reviewer, order)],
      youth: youthByWeek(state, practice.week),
    });
  expect(hours()).toBe(24);
  practice.week += 1;
  expect(hours()).toBe(0);
  const freeze = practice.order(founder, "freeze", { member: reviewer.member });
  practice.apply(practice.statement(founder, freeze));
  expect(hours()).toBe(24);
});
