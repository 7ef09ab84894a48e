import { beforeAll, describe, expect, test } from "vitest";
import { sitsInTeam } from "@sinetti/core";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import { elapse, give, join, openTeam, sealTo, tryOrder } from "./acts.ts";

beforeAll(loadSuite);

/** A grown practice with an office team in which `seated` sits, and whom else the test needs. */
function cast() {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  const [seated, fresh, unseated, therapist] = (
    [["office"], ["office"], ["office"], ["therapist"]] as TestMember["roles"][]
  ).map((roles) => join(practice, roles)) as [TestMember, TestMember, TestMember, TestMember];
  const { team } = openTeam(practice, "office", { members: [seated] });
  elapse(practice, 3);
  const { founder } = practice;
  const seat = (by: TestMember, whom: TestMember, ...approvers: TestMember[]): string => {
    const order = practice.order(by, "team.add", { team, version: 1, seal: sealTo(whom) });
    const approvals = approvers.map((each) => practice.approval(each, order));
    return tryOrder(practice, { by, order, approvals });
  };
  return { practice, founder, seated, fresh, unseated, therapist, team, seat };
}

describe("a seat is refused", () => {
  test("from who does not sit in the team, whatever their role", () => {
    const { seat, unseated, fresh, therapist, founder } = cast();
    expect(seat(unseated, fresh, therapist)).toBe("not-authorised");
    expect(seat(therapist, fresh, founder)).toBe("not-authorised");
    expect(seat(fresh, fresh, founder)).toBe("not-authorised");
  });

  test("from an administrator without a seat, who has no second person", () => {
    const { seat, founder, fresh } = cast();
    expect(seat(founder, fresh)).toBe("second-person-missing");
  });

  test("for who does not hold the team's role, has ended, or sits there", () => {
    const { practice, seat, founder, seated, fresh, therapist } = cast();
    expect(seat(seated, therapist)).toBe("not-authorised");
    expect(seat(seated, seated)).toBe("broken-chain");
    give(practice, founder, { kind: "member.end", body: { member: fresh.member } });
    expect(seat(seated, fresh)).toBe("not-authorised");
  });

  test("from who has ended, has lost the seat, or is frozen", () => {
    const ended = cast();
    give(ended.practice, ended.founder, {
      kind: "member.end",
      body: { member: ended.seated.member },
    });
    expect(ended.seat(ended.seated, ended.fresh)).toBe("not-authorised");
    const removed = cast();
    const { team, seated } = removed;
    give(removed.practice, removed.founder, {
      kind: "team.remove",
      body: { team, member: seated.member },
    });
    expect(removed.seat(seated, removed.fresh)).toBe("not-authorised");
    const frozen = cast();
    give(frozen.practice, frozen.founder, {
      kind: "freeze",
      body: { member: frozen.seated.member },
    });
    expect(frozen.seat(frozen.seated, frozen.fresh)).toBe("not-authorised");
    expect(frozen.seat(frozen.seated, frozen.fresh, frozen.therapist)).toBe("not-authorised");
  });

  test("alone, for who is frozen", () => {
    const { practice, seat, founder, seated, fresh } = cast();
    give(practice, founder, { kind: "freeze", body: { member: fresh.member } });
    expect(seat(seated, fresh)).toBe("second-person-missing");
  });

  test("of a version that is not the newest", () => {
    const { practice, seated, fresh, team } = cast();
    const add = (version: number): string =>
      tryOrder(practice, {
        by: seated,
        order: practice.order(seated, "team.add", { team, version, seal: sealTo(fresh) }),
      });
    expect(add(2)).toBe("broken-chain");
    give(practice, seated, {
      kind: "team.rekey",
      body: {
        team,
        version: 2,
        key: seated.kem.publicKey,
        prior: new Uint8Array(72),
        seals: [sealTo(seated)],
      },
    });
    expect(add(1)).toBe("broken-chain");
    expect(add(2)).toBe("accepted");
  });

  test.each([0, 3])(
    "alone, for whose seat was taken and whose role nobody has confirmed since, %i weeks on",
    (weeks) => {
      const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
      const [seated, gone, therapist] = [
        join(practice, ["office"]),
        join(practice, ["office"]),
        join(practice, ["therapist"]),
      ];
      const { team } = openTeam(practice, "office", { members: [seated, gone] });
      const { founder } = practice;
      give(practice, founder, { kind: "team.remove", body: { team, member: gone.member } });
      elapse(practice, weeks);
      const seat = (): string => {
        const body = { team, version: 1, seal: sealTo(gone) };
        return tryOrder(practice, { by: seated, order: practice.order(seated, "team.add", body) });
      };
      expect(seat()).toBe("second-person-missing");
      give(practice, founder, {
        kind: "member.role",
        body: { member: gone.member, roles: ["office"] },
        approvers: [therapist],
      });
      expect(seat()).toBe("accepted");
    },
  );
});

describe("a seat is given", () => {
  test("by who sits in the team, alone, to who holds its role", () => {
    const { practice, seated, fresh, unseated, team } = cast();
    const add = (by: TestMember, whom: TestMember): void => {
      give(practice, by, { kind: "team.add", body: { team, version: 1, seal: sealTo(whom) } });
      expect(sitsInTeam(practice.state, { team, member: whom.member })).toBe(true);
    };
    add(seated, fresh);
    add(fresh, unseated);
  });

  test("by an administrator with a second person, as before", () => {
    const { seat, founder, fresh, therapist } = cast();
    expect(seat(founder, fresh, therapist)).toBe("accepted");
  });

  test("in a cover team by a therapist to a therapist, in a response team to whom its table says", () => {
    const { practice, therapist, fresh } = cast();
    const other = join(practice, ["therapist"], [therapist]);
    const reviewer = join(practice, ["reviewer"], [therapist]);
    for (const kind of ["cover", "response"] as const) {
      const { team } = openTeam(practice, kind, { members: [therapist], approvers: [therapist] });
      const seat = (whom: TestMember): string => {
        const body = { team, version: 1, seal: sealTo(whom) };
        const order = practice.order(therapist, "team.add", body);
        return tryOrder(practice, { by: therapist, order });
      };
      expect(seat(reviewer)).toBe("not-authorised");
      expect(seat(fresh)).toBe(kind === "cover" ? "not-authorised" : "accepted");
      expect(seat(other)).toBe("accepted");
    }
  });
});
