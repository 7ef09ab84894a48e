import { describe, expect, it } from "vitest";

import { ownerByName, partsOf } from "../src/features/import/given.ts";
import { documentSources, fhirSources } from "../src/worker/importing/fileSource.ts";

const given = (path: string, content = "x") => ({
  file: new File([content], path.split("/").at(-1) ?? ""),
  path,
});
const paths = (some: readonly { path: string }[]): string[] => some.map(({ path }) => path);

describe("files that are given to an import", () => {
  it("are sorted by name, and a package's documents stay with their bundle", () => {
    const { csv, bundles, beside, documents } = partsOf(
      [
        "patients.CSV",
        "one/record.fhir.json",
        "one/documents/letter.pdf",
        "one/documents/list.csv",
        "other/documents/scan.pdf",
        "bundle.json.gz",
        ".DS_Store",
      ].map((path) => given(path)),
    );
    expect(paths(csv)).toEqual(["patients.CSV"]);
    expect(paths(bundles)).toEqual(["one/record.fhir.json", "bundle.json.gz"]);
    expect(paths(beside)).toEqual(["one/documents/letter.pdf", "one/documents/list.csv"]);
    expect(paths(documents)).toEqual(["other/documents/scan.pdf"]);
  });

  it.each([
    ["A12_letter.pdf", "A12"],
    ["A12 letter.pdf", "A12"],
    ["letters/A12/letter.pdf", "A12"],
    ["A12.pdf", "A12"],
  ])("say by their name whose they are: %s", (path, owner) => {
    expect(ownerByName(path)).toBe(owner);
  });
});

describe("a bundle among given files", () => {
  const files = [
    given("one/record.fhir.json", "{}"),
    given("one/documents/letter.pdf", "letter of one"),
    given("two/record.fhir.json", "{}"),
    given("two/documents/letter.pdf", "letter of two"),
    given("secret.pdf", "of nobody"),
  ];

  it("finds the documents of its own package, and none by a path that leaves it", async () => {
    const [, two] = fhirSources(files);
    const found = await two?.document?.("documents/letter.pdf");
    const parts: Uint8Array[] = [];
    for await (const part of found ?? []) parts.push(part);
    expect(new TextDecoder().decode(parts[0])).toBe("letter of two");
    for (const path of [
      "documents/../../secret.pdf",
      "../secret.pdf",
      "documents/.x",
      "secret.pdf",
    ])
      expect(await two?.document?.(path)).toBeNull();
  });

  it("is unpacked while it is read, and refused where its letters are not UTF-8", async () => {
    const packed = await new Response(
      new Blob(['{"resourceType":"Bundle"}']).stream().pipeThrough(new CompressionStream("gzip")),
    ).arrayBuffer();
    const gz = { file: new File([packed], "a.json.gz"), path: "a.json.gz" };
    const bad = { file: new File([Uint8Array.of(0xff, 0xfe, 0x41)], "b.json"), path: "b.json" };
    const [first, second] = fhirSources([gz, bad]);
    expect(await first?.read()).toBe('{"resourceType":"Bundle"}');
    await expect(second?.read()).rejects.toBeInstanceOf(TypeError);
  });
});

it("a document is named by the SHA-256 of its bytes", async () => {
  const [source] = documentSources([{ ...given("A1_abc.txt", "abc"), patient: "A1" }]);
  expect(await source?.sha256()).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(source).toMatchObject({ title: "A1_abc", sizeBytes: 3, patient: "A1" });
});
