import type { ByteSource } from "@sinetti/client";

import { sampleNote } from "./sampleNote.ts";

const DAYS = 28;

function sourceOf(name: string, lines: readonly string[]): ByteSource {
  const bytes = new TextEncoder().encode(lines.join("\r\n"));
  return {
    name,
    sizeBytes: bytes.length,
    read: (from, to) => Promise.resolve(bytes.subarray(from, Math.min(to, bytes.length))),
  };
}

/** CSV files of invented patients from number `first` on, and of their notes of about 2 KB, in turns so that no patient's lie together. */
export function sampleCsv({
  first,
  patients,
  notes,
}: {
  first: number;
  patients: number;
  notes: number;
}): { patients: ByteSource; notes: ByteSource } {
  const text = sampleNote()
    .sections.map((section) => section.text)
    .join("\n");
  const people = Array.from({ length: patients }, (_, index) => {
    const number = first + index;
    return `A${number};Sample${number};Invented;1.2.1980;040 ${1_000_000 + number};Therapist`;
  });
  const written = Array.from({ length: notes }, (_, index) => {
    const round = Math.floor(index / patients);
    const date = `${1 + (round % DAYS)}.${1 + (Math.floor(round / DAYS) % 12)}.2024`;
    return `A${first + (index % patients)};${date};klo 14.30;45,0;Therapist;"${text}"`;
  });
  return {
    patients: sourceOf("patients.csv", [
      "Asiakasnumero;Sukunimi;Etunimet;Syntymäaika;Puhelin;Omaterapeutti",
      ...people,
    ]),
    notes: sourceOf("notes.csv", [
      "Asiakasnumero;Päivämäärä;Kello;Kesto;Kirjaaja;Teksti",
      ...written,
    ]),
  };
}
