import { Button, Group, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { SiteAndStage } from "~/ui/SiteAndStage";
import { useCan } from "~/api/session";
import { REVIEW_STATES, type ReviewState, WORKLIST_ORDERS, type WorklistOrder, type WorklistSearch } from "~/pages/search";

interface FiltersProps {
  search: WorklistSearch;
  change: (change: Partial<WorklistSearch>) => void;
  clear: () => void;
}

const TYPING_PAUSE_MS = 350;

export function WorklistFilters({ search, change, clear }: FiltersProps) {
  const { t } = useTranslation();
  const can = useCan();
  const [typed, setTyped] = useState(search.search ?? "");
  const [held, setHeld] = useState(search.search);
  if (held !== search.search) {
    // The address changed under us (back button, a link): the box follows.
    setHeld(search.search);
    setTyped(search.search ?? "");
  }
  useEffect(() => {
    const wanted = typed.trim() || undefined;
    if (wanted === search.search) return undefined;
    const timer = setTimeout(() => {
      change({ search: wanted });
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, search.search, change]);

  const yesNo = (yes: string, no: string) => [
    { value: "yes", label: yes },
    { value: "no", label: no },
  ];
  return (
    <Group
      component="form"
      gap="xs"
      align="flex-end"
      role="search"
      aria-label={t("worklist.filters")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        change({ search: typed.trim() || undefined });
      }}
    >
      <TextInput
        label={t("worklist.search")}
        leftSection={<IconSearch size={15} aria-hidden />}
        w={210}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <SiteAndStage site={search.site} stage={search.stage} change={change} />
      <Select
        label={t("worklist.column.model")}
        w={170}
        clearable
        placeholder={t("common.any")}
        data={yesNo(t("worklist.staged"), t("worklist.notStaged"))}
        value={search.staged ?? null}
        onChange={(staged) => {
          change({ staged: (staged as "yes" | "no" | null) ?? undefined });
        }}
      />
      <Select
        label={t("worklist.pair")}
        w={170}
        clearable
        placeholder={t("common.any")}
        data={yesNo(t("worklist.hasPair"), t("worklist.noPair"))}
        value={search.pair ?? null}
        onChange={(pair) => {
          change({ pair: (pair as "yes" | "no" | null) ?? undefined });
        }}
      />
      {can("reports.list") ? (
        <Select
          label={t("worklist.review.label")}
          w={190}
          clearable
          placeholder={t("common.any")}
          data={REVIEW_STATES.map((value) => ({ value, label: t(`worklist.review.${value}`) }))}
          value={search.review ?? null}
          onChange={(review) => {
            change({ review: (review as ReviewState | null) ?? undefined });
          }}
        />
      ) : null}
      <Select
        label={t("records.order.label")}
        w={190}
        allowDeselect={false}
        data={WORKLIST_ORDERS.map((value) => ({ value, label: t(`records.order.${value}`) }))}
        value={search.order ?? WORKLIST_ORDERS[0]}
        onChange={(order) => {
          change({ order: order === WORKLIST_ORDERS[0] ? undefined : (order as WorklistOrder) });
        }}
      />
      <Button variant="subtle" onClick={clear}>
        {t("common.clear")}
      </Button>
    </Group>
  );
}
