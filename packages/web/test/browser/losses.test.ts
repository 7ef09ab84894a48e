import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { findLosses, findLossesAtEdges } from "./losses.ts";
import { openChromium, type TestBrowser, type TestPage } from "./openChromium.ts";

let browser: TestBrowser;
let page: TestPage;

beforeAll(async () => {
  browser = await openChromium(inject("browser"));
  page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
});
afterAll(() => browser.close());

const show = (inner: string): Promise<void> =>
  page.setContent(`<body style="margin: 0"><main>${inner}</main></body>`);

describe("the watch over what a reader would miss", () => {
  it("finds nothing on a page that loses nothing", async () => {
    await show(`<p>Written in the record, 14:00. See report.pdf.</p>
      <p style="position: absolute; width: 1px; height: 1px; overflow: hidden">for readers of screens</p>
      <input placeholder="d.m.yyyy"><input placeholder="p.k.vvvv">
      <textarea style="width: 80px">longer than the field that it stands in</textarea>`);
    expect(await findLosses(page)).toEqual([]);
    expect(await findLossesAtEdges(page)).toEqual([]);
  });

  it("finds a key in place of a word, in a text and in a name, and a place that nobody filled", async () => {
    await show(`<p>record.note.write</p><button aria-label="app.freeze.name">x</button>
      <p>{{count}} notes</p><input placeholder="date.form.long">`);
    expect(await findLosses(page)).toEqual([
      'raw key "record.note.write"',
      'raw key "{{count}} notes"',
      'raw key "app.freeze.name"',
      'raw key "date.form.long"',
    ]);
  });

  it("finds a text that its box cuts off, beside and below", async () => {
    await show(`<p style="width: 60px; overflow: hidden; white-space: nowrap">Saarelanoja, Raija</p>
      <div style="height: 20px; overflow: hidden"><p>one</p><p>two</p></div>`);
    expect(await findLosses(page)).toEqual(
      expect.arrayContaining(['cut off "Saarelanoja, Raija"', 'cut off "two"']),
    );
  });

  it("finds a page that scrolls to the side where it is narrow, and who makes it", async () => {
    await show(`<p style="width: 700px">as wide as a table</p>`);
    expect(await findLosses(page)).toEqual([]);
    expect(await findLossesAtEdges(page)).toEqual([
      "360 px: scrolls sideways: 700 in 360",
      '360 px: beyond the edge "as wide as a table"',
    ]);
  });

  it("finds a part of a page that scrolls to the side", async () => {
    await show(
      `<div style="overflow-x: auto"><p style="width: 700px">a table of its own</p></div>`,
    );
    expect(await findLossesAtEdges(page)).toEqual([
      '360 px: scrolls sideways within "a table of its own"',
    ]);
  });

  it("finds what is lost with letters of twice the size alone", async () => {
    await show(`<div style="height: 40px; overflow: hidden; font-size: 1rem; line-height: 1.2">
      <div>Tuesday</div><div>14:00</div></div>`);
    expect(await findLosses(page)).toEqual([]);
    expect(await findLossesAtEdges(page)).toEqual(['200 %: cut off "14:00"']);
    expect(await findLosses(page)).toEqual([]);
  });
});
