import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { asSuperuser } from "../../../../tools/asSuperuser.ts";
import { exceptedFinding, writeBoard } from "../../../../tools/testBoard.ts";
import { findBarriers } from "./axe.ts";
import { useBrowserSystem, type Visitor } from "./browserSystem.ts";
import { beginAgain, foundPractice, goTo } from "./door.ts";
import { goWithin } from "./screenList.ts";
import { settle } from "./settle.ts";
import { seatStaff } from "./staff.ts";

const system = useBrowserSystem();
const SCREEN = "Database safety";
const GRANT = "SELECT on public.entries to reporting";
const MEND = 'REVOKE SELECT ON "public"."entries" FROM "reporting";';

let aino: Visitor;
let eero: Visitor;

beforeAll(async () => {
  aino = await system.visit();
  await foundPractice(aino.page, {
    practice: "Kuusi",
    member: "Aino Laine",
    code: system.launcher.installationCode(),
  });
  ({ eero } = await seatStaff(system, aino, {
    eero: { name: "Eero Niemi", role: "therapist" },
  }));
});

const section = (name: string) => aino.page.getByRole("region", { name });
const lookAgain = async (): Promise<void> => {
  await aino.page.getByRole("button", { name: "Look again now" }).click();
  await aino.page.getByText("this takes a few seconds").waitFor();
  await settle(aino.page);
};
const boardFile = (): string => join(system.launcher.data, "posture.who.cbor");

describe("what the databases really allow", () => {
  it("is calm while nothing weighs, and says when each was looked at", async () => {
    const { page } = aino;
    await goTo(page, SCREEN);
    await section("Last looks")
      .getByText(/looked at today \d\d:\d\d/)
      .first()
      .waitFor();
    expect(
      await section("Last looks")
        .getByText(/looked at today/)
        .count(),
    ).toBe(3);
    expect(await section("To mend").getByText("critical", { exact: true }).count()).toBe(0);
    await section("What the hosts say").getByText("There is no plan of hosts here").waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it("shows a grant by hand with what mends it, by keyboard alone, and in the history that it was mended", async () => {
    const { page } = aino;
    const { data } = system.launcher;
    await asSuperuser(
      data,
      "who",
      "create role reporting login; grant select on public.entries to reporting",
    );
    await lookAgain();
    const found = section("To mend").getByRole("button", { name: GRANT });
    await found.focus();
    await page.keyboard.press("Enter");
    await section("To mend").getByText(MEND).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await section("To mend").getByRole("button", { name: "Copied" }).waitFor();
    await settle(page);
    expect(await findBarriers(page)).toEqual([]);
    await asSuperuser(data, "who", `${MEND} drop role reporting`);
    await lookAgain();
    expect(await found.count()).toBe(0);
    const lines = await section("History")
      .getByRole("listitem")
      .filter({ hasText: GRANT })
      .allInnerTexts();
    expect(lines.map((line) => /Found|Mended/.exec(line)?.[0])).toEqual(["Mended", "Found"]);
  });

  it("is for no therapist, who is told that nothing is here", async () => {
    const { page } = eero;
    expect(await page.getByRole("link", { name: SCREEN }).count()).toBe(0);
    await goWithin(page, "/posture");
    await page.getByRole("heading", { name: "Nothing of yours is here" }).waitFor();
  });

  it("says so when what was found cannot be read, or nobody has looked", async () => {
    const { page } = aino;
    writeFileSync(boardFile(), "{}");
    await goTo(page, "People");
    await goTo(page, SCREEN);
    await page.getByText("What was found cannot be read by the service").waitFor();
    rmSync(boardFile());
    await goTo(page, "People");
    await goTo(page, SCREEN);
    await page.getByText("Nobody has looked yet").waitFor();
    expect(
      await section("Last looks")
        .getByText(/looked at today/)
        .count(),
    ).toBe(2);
  });
});

describe("a critical fault that is borne", () => {
  it("is said on every screen of everybody, until when; who looks after it finds which it is", async () => {
    const findings = [exceptedFinding("2027-01-15", [])];
    writeBoard(boardFile(), { service: "who", findings });
    for (const { page } of [aino, eero]) {
      await goTo(page, "Settings");
      await beginAgain(page);
      for (const screen of ["Settings", "People"]) {
        await goTo(page, screen);
        const note = page.getByRole("status").filter({ hasText: "A database is not safe" });
        await note.getByText(/Vault of who.*is borne until Fri 15 Jan 2027/).waitFor();
        expect(await note.count()).toBe(1);
      }
    }
    expect(await eero.page.getByRole("link", { name: "Which it is" }).count()).toBe(0);
    await aino.page.getByRole("link", { name: "Which it is" }).click();
    await section("Borne until a day").getByText("Borne until Fri 15 Jan 2027").waitFor();
    expect(await findBarriers(aino.page)).toEqual([]);
  });
});
