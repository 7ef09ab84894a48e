import { ActionIcon, Button, Kbd } from "@mantine/core";
import { Spotlight, createSpotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconLock, IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useRecordActions } from "../features/record/paletteActions.ts";
import { useHere } from "./me.ts";
import { findActions } from "./paletteFilter.ts";
import { screensOf } from "./screens.ts";
import { useView } from "./useDesk.ts";

import "@mantine/spotlight/styles.css";

const [store, palette] = createSpotlight();

/** Opens the palette; the keyboard does too. */
export function PaletteButton() {
  const { t } = useTranslation("app");
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSearch size={16} />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={palette.open}
        visibleFrom="md"
      >
        {t("palette.open")}
      </Button>
      <ActionIcon
        variant="default"
        size="lg"
        hiddenFrom="md"
        aria-label={t("palette.open")}
        onClick={palette.open}
      >
        <IconSearch size={18} />
      </ActionIcon>
    </>
  );
}

/** Go anywhere, to any patient of the own caseload, and to whatever is done in the record that is open, by typing. */
export function Palette() {
  const { t } = useTranslation("app");
  const { t: tRegistration } = useTranslation("registration");
  const { me, lock } = useHere();
  const navigate = useNavigate();
  const { write, rooms } = useRecordActions();
  const screens = screensOf(me.roles);
  useEffect(
    () => () => {
      // A lock finds it open, with a name half typed: whoever comes next must not.
      palette.close();
      store.updateState((state) => ({ ...state, query: "" }));
    },
    [],
  );
  const isTherapist = me.roles.includes("therapist");
  const finds = t(isTherapist ? "palette.finds.withPatients" : "palette.finds.others");
  const { data: patients = [] } = useView(["caseload"], (desks) => desks.caseload.list(), {
    enabled: isTherapist,
  });
  const actions: SpotlightActionData[] = [
    ...write,
    ...screens
      .filter(({ icon }) => icon !== null)
      .map(({ path, name }) => ({
        id: path,
        label: t(`screens.${name}`),
        onClick: () => void navigate({ to: path }),
      })),
    ...screens
      .filter(({ name }) => name === "register")
      .map(({ path }) => ({
        id: path,
        label: tRegistration("title"),
        onClick: () => void navigate({ to: path }),
      })),
    {
      id: "lock",
      label: t("lock.now"),
      leftSection: <IconLock size={16} />,
      onClick: () => void lock(),
    },
    ...rooms,
    ...patients.map(({ patient, name }) => ({
      id: patient,
      label: name,
      description: t("palette.record"),
      onClick: () => void navigate({ to: `/records/${patient}` }),
    })),
  ];
  return (
    <Spotlight
      store={store}
      actions={actions}
      filter={findActions}
      nothingFound={t("palette.nothing")}
      limit={12}
      highlightQuery
      shortcut={["mod + K"]}
      attributes={{ content: { "aria-label": t("palette.open") } }}
      tagsToIgnore={[]}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: finds,
        "aria-label": finds,
        autoComplete: "off",
        spellCheck: false,
      }}
    />
  );
}
