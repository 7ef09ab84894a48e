import { normaliseCode } from "../people/lookupFields.ts";
import type { PatientReference } from "./patientReference.ts";
import { idKey } from "./patientRow.ts";
import type { PatientKeys } from "./patientRow.ts";

/** A name under which several people go. */
const SEVERAL = -1;

/** Places of people by one of their values; a value that several share names none of them. */
class PlaceByValue {
  readonly #places = new Map<string, number>();

  get(value: string | undefined): number | undefined {
    return value === undefined ? undefined : this.#places.get(value);
  }

  add(value: string | undefined, place: number): void {
    if (value === undefined) return;
    const known = this.#places.get(value);
    this.#places.set(value, known === undefined || known === place ? place : SEVERAL);
  }
}

function sourceKey(by: "id" | "code" | "name", value: string): string {
  return `csv\n${by}\n${value}`;
}

/** The keys that somebody may have in an import whom a text names by number or identity code. */
export function sourceKeys(text: string): string[] {
  return [sourceKey("id", idKey(text)), sourceKey("code", normaliseCode(text))];
}

interface Registered {
  id: string | undefined;
  code: string | undefined;
  rest: string;
}

function smaller(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return first < second ? first : second;
}

/**
 * The patients of an import. Rows with one number, with one sound identity code, or with one name and birth date are one person; two
 * different sound codes are two people whatever their names.
 */
export class PatientRegistry {
  readonly #byId = new PlaceByValue();
  readonly #byCode = new PlaceByValue();
  readonly #byLooseCode = new PlaceByValue();
  readonly #byNameBorn = new PlaceByValue();
  readonly #byName = new PlaceByValue();
  readonly #people: Registered[] = [];

  /** How many people there are. */
  get size(): number {
    return this.#people.length;
  }

  /** The place of the person whom these keys name: an earlier one, or a new one at `size`. */
  take(keys: PatientKeys): number {
    const { id, code, looseCode, name = "", born } = keys;
    const place = this.#same(keys) ?? this.size;
    const person = (this.#people[place] ??= {
      id,
      code,
      rest: `${name}|${born ?? looseCode ?? ""}`,
    });
    person.id = smaller(person.id, id);
    person.code = smaller(person.code, code);
    this.#byId.add(id, place);
    this.#byCode.add(code, place);
    this.#byLooseCode.add(looseCode, place);
    if (keys.name === undefined) return place;
    this.#byName.add(name, place);
    if (born !== undefined) this.#byNameBorn.add(`${name}|${born}`, place);
    return place;
  }

  #same({ id, code, name, born }: PatientKeys): number | undefined {
    const known = [this.#byId.get(id), this.#byCode.get(code)].find(
      (place) => place !== undefined && place !== SEVERAL,
    );
    if (known !== undefined || name === undefined || born === undefined) return known;
    const alike = this.#byNameBorn.get(`${name}|${born}`);
    const person = alike === undefined ? undefined : this.#people[alike];
    if (person === undefined) return undefined;
    const isOther = code !== undefined && person.code !== undefined && code !== person.code;
    return isOther ? undefined : alike;
  }

  /** What names the person at a place in every run, whatever the order of the rows: number, else code, else name and birth date. */
  keyOf(place: number): string {
    const person = this.#people[place];
    if (person === undefined) throw new RangeError("no such person");
    const { id, code, rest } = person;
    if (id !== undefined) return sourceKey("id", id);
    return code === undefined ? sourceKey("name", rest) : sourceKey("code", code);
  }

  /** Whose a row is; the reason when it names nobody, or several people. */
  find(reference: PatientReference): number | "unknown-patient" | "several-patients" {
    const { id, code, name, born, either } = reference;
    const numbered = this.#byId.get(id) ?? this.#codeHolder(id);
    const coded = this.#codeHolder(code);
    if (numbered !== undefined && coded !== undefined && numbered !== coded)
      return "several-patients";
    const strong = numbered ?? coded;
    if (strong !== undefined || id !== undefined) return toOutcome(strong);
    const named =
      name !== undefined && born !== undefined
        ? this.#byNameBorn.get(`${name}|${born}`)
        : this.#byName.get(name);
    return toOutcome(named ?? this.#byId.get(either) ?? this.#codeHolder(either));
  }

  #codeHolder(code: string | undefined): number | undefined {
    return this.#byCode.get(code) ?? this.#byLooseCode.get(code);
  }
}

function toOutcome(place: number | undefined): number | "unknown-patient" | "several-patients" {
  if (place === undefined) return "unknown-patient";
  return place === SEVERAL ? "several-patients" : place;
}
