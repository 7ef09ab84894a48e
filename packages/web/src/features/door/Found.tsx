import { Alert, Button, Checkbox, Code, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Role } from "@sinetti/core";

import { FaultNote } from "../../app/FaultNote.tsx";
import { door } from "../../app/link.ts";
import type { Beginning, FoundingWish } from "../../worker/session.ts";
import { NewPassword, isGoodPassword } from "./NewPassword.tsx";

const FOUNDER_ROLES: readonly Role[] = ["therapist", "admin", "privacy"];
const NOTHING: Beginning = {
  waiting: 0,
  refused: [],
  strays: [],
  restored: [],
  unknownReleases: 0,
};

type Papers = Awaited<ReturnType<typeof door.found>>;

/** Founds a practice: its name, its first member, a password; then the papers, once. */
export function Found({
  onInside,
  onBack,
}: {
  onInside: (beginning: Beginning) => void;
  onBack: () => void;
}) {
  const found = useMutation({ mutationFn: (wish: FoundingWish) => door.found(wish) });
  if (found.data !== undefined)
    return <FoundingPapers papers={found.data} onDone={() => onInside(NOTHING)} />;
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

function FoundingPapers({ papers, onDone }: { papers: Papers; onDone: () => void }) {
  const { t } = useTranslation("door");
  const [isKept, setKept] = useState(false);
  return (
    <Stack>
      <Title order={2}>{t("papers.title")}</Title>
      <Text>{t("papers.what")}</Text>
      <Paper label={t("papers.kit")} hint={t("papers.kitHint")} code={papers.kit} />
      <Paper
        label={t("papers.breakGlass")}
        hint={t("papers.breakGlassHint")}
        code={papers.breakGlass}
      />
      <Paper label={t("papers.root")} hint={t("papers.rootHint")} code={papers.root} />
      <Group className="no-print">
        <Button variant="default" onClick={() => print()}>
          {t("papers.print")}
        </Button>
      </Group>
      <Alert color="stone" className="no-print">
        {t("papers.once")}
      </Alert>
      <Checkbox
        className="no-print"
        label={t("papers.kept")}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button className="no-print" disabled={!isKept} onClick={onDone}>
        {t("papers.go")}
      </Button>
    </Stack>
  );
}

function Paper({ label, hint, code }: { label: string; hint: string; code: string }) {
  return (
    <Stack gap={4}>
      <Text fw={620}>{label}</Text>
      <Code block fz="md">
        {code}
      </Code>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
    </Stack>
  );
}
