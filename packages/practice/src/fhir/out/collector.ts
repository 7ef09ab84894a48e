import { withoutUndefined } from "../elements.ts";
import type { Target } from "./historyOut.ts";
import { fullUrlOf, referenceTo, type Original } from "./originals.ts";
import type { OutReference } from "./outMapper.ts";
import type { OutResource } from "./vocabulary.ts";

/** Collects the resources of a bundle, each once, and knows what became of each entry. */
export class Collector {
  readonly entry: { fullUrl: string; resource: OutResource }[] = [];
  readonly targets: Target[] = [];
  readonly mentioned = new Set<string>();
  readonly #taken = new Set<string>();
  readonly #references = new Map<string, OutReference>();

  readonly member = (id: string): OutReference => {
    this.mentioned.add(id);
    return { reference: `Practitioner/${id}` };
  };
  readonly reference = (id: string): OutReference | undefined => this.#references.get(id);

  add(resource: OutResource): void {
    const sourceId = `${resource.resourceType}/${resource.id}`;
    this.#push({ sourceId, url: undefined, resource });
  }
  addFor(entry: string, made: Original, derived?: string): void {
    this.#push(made);
    const reference = { reference: referenceTo(made) };
    if (!this.#references.has(entry)) this.#references.set(entry, reference);
    this.targets.push(withoutUndefined({ ...reference, entry, sourceId: derived }));
  }
  #push(made: Original): void {
    if (this.#taken.has(made.sourceId)) return;
    this.#taken.add(made.sourceId);
    this.entry.push({ fullUrl: fullUrlOf(made), resource: made.resource });
  }
}
