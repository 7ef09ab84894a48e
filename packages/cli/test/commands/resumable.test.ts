import { ClientError } from "@sinetti/client";
import { expect, it, vi } from "vitest";

import { resumable } from "../../src/commands/resumable.ts";
import { Interrupt } from "../../src/interrupt.ts";
import { Output } from "../../src/output.ts";
import type { Shell } from "../../src/shell.ts";

it("says that an import is to be run again when a service stops answering, and only then", async () => {
  const output = new Output({ isJson: true });
  const log = vi.spyOn(output, "log").mockReturnValue();
  const shell: Shell = { profile: "p", server: "s", output, interrupt: new Interrupt() };
  const fail = (failure: Error): Promise<never> => resumable(shell, () => Promise.reject(failure));
  await expect(fail(new TypeError("ours"))).rejects.toThrow(TypeError);
  await expect(fail(new ClientError("refused"))).rejects.toThrow(ClientError);
  expect(log).not.toHaveBeenCalled();
  await expect(fail(new ClientError("unreachable"))).rejects.toMatchObject({ code: "unreachable" });
  expect(log).toHaveBeenCalledWith(expect.stringMatching(/run the same command again/));
  expect(await resumable(shell, () => Promise.resolve(7))).toBe(7);
});
