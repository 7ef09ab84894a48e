import { Button, Group, Stack, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { proxy } from "comlink";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Role } from "@sinetti/core";

import { FaultNote } from "../../app/FaultNote.tsx";
import { door } from "../../app/link.ts";
import type { Beginning, FoundingWish } from "../../worker/session.ts";
import { FoundingPapers, type Papers } from "./FoundingPapers.tsx";
import { NewPassword, isGoodPassword } from "./NewPassword.tsx";

const FOUNDER_ROLES: readonly Role[] = ["therapist", "admin", "privacy"];
const NOTHING: Beginning = {
  waiting: 0,
  refused: [],
  strays: [],
  restored: [],
  unknownReleases: 0,
};

/** Papers that are shown, and the word that they are on paper. */
interface Shown {
  readonly papers: Papers;
  readonly taken: () => void;
}

/** Founds a practice: its name, its first member, a password; then the papers, until they are on paper. */
export function Found({
  onInside,
  onBack,
}: {
  onInside: (beginning: Beginning) => void;
  onBack: () => void;
}) {
  const [shown, setShown] = useState<Shown | null>(null);
  const found = useMutation({
    mutationFn: (wish: FoundingWish) => {
      const show = (papers: Omit<Papers, "practiceName" | "memberName">): Promise<void> =>
        new Promise((taken) => {
          setShown({
            papers: { ...papers, practiceName: wish.name, memberName: wish.member },
            taken,
          });
        });
      return door.found(wish, proxy(show));
    },
    onSuccess: () => onInside(NOTHING),
  });
  if (shown !== null)
    return <FoundingPapers papers={shown.papers} onTaken={shown.taken} error={found.error} />;
  return (
    <FoundingForm
      onBack={onBack}
      onFound={(wish) => found.mutate(wish)}
      isPending={found.isPending}
      error={found.error}
    />
  );
}

function FoundingForm({
  onBack,
  onFound,
  isPending,
  error,
}: {
  onBack: () => void;
  onFound: (wish: FoundingWish) => void;
  isPending: boolean;
  error: unknown;
}) {
  const { t } = useTranslation("door");
  const [name, setName] = useState("");
  const [member, setMember] = useState("");
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const isReady =
    [name, member, code].every((each) => each.trim() !== "") && isGoodPassword(password);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isReady) return;
    onFound({
      name: name.trim(),
      member: member.trim(),
      site: name.trim(),
      roles: FOUNDER_ROLES,
      code: code.trim(),
      password,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={2}>{t("found.title")}</Title>
        <TextInput
          label={t("found.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoFocus
        />
        <TextInput
          label={t("found.member")}
          description={t("found.memberHint")}
          value={member}
          onChange={(event) => setMember(event.currentTarget.value)}
        />
        <NewPassword value={password} onChange={setPassword} />
        <TextInput
          label={t("found.code")}
          description={t("found.codeHint")}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {error !== null && <FaultNote error={error} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {t("back")}
          </Button>
          <Button type="submit" loading={isPending} disabled={!isReady}>
            {t("found.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
