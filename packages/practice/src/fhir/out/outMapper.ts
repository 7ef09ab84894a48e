import type { OutResource } from "./vocabulary.ts";

/** A FHIR reference. */
export interface OutReference {
  reference: string;
  display?: string;
}

/** What a mapper knows of the bundle that it maps into. */
export interface OutContext {
  /** The patient. */
  readonly subject: OutReference;
  /** A member of staff; the bundle holds them. */
  readonly member: (id: string) => OutReference;
  /** The resource of another entry; undefined when this bundle does not hold it. */
  readonly entry: (id: string) => OutReference | undefined;
  /** Where the package holds an attachment. */
  readonly documentPath: (attachment: string) => string | undefined;
}

/** One record on its way out. */
export interface OutRecord<B> {
  /** Id of the resource: the entry's, or made of a folded value's key. */
  readonly id: string;
  /** The member who signed the entry. */
  readonly member: string;
  readonly body: B;
}

/** Makes resources of a record: the first stands for it, the others are parts of it. */
export type OutMapper<B> = (
  record: OutRecord<B>,
  context: OutContext,
) => [OutResource, ...OutResource[]];
