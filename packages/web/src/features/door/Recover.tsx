import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote, faultOfError } from "../../app/FaultNote.tsx";
import { door } from "../../app/link.ts";
import type { Beginning } from "../../worker/session.ts";
import { NewPassword, isGoodPassword } from "./NewPassword.tsx";

const SCANNED = /SINETTI-KIT:([0-9A-F]{32}):([0-9A-F]{32}):([0-9A-Z-]{20,80})/i;

/** Back by the recovery kit: a new device here, which a colleague lets in at once, or 24 hours. */
export function Recover({
  onInside,
  onBack,
}: {
  onInside: (beginning: Beginning) => void;
  onBack: () => void;
}) {
  const { t } = useTranslation("door");
  const [practice, setPractice] = useState("");
  const [member, setMember] = useState("");
  const [kit, setKit] = useState("");
  const [password, setPassword] = useState("");
  const recover = useMutation({
    mutationFn: () =>
      door.recover({
        practice: practice.trim().toLowerCase(),
        member: member.trim().toLowerCase(),
        kit: kit.trim(),
        password,
      }),
    onSuccess: onInside,
  });
  /** What a scanner reads off the page holds all three. */
  const takeKit = (text: string): void => {
    const scanned = SCANNED.exec(text);
    setKit(scanned?.[3] ?? text);
    if (scanned === null) return;
    setPractice(scanned[1] ?? "");
    setMember(scanned[2] ?? "");
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    recover.mutate();
  };
  if (recover.error !== null && faultOfError(recover.error).code === "not-ready")
    return (
      <Stack>
        <Title order={2}>{t("recover.waitsTitle")}</Title>
        <Text>{t("recover.waits")}</Text>
        <Button onClick={onBack}>{t("code.done")}</Button>
      </Stack>
    );
  const isReady =
    /^[0-9a-f]{32}$/i.test(practice.trim()) &&
    /^[0-9a-f]{32}$/i.test(member.trim()) &&
    kit.trim() !== "" &&
    isGoodPassword(password);
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Title order={2}>{t("recover.title")}</Title>
        <Text>{t("recover.what")}</Text>
        <TextInput
          label={t("recover.kit")}
          description={t("recover.kitHint")}
          value={kit}
          onChange={(event) => takeKit(event.currentTarget.value)}
          autoFocus
        />
        <TextInput
          label={t("recover.practice")}
          value={practice}
          onChange={(event) => setPractice(event.currentTarget.value)}
        />
        <TextInput
          label={t("recover.member")}
          value={member}
          onChange={(event) => setMember(event.currentTarget.value)}
        />
        <NewPassword value={password} onChange={setPassword} />
        {recover.error !== null && <FaultNote error={recover.error} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {t("back")}
          </Button>
          <Button type="submit" loading={recover.isPending} disabled={!isReady}>
            {t("recover.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
