import { Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Notice } from "./Notice";

/** In place of results that count a patient whom the reader is to read blindly. */
export function Withheld() {
  const { t } = useTranslation();
  return (
    <Notice color="gray" icon={<IconEyeOff size={18} aria-hidden />} title={t("blinded.results")} data-testid="withheld">
      <Text size="sm">{t("blinded.resultsText")}</Text>
    </Notice>
  );
}

/** The same in a cell of a table. */
export function WithheldCell() {
  const { t } = useTranslation();
  return (
    <Text size="xs" c="dimmed" title={t("blinded.results")}>
      {t("blinded.cell")}
    </Text>
  );
}
