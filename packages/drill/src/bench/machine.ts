import { cpus, platform, release, totalmem } from "node:os";

/** What the figures were measured on, in one line. */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${processors.length} × ${model}, ${memory} GiB, ${platform()} ${release()}, Node ${process.versions.node}`;
}
