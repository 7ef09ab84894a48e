/** Lets the user save bytes under a name: a download of this browser, nothing is sent. */
export function saveFile(
  { name, bytes }: { name: string; bytes: Uint8Array },
  type = "application/pdf",
): void {
  const url = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
