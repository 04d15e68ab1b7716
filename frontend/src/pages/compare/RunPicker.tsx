import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { Failed } from "~/ui/states";

/** Which runs stand beside each other; the choice is the page's address. */
export function RunPicker({ ids, change }: { ids: string[]; change: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const runs = useQuery(queries.runs({ page_size: 200 }));
  if (runs.error) return <Failed error={runs.error} compact retry={() => void runs.refetch()} />;
  const known = (runs.data?.results ?? []).map((run) => ({
    value: run.id,
    label: `${run.name} · ${run.dataset_name} · ${t(`common.state.${run.state}`)}`,
  }));
  const unknown = ids.filter((id) => !known.some((one) => one.value === id));
  return (
    <MultiSelect
      label={t("compare.choose")}
      searchable
      clearable
      data={[...known, ...unknown.map((id) => ({ value: id, label: id.slice(0, 8) }))]}
      value={ids}
      onChange={change}
      nothingFoundMessage={t("compare.nothingFound")}
      clearButtonProps={{ "aria-label": t("common.clear") }}
    />
  );
}
