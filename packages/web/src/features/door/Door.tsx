import { Anchor, Container, Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { LANGUAGES, changeLanguage, shownLanguage } from "../../app/language.ts";
import { door } from "../../app/link.ts";
import type { Beginning } from "../../worker/session.ts";
import { DemoRoles } from "./DemoRoles.tsx";
import { Unlock } from "./Unlock.tsx";
import { Welcome } from "./Welcome.tsx";

// Done once in a device's life; who comes to work every day need not load them.
const Found = lazy(async () => ({ default: (await import("./Found.tsx")).Found }));
const Join = lazy(async () => ({ default: (await import("./Join.tsx")).Join }));
const Recover = lazy(async () => ({ default: (await import("./Recover.tsx")).Recover }));

type Way = "usual" | "found" | "join" | "recover";

/** A founding that was cut off has its device here already. */
const BEGUN = "founding";

/** Before anything is unlocked: unlock a device of this browser, add this browser as one, or found a practice. */
export function Door({ onInside }: { onInside: (beginning: Beginning) => void }) {
  const { t } = useTranslation("door");
  const devices = useQuery({ queryKey: ["devices"], queryFn: () => door.list() });
  const [way, setWay] = useState<Way>("usual");
  const back = (): void => {
    setWay("usual");
    void devices.refetch();
  };
  return (
    <Container size={480} py={{ base: "lg", sm: 64 }}>
      <Stack component="main" gap="lg">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <img src="/seal.svg" alt="" width={32} height={32} />
            <Title order={1}>Sinetti</Title>
          </Group>
          <Languages />
        </Group>
        {devices.error !== null && <FaultNote error={devices.error} />}
        {devices.isPending && <Waiting />}
        {way === "usual" && <DemoRoles onInside={onInside} />}
        <Suspense fallback={<Waiting />}>
          {way === "found" && <Found onInside={onInside} onBack={back} />}
          {way === "join" && <Join onBack={back} />}
          {way === "recover" && <Recover onInside={onInside} onBack={back} />}
        </Suspense>
        {way === "usual" && devices.data?.length === 0 && (
          <Welcome
            onFound={() => setWay("found")}
            onJoin={() => setWay("join")}
            onRecover={() => setWay("recover")}
          />
        )}
        {way === "usual" && devices.data !== undefined && devices.data.length > 0 && (
          <>
            <Unlock devices={devices.data} onInside={onInside} onForgotten={back} />
            <Group gap="lg">
              <Anchor component="button" size="sm" onClick={() => setWay("join")}>
                {t("another")}
              </Anchor>
              <Anchor component="button" size="sm" onClick={() => setWay("recover")}>
                {t("recover.open")}
              </Anchor>
              <Anchor component="button" size="sm" onClick={() => setWay("found")}>
                {t(devices.data.some(({ label }) => label === BEGUN) ? "foundOn" : "foundAnother")}
              </Anchor>
            </Group>
          </>
        )}
      </Stack>
    </Container>
  );
}

function Languages() {
  const { t } = useTranslation("door");
  return (
    <Group gap="xs" component="nav" aria-label={t("language")}>
      {LANGUAGES.map((each) => (
        <Anchor
          key={each}
          component="button"
          size="sm"
          lang={each}
          aria-current={each === shownLanguage() ? "true" : undefined}
          fw={each === shownLanguage() ? 620 : 400}
          onClick={() => void changeLanguage(each)}
        >
          {each === "en" ? "English" : "Suomi"}
        </Anchor>
      ))}
    </Group>
  );
}
