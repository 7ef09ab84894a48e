import { beforeAll, describe, expect, test } from "vitest";
import {
  COMPARTMENTS,
  FILE_AUTHORITY,
  ROLES,
  ZERO_ID,
  bytesToId,
  randomBytes,
  startAccess,
  vaultOf,
  type AccessState,
  type Compartment,
  type Grant,
  type MemberId,
  type Role,
  type SiteId,
  type SubjectClass,
  type TeamKind,
} from "@sinetti/core";
import { TestPractice, loadSuite, type TestMember } from "../../../tools/testPractice.ts";
import {
  accessLink,
  createFile,
  createLink,
  elapse,
  grantBody,
  join,
  openTeam,
  refusal,
  teamGrant,
  told,
  tryAccess,
} from "./acts.ts";

beforeAll(loadSuite);

interface Row {
  readonly vault: "who" | "what";
  readonly counted: "care" | "identity" | "not";
  readonly createdBy: readonly Role[];
  /** Most rights, and terms: s standing, a approved. */
  readonly grantedTo: Partial<
    Record<SubjectClass, readonly [rights: number, terms: "s" | "a" | "sa"]>
  >;
  readonly grantedBy: Partial<Record<Role, "holder" | "role">>;
}

/** The table of the protocol, written down from its text and not from the source. R 1, W 2, G 4. */
const TABLE: Record<Compartment, Row> = {
  identity: {
    vault: "who",
    counted: "identity",
    createdBy: ["therapist", "office"],
    grantedTo: {
      therapist: [7, "sa"],
      "office-team": [7, "sa"],
      "response-team": [1, "a"],
      recovery: [1, "s"],
    },
    grantedBy: { therapist: "holder", office: "holder" },
  },
  office: {
    vault: "who",
    counted: "identity",
    createdBy: ["therapist", "office"],
    grantedTo: { therapist: [7, "sa"], "office-team": [7, "sa"], recovery: [1, "s"] },
    grantedBy: { therapist: "holder", office: "holder" },
  },
  schedule: {
    vault: "who",
    counted: "not",
    createdBy: ["therapist", "office"],
    grantedTo: { therapist: [3, "sa"], "office-team": [7, "sa"], recovery: [1, "s"] },
    grantedBy: { therapist: "holder", office: "holder", admin: "role" },
  },
  ledger: {
    vault: "who",
    counted: "not",
    createdBy: ["therapist", "office"],
    grantedTo: { therapist: [3, "sa"], "office-team": [7, "sa"], recovery: [1, "s"] },
    grantedBy: { therapist: "holder", office: "holder" },
  },
  roster: {
    vault: "who",
    counted: "not",
    createdBy: ["therapist"],
    grantedTo: { recovery: [1, "s"] },
    grantedBy: {},
  },
  directory: {
    vault: "who",
    counted: "not",
    createdBy: ["admin"],
    grantedTo: {
      therapist: [1, "s"],
      supervisor: [1, "s"],
      office: [1, "s"],
      privacy: [1, "s"],
      admin: [7, "s"],
      recovery: [1, "s"],
    },
    grantedBy: { admin: "holder" },
  },
  care: {
    vault: "what",
    counted: "care",
    createdBy: ["therapist"],
    grantedTo: {
      therapist: [7, "sa"],
      supervisor: [1, "sa"],
      "cover-team": [3, "a"],
      recovery: [1, "s"],
    },
    grantedBy: { therapist: "holder" },
  },
  portal: {
    vault: "what",
    counted: "care",
    createdBy: ["therapist"],
    grantedTo: {
      therapist: [7, "sa"],
      patient: [3, "s"],
      "cover-team": [3, "a"],
      recovery: [1, "s"],
    },
    grantedBy: { therapist: "holder" },
  },
  process: {
    vault: "what",
    counted: "care",
    createdBy: ["therapist"],
    grantedTo: { recovery: [1, "s"] },
    grantedBy: {},
  },
  incident: {
    vault: "what",
    counted: "not",
    createdBy: ["privacy"],
    grantedTo: { "response-team": [7, "s"], recovery: [1, "s"] },
    grantedBy: { privacy: "holder" },
  },
  review: {
    vault: "who",
    counted: "not",
    createdBy: ["privacy"],
    grantedTo: { privacy: [7, "s"], recovery: [1, "s"] },
    grantedBy: { privacy: "holder" },
  },
};
/** Compartments whose creator keeps a grant that the table gives to nobody else. */
const CREATOR_KEEPS: readonly Compartment[] = [
  "schedule",
  "ledger",
  "roster",
  "directory",
  "process",
  "incident",
];
const TEAM_SEAT: Record<TeamKind, Role> = {
  office: "office",
  response: "privacy",
  cover: "therapist",
};
const TEAMS = Object.keys(TEAM_SEAT) as TeamKind[];
const CLASSES: readonly SubjectClass[] = [
  ...ROLES,
  "office-team",
  "response-team",
  "cover-team",
  "patient",
  "recovery",
];

/** Two grown members of each role, and two teams of each kind with the first and the second of them. */
function cast() {
  const practice = new TestPractice({ week: 3000, founderRoles: ["admin"] });
  const pair = (role: Role): [TestMember, TestMember] => [
    join(practice, [role]),
    join(practice, [role]),
  ];
  const members = Object.fromEntries(ROLES.map((role) => [role, pair(role)])) as Record<
    Role,
    [TestMember, TestMember]
  >;
  const teams = Object.fromEntries(
    TEAMS.map((kind) => [
      kind,
      members[TEAM_SEAT[kind]].map((each) => openTeam(practice, kind, { members: [each] }).team),
    ]),
  ) as Record<TeamKind, [ReturnType<typeof openTeam>["team"], ReturnType<typeof openTeam>["team"]]>;
  elapse(practice, 3);
  return { practice, members, teams };
}
type Scene = ReturnType<typeof cast>;

function grantTo(
  { practice, members, teams }: Scene,
  name: SubjectClass,
  options: Partial<Grant>,
): Grant {
  if (name === "recovery") return practice.grant("recovery", options);
  if (name === "patient")
    return {
      subject: { type: "patient", id: bytesToId<MemberId>(randomBytes(16)) },
      keyVersion: 1,
      rights: 1,
      term: "standing",
      expires: 0,
      reason: "consent",
      ...options,
    };
  const team = TEAMS.find((kind) => `${kind}-team` === name);
  return team === undefined
    ? practice.grant(members[name as Role][1], options)
    : teamGrant(practice, teams[team][1], options);
}

/** The creator of a file of this compartment, and the grants that it cannot be without. */
function base(
  { practice, members, teams }: Scene,
  compartment: Compartment,
): { creator: TestMember; grants: Grant[] } {
  const role = TABLE[compartment].createdBy[0] as Role;
  const creator = members[role][0];
  const needsOffice = compartment === "schedule" || compartment === "ledger";
  const holder = needsOffice ? teamGrant(practice, teams.office[0]) : practice.grant(creator);
  return { creator, grants: [holder, practice.grant("recovery")] };
}

function allows(
  compartment: Compartment,
  { name, rights, term }: { name: SubjectClass; rights: number; term: Grant["term"] },
): boolean {
  const cell = TABLE[compartment].grantedTo[name];
  return (
    cell !== undefined &&
    (rights & ~cell[0]) === 0 &&
    cell[1].includes(term === "standing" ? "s" : "a")
  );
}

const cells = CLASSES.flatMap((name) =>
  ([1, 2, 4, 3, 7] as const).flatMap((rights) =>
    (["standing", "approved"] as const).map((term) => ({ name, rights, term })),
  ),
);

describe.each(COMPARTMENTS)("%s", (compartment) => {
  function inCreate(scene: Scene, cell: (typeof cells)[number]): string {
    const { practice } = scene;
    const { creator, grants } = base(scene, compartment);
    const others = cell.name === "recovery" ? grants.slice(0, 1) : grants;
    const link = createLink(practice, creator, {
      compartment,
      grants: [...others, grantTo(scene, cell.name, cell)],
    });
    return refusal(() => startAccess(link, { practice: practice.state, week: practice.week }));
  }

  test("is not created with a grant that the table does not give, and is with every grant that it gives", () => {
    const scene = cast();
    const label = (cell: (typeof cells)[number]): string =>
      `${cell.name} ${cell.rights} ${cell.term}`;
    const denied = cells.filter((cell) => !allows(compartment, cell));
    const allowed = cells.filter((cell) => allows(compartment, cell));
    expect(denied.map((cell) => told(label(cell), inCreate(scene, cell)))).toEqual(
      denied.map((cell) => told(label(cell), "not-authorised")),
    );
    expect(allowed.map((cell) => told(label(cell), inCreate(scene, cell)))).toEqual(
      allowed.map((cell) => told(label(cell), "accepted")),
    );
  });

  test("gains no grant later that the table does not give, and none to recovery", () => {
    const scene = cast();
    const { practice } = scene;
    const { creator, grants } = base(scene, compartment);
    const state = createFile(practice, creator, { compartment, grants });
    const granter =
      compartment === "schedule" || compartment === "ledger" ? scene.members.office[0] : creator;
    const mayGrant = Object.keys(TABLE[compartment].grantedBy).length > 0;
    for (const cell of cells) {
      const link = accessLink(practice, granter, {
        state,
        kind: "grant",
        body: grantBody(grantTo(scene, cell.name, cell)),
      });
      const expected =
        mayGrant && cell.name !== "recovery" && allows(compartment, cell)
          ? "accepted"
          : "not-authorised";
      const label = `${cell.name} ${cell.rights} ${cell.term}`;
      expect(told(label, tryAccess(practice, state, link))).toBe(told(label, expected));
    }
  });

  test("is created by the roles of the table and by no other", () => {
    const scene = cast();
    const { practice, members } = scene;
    for (const role of ROLES) {
      const by = members[role][0];
      const { grants } = base(scene, compartment);
      const own = CREATOR_KEEPS.includes(compartment)
        ? [practice.grant(by), practice.grant("recovery")]
        : grants;
      const link = createLink(practice, by, { compartment, grants: own });
      const result = refusal(() =>
        startAccess(link, { practice: practice.state, week: practice.week }),
      );
      expect(told(role, result)).toBe(
        told(role, TABLE[compartment].createdBy.includes(role) ? "accepted" : "not-authorised"),
      );
    }
  });

  test("is granted by the holders and roles of the table and by no other", () => {
    const scene = cast();
    const { practice, members, teams } = scene;
    const target = (): Grant =>
      compartment === "incident"
        ? teamGrant(practice, teams.response[1], { rights: 1 })
        : practice.grant(members[compartment === "review" ? "privacy" : "therapist"][1], {
            rights: 1,
          });
    /** A file on which a member of this role holds all rights, as far as the table lets them. */
    const heldBy = (role: Role): AccessState | null => {
      const { creator, grants } = base(scene, compartment);
      if (members[role][0].member === creator.member) {
        const isHeld = grants.some(({ subject }) => subject.id === creator.member);
        const held = isHeld ? grants : [...grants, practice.grant(creator)];
        return createFile(practice, creator, { compartment, grants: held });
      }
      const own =
        role === "office" && TABLE[compartment].grantedTo["office-team"] !== undefined
          ? teamGrant(practice, teams.office[0])
          : practice.grant(members[role][0], {
              rights: TABLE[compartment].grantedTo[role]?.[0] ?? 7,
            });
      const rest = grants.filter(({ subject }) => subject.id !== own.subject.id);
      const link = createLink(practice, creator, { compartment, grants: [...rest, own] });
      const context = { practice: practice.state, week: practice.week };
      return refusal(() => startAccess(link, context)) === "accepted"
        ? startAccess(link, context)
        : null;
    };
    for (const role of ROLES) {
      const rule = TABLE[compartment].grantedBy[role];
      const by = members[role][1];
      const { creator, grants } = base(scene, compartment);
      const unheld = createFile(practice, creator, { compartment, grants });
      const withoutRights = tryAccess(
        practice,
        unheld,
        accessLink(practice, by, { state: unheld, kind: "grant", body: grantBody(target()) }),
      );
      expect(told(`${role} without rights`, withoutRights)).toBe(
        told(`${role} without rights`, rule === "role" ? "accepted" : "not-authorised"),
      );
      const state = heldBy(role);
      if (state === null) continue;
      const holding = tryAccess(
        practice,
        state,
        accessLink(practice, members[role][0], { state, kind: "grant", body: grantBody(target()) }),
      );
      expect(told(`${role} holding`, holding)).toBe(
        told(`${role} holding`, rule === undefined ? "not-authorised" : "accepted"),
      );
    }
  });

  test("lies in its vault and is counted as the protocol says", () => {
    expect(vaultOf(compartment)).toBe(TABLE[compartment].vault);
    expect(FILE_AUTHORITY[compartment].counted).toBe(TABLE[compartment].counted);
    expect(FILE_AUTHORITY[compartment].creatorKeeps).toBe(CREATOR_KEEPS.includes(compartment));
    const scene = cast();
    const { practice } = scene;
    const { creator, grants } = base(scene, compartment);
    const counted = TABLE[compartment].counted !== "not";
    const link = createLink(practice, creator, { compartment, grants, counted: !counted });
    expect(
      refusal(() => startAccess(link, { practice: practice.state, week: practice.week })),
    ).toBe("malformed");
  });
});

describe("the grants that a file is created with", () => {
  test("somebody but recovery holds the right to grant, recovery is there but in process files, and nobody twice", () => {
    const scene = cast();
    const { practice, members } = scene;
    const [therapist] = members.therapist;
    const create = (compartment: Compartment, grants: Grant[]): string =>
      refusal(() =>
        startAccess(createLink(practice, therapist, { compartment, grants }), {
          practice: practice.state,
          week: practice.week,
        }),
      );
    const own = practice.grant(therapist);
    const recovery = practice.grant("recovery");
    expect(create("care", [practice.grant(therapist, { rights: 3 }), recovery])).toBe(
      "not-authorised",
    );
    expect(create("care", [own])).toBe("not-authorised");
    expect(create("care", [own, recovery, own])).toBe("malformed");
    expect(
      create("care", [own, recovery, practice.grant(members.supervisor[0], { rights: 0 })]),
    ).toBe("malformed");
    expect(create("process", [own])).toBe("accepted");
    expect(create("process", [own, recovery])).toBe("accepted");
  });

  test("a grant names the newest key of a live subject and ends when the policy says", () => {
    const scene = cast();
    const { practice, members, teams } = scene;
    const [therapist, other] = members.therapist;
    const create = (grant: Grant): string =>
      refusal(() =>
        startAccess(
          createLink(practice, therapist, {
            compartment: "care",
            grants: [practice.grant(therapist), practice.grant("recovery"), grant],
          }),
          {
            practice: practice.state,
            week: practice.week,
          },
        ),
      );
    expect(create(practice.grant(other, { keyVersion: 2 }))).toBe("stale-head");
    expect(
      create(
        practice.grant(other, {
          subject: { type: "member", id: bytesToId<MemberId>(randomBytes(16)) },
        }),
      ),
    ).toBe("stale-head");
    expect(create(practice.grant(other, { expires: 0 }))).toBe("malformed");
    expect(create(practice.grant(other, { expires: practice.week }))).toBe("not-authorised");
    expect(create(practice.grant(other, { expires: practice.week + 15 }))).toBe("not-authorised");
    expect(create(practice.grant(other, { expires: practice.week + 14 }))).toBe("accepted");
    expect(
      create(
        teamGrant(practice, teams.cover[0], {
          rights: 1,
          term: "approved",
          expires: practice.week + 1,
        }),
      ),
    ).toBe("malformed");
    expect(create(teamGrant(practice, teams.cover[0], { rights: 1, term: "approved" }))).toBe(
      "accepted",
    );
    expect(ZERO_ID).toBe(practice.grant("recovery").subject.id);
  });

  test("the office of another site holds nothing of this one", () => {
    const { practice, members, teams } = cast();
    const [therapist] = members.therapist;
    const site = practice.state.teams[teams.office[0]]?.site as SiteId;
    const create = (team: (typeof teams.office)[number]): string =>
      refusal(() =>
        startAccess(
          createLink(practice, therapist, {
            compartment: "identity",
            site,
            grants: [
              practice.grant(therapist),
              practice.grant("recovery"),
              teamGrant(practice, team),
            ],
          }),
          { practice: practice.state, week: practice.week },
        ),
      );
    expect(create(teams.office[1])).toBe("not-authorised");
    expect(create(teams.office[0])).toBe("accepted");
  });
});
