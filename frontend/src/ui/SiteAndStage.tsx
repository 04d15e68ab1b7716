import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/session";
import { type StageLabel, STAGES } from "~/api/types";

interface SiteAndStageProps {
  site: string | undefined;
  stage: StageLabel | undefined;
  change: (wish: { site?: string | undefined; stage?: StageLabel | undefined }) => void;
}

/** Filters of lists of patients and exams: one site, where the reader has several, and one pathology stage. */
export function SiteAndStage({ site, stage, change }: SiteAndStageProps) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      {me.sites.length > 1 ? (
        <Select
          label={t("common.site")}
          w={150}
          clearable
          placeholder={t("common.any")}
          data={me.sites.map((own) => ({ value: own.code, label: `${own.code} ${own.name}` }))}
          value={site ?? null}
          onChange={(chosen) => {
            change({ site: chosen ?? undefined });
          }}
        />
      ) : null}
      <Select
        label={t("worklist.column.pathology")}
        w={140}
        clearable
        placeholder={t("common.any")}
        data={[...STAGES]}
        value={stage ?? null}
        onChange={(chosen) => {
          change({ stage: (chosen as StageLabel | null) ?? undefined });
        }}
      />
    </>
  );
}
