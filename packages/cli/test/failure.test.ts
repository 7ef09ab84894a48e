import { ClientError, ServiceRefusal, type ClientErrorCode } from "@sinetti/client";
import { CoreError, PROBLEM_CODES, type CoreErrorCode } from "@sinetti/core";
import { FhirError, PracticeError } from "@sinetti/practice";
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";

import { failureOf } from "../src/failure.ts";
import { InputError, Interrupted, UsageError } from "../src/inputError.ts";
import { Unanswered } from "../src/unanswered.ts";
import { StartError, type StartErrorCode } from "../src/start/startError.ts";

it("speaks of no work that is kept where an address was only looked at", () => {
  const { exit, code, message } = failureOf(new Unanswered("The site does not answer"));
  expect([exit, code, message]).toEqual([5, "unreachable", "The site does not answer."]);
});

it("says that a command is missing where the parser has shown the help", () => {
  const { exit, message } = failureOf(new CommanderError(1, "commander.help", "(outputHelp)"));
  expect([exit, message]).toEqual([2, "A command is missing; --help lists those that there are."]);
});

describe("the exit codes of the contract", () => {
  const clientCases: [ClientErrorCode, number][] = [
    ["no-profile", 2],
    ["profile-exists", 2],
    ["refused", 3],
    ["wrong-password", 3],
    ["not-ready", 3],
    ["pending", 3],
    ["storage-full", 1],
    ["other-version", 3],
    ["unknown-record", 3],
    ["verification-failed", 4],
    ["unreachable", 5],
    ["input-rejected", 6],
  ];
  it.each(clientCases)("client error %s ends with %i", (code, exit) => {
    expect(failureOf(new ClientError(code))).toMatchObject({ exit, code });
  });

  it.each(PROBLEM_CODES)(
    "a service's refusal %s ends with 1, 3, 4, 5 or 6, and says what to do",
    (code) => {
      const { exit, message } = failureOf(new ServiceRefusal("gate", code, null));
      const exits: Partial<Record<typeof code, number>> = {
        malformed: 1,
        "not-canonical": 1,
        "unknown-version": 1,
        "unknown-route": 1,
        unsigned: 1,
        internal: 1,
        "wrong-service": 4,
        "bad-signature": 4,
        "forked-chain": 4,
        unavailable: 5,
        behind: 5,
        "too-large": 6,
      };
      expect(exit).toBe(exits[code] ?? 3);
      expect(message).toMatch(/^[A-Z].*[.)]/s);
    },
  );

  const coreCases: [CoreErrorCode, number][] = [
    ["not-authorised", 3],
    ["not-granted", 3],
    ["second-person-missing", 3],
    ["file-closed", 3],
    ["bad-signature", 4],
    ["open-failed", 4],
    ["forked-chain", 4],
    ["malformed", 4],
  ];
  it.each(coreCases)("core error %s ends with %i", (code, exit) => {
    expect(failureOf(new CoreError(code)).exit).toBe(exit);
  });

  const startCases: [StartErrorCode, number][] = [
    ["port-in-use", 2],
    ["data-in-use", 2],
    ["folder-foreign", 2],
    ["secret-missing", 4],
    ["service-failed", 1],
  ];
  it.each(startCases)("start error %s ends with %i", (code, exit) => {
    expect(failureOf(new StartError(code)).exit).toBe(exit);
  });

  it("input ends with 6 and names file, record and field", () => {
    const issues = [{ field: "name.given", rule: "missing" as const }];
    expect(failureOf(new PracticeError("record-invalid", issues))).toMatchObject({
      exit: 6,
      fields: ["name.given (missing)"],
    });
    expect(
      failureOf(new FhirError("resource-invalid", { resourceIndex: 3, field: "code" })),
    ).toMatchObject({
      exit: 6,
      fields: ["code"],
    });
    const { exit, message } = failureOf(new InputError("p.json", "the file is not JSON"));
    expect({ exit, message }).toEqual({
      exit: 6,
      message: "p.json: the file is not JSON. Nothing was written.",
    });
  });

  it("a word that the command line does not know ends with 2, help with 0, a person's stop with 130", () => {
    expect(failureOf(new CommanderError(1, "commander.unknownOption", "x")).exit).toBe(2);
    expect(failureOf(new CommanderError(0, "commander.helpDisplayed", "x")).exit).toBe(0);
    expect(failureOf(new UsageError("x")).exit).toBe(2);
    expect(failureOf(new Interrupted("x")).exit).toBe(130);
  });

  it("our own fault ends with 1 and says where, without the message that may quote what it worked on", () => {
    const { exit, message } = failureOf(new TypeError("confided is not a function"));
    expect(exit).toBe(1);
    expect(message).toContain("TypeError");
    expect(message).toMatch(/failure\.test\.ts/);
    expect(message).not.toContain("confided");
    expect(failureOf("confided").message).not.toContain("confided");
  });
});
