/** A role in a statement; null is PUBLIC, which a role of that name is not. */
export function quoteRole(role: string | null): string {
  return role === null ? "PUBLIC" : quoteIdentifier(role);
}

/** A name in a statement: always quoted, so that no name is ever read as something else. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in a statement, whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? `E${quoted}` : quoted;
}

/** A relation in a statement. */
export function quoteRelation({ schema, name }: { schema: string; name: string }): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A setting in a statement: `pgaudit.log` has two parts. */
export function quoteSetting(name: string): string {
  return name.split(".").map(quoteIdentifier).join(".");
}
