import type { Shaped, VAULT_ROUTES } from "@sinetti/core";

/** What a vault answers of a record. */
export type OpenedFile = Shaped<(typeof VAULT_ROUTES)["fileOpen"]["answer"]>["files"][number];

/** Something that a vault, or whoever sits between it and a client, answers instead; `older` is what it once answered truly. */
export interface WireLie {
  readonly name: string;
  readonly tell: (files: readonly OpenedFile[], older: readonly OpenedFile[]) => OpenedFile[];
}

/** Lies of the first record of an answer. */
function ofFirst(
  name: string,
  change: (file: OpenedFile, second: OpenedFile) => OpenedFile,
): WireLie {
  return {
    name,
    tell: ([first, second, ...rest]) => {
      if (first === undefined || second === undefined)
        throw new RangeError("two records are asked");
      return [change(first, second), second, ...rest];
    },
  };
}

/** What a vault tries on the wire. */
export const WIRE_LIES: readonly WireLie[] = [
  {
    name: "answers as it once did, before the last appends",
    tell: (files, older) => files.map((file, index) => older[index] ?? file),
  },
  ofFirst("withholds the newest statement", (file) => ({
    ...file,
    records: file.records.slice(0, -1),
  })),
  ofFirst("leaves out a statement in the middle", (file) => ({
    ...file,
    records: file.records.filter((_, index) => index !== 1),
  })),
  ofFirst("turns the statements round", (file) => ({
    ...file,
    records: file.records.toReversed(),
  })),
  ofFirst("gives the newest statement twice", (file) => ({
    ...file,
    records: [...file.records, ...file.records.slice(-1)],
  })),
  ofFirst("gives one statement's boxes for another's", (file) => {
    const boxes = file.records.map((record) => record.boxes);
    const records = file.records.map(({ statement }, index) => ({
      statement,
      boxes: boxes[(index + 1) % boxes.length] ?? [],
    }));
    return { ...file, records };
  }),
  ofFirst("gives another record's boxes", (file, second) => ({
    ...file,
    records: file.records.map(({ statement }, index) => ({
      statement,
      boxes: second.records[index]?.boxes ?? [],
    })),
  })),
  ofFirst("gives another record's wraps", (file, { wraps, batchKeys }) => ({
    ...file,
    wraps,
    batchKeys,
  })),
  ofFirst("gives another record in this one's name", (file, second) => ({
    ...second,
    file: file.file,
  })),
  { name: "answers in another order", tell: (files) => files.toReversed() },
  ofFirst("gives no access chain", (file) => ({ ...file, access: [] })),
  ofFirst("gives no statement", (file) => ({ ...file, records: [] })),
  {
    name: "promises more and gives nothing",
    tell: (files) => files.map((file) => ({ ...file, access: [], records: [], more: true })),
  },
  ofFirst("names another head", (file) => ({ ...file, head: null })),
];
