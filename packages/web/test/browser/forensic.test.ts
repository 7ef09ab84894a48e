import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { BROWSER_FLAGS } from "../../../../tools/browser.ts";
import { searchProfile } from "../../../../tools/profileSearch.ts";
import { foundPractice, goTo, lock, unlock } from "./door.ts";
import { startLauncher, type Launcher } from "./launcher.ts";
import { registerPatient, signNote, writeNote } from "./records.ts";

/** What is typed, and must be nowhere afterwards. */
const PLANTED = {
  practice: "Vaahteramäki praktiikka",
  member: "Elviira Kuutamonen",
  password: "seven geese over a frozen river",
  given: "Kreetakaisa",
  family: "Tuulenpesä",
  code: "140388-9028",
  phone: "+358 40 7654321",
  email: "kreetakaisa.tuulenpesa@example.org",
  street: "Harakanpolku 19 Z 77",
  note: "dreams of a lighthouse with nine doors",
  draft: "a sentence that was never signed at all",
  search: "lighthouse with nine",
} as const;
/** What a test puts there itself: the search must find it. */
const CONTROL = "a control that everybody may see";

const folder = mkdtempSync(join(tmpdir(), "sinetti-forensic-"));
const profile = join(folder, "profile");
const downloads = join(folder, "downloads");
let launcher: Launcher;

beforeAll(async () => {
  launcher = await startLauncher();
});
afterAll(async () => {
  await launcher.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Chromium on a profile that stays, writing down every byte that it sends and takes. */
function openBrowser(log: string): Promise<BrowserContext> {
  const { executable, environment } = inject("browser");
  return chromium.launchPersistentContext(profile, {
    executablePath: executable,
    args: [
      ...BROWSER_FLAGS,
      `--log-net-log=${join(folder, `${log}.json`)}`,
      "--net-log-capture-mode=Everything",
    ],
    env: { ...process.env, ...environment },
    downloadsPath: downloads,
    locale: "en-GB",
  });
}

async function workADay(page: Page): Promise<string[]> {
  const { practice, member, password } = PLANTED;
  await page.goto(launcher.origin);
  const code = launcher.installationCode();
  const papers = await foundPractice(page, { practice, member, password, code });
  const { given, family, phone, email, street, note, draft, search } = PLANTED;
  await registerPatient(page, { given, family, code: PLANTED.code, phone, email, street });
  await writeNote(page, note);
  await signNote(page, note);
  await page.getByLabel("Find in this record").fill(search);
  await page.getByText(note).first().waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type(given);
  await page.getByText(`${given} ${family}`).last().waitFor();
  await page.keyboard.press("Escape");
  await writeNote(page, draft);
  await page.getByText("Saved, sealed").waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await lock(page);
  await unlock(page, password);
  await goTo(page, "Caseload");
  await page.getByRole("link", { name: `${given} ${family}` }).click();
  await page.getByText(note).first().waitFor();
  await lock(page);
  // The practice's fingerprint and a member's id are no secrets: the services know them.
  return papers.slice(0, 2);
}

/** So much that the browser's databases are written out as compressed tables. */
async function leaveControls(page: Page): Promise<void> {
  await page.goto(launcher.origin);
  await page.evaluate(async (control) => {
    localStorage.setItem("control", `stored: ${control}`);
    await fetch("/nothing-of-that-name", { method: "POST", body: `sent: ${control}` });
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open("control", 1);
      opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore("rows"));
      opening.addEventListener("success", () => resolve(opening.result));
      opening.addEventListener("error", () => reject(new Error("no database")));
    });
    for (let part = 0; part < 40; part++) {
      const writing = database.transaction("rows", "readwrite");
      for (let row = 0; row < 10; row++)
        writing
          .objectStore("rows")
          .put(`${control} ${"and so on ".repeat(2_000)}`, part * 10 + row);
      await new Promise((resolve) => writing.addEventListener("complete", resolve));
    }
    database.close();
  }, CONTROL);
}

describe("what a browser keeps of a day of work", () => {
  it("is nothing that was typed or read, on its disk or on the wire, and the search would have seen it", async () => {
    const working = await openBrowser("work");
    const papers = await workADay(working.pages()[0] ?? (await working.newPage()));
    await working.close();
    const needles = [...Object.values(PLANTED), ...papers];
    expect(papers.every((paper) => paper.length > 20)).toBe(true);
    const searched = await searchProfile(folder, needles);
    expect(searched.found).toEqual([]);
    expect(searched.files).toBeGreaterThan(20);

    const leaving = await openBrowser("control");
    await leaveControls(leaving.pages()[0] ?? (await leaving.newPage()));
    await leaving.close();
    const { found, blocks } = await searchProfile(folder, [CONTROL]);
    expect(blocks).toBeGreaterThan(0);
    const sources = found.join("\n");
    expect(sources).toMatch(/Local Storage/);
    expect(sources).toMatch(/IndexedDB/);
    expect(sources).toMatch(/!block/);
    expect(sources).toMatch(/control\.json/);
  }, 240_000);
});
