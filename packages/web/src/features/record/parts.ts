import type { Role } from "@sinetti/core";
import type { ComponentType } from "react";

/** What a room of a record is given. */
export interface PartProps {
  /** The patient's id, as the address has it. */
  readonly patient: string;
}

/** One room of a record beside its timeline. */
export interface RecordPart {
  /** Its key in the catalogue `record`, under `parts`; also the last word of its address, `#plan`. */
  readonly name: string;
  /** Null where the room belongs to everybody who can open the record. */
  readonly roles: readonly Role[] | null;
  /** Not for every day: found under More, so that the rooms of every day fit beside each other. */
  readonly isAside?: true;
  readonly load: () => Promise<{ default: ComponentType<PartProps> }>;
}

/** The rooms of a record, in the order in which they are shown. */
const PARTS: readonly RecordPart[] = [
  { name: "measures", roles: null, load: () => import("./parts/Measures.tsx") },
  { name: "plan", roles: null, load: () => import("./parts/Plan.tsx") },
  { name: "diagnoses", roles: null, load: () => import("./parts/Diagnoses.tsx") },
  { name: "risk", roles: null, load: () => import("./parts/Risk.tsx") },
  { name: "documents", roles: null, load: () => import("./parts/Documents.tsx") },
  { name: "process", roles: ["therapist"], load: () => import("./parts/Process.tsx") },
  { name: "access", roles: null, load: () => import("./parts/Access.tsx") },
  {
    name: "person",
    roles: ["therapist"],
    isAside: true,
    load: () => import("./parts/Person.tsx"),
  },
  {
    name: "office",
    roles: ["therapist"],
    isAside: true,
    load: () => import("../office/OfficePart.tsx"),
  },
  { name: "care", roles: null, isAside: true, load: () => import("./parts/Care.tsx") },
  {
    name: "copy",
    roles: ["therapist"],
    isAside: true,
    load: () => import("../export/CopyPart.tsx"),
  },
];

/** The rooms of a record that somebody with these roles has. */
export const partsOf = (held: readonly Role[]): readonly RecordPart[] =>
  PARTS.filter(({ roles }) => roles === null || roles.some((each) => held.includes(each)));
