import { Alert, Anchor, Badge, Button, Chip, Code, Group, Paper, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import type { QuarantineItem } from "~/api/types";
import { WAITING_STATES } from "~/pages/search";
import { BandBadge, SimulatedBadge } from "~/ui/badges";
import { CursorPager } from "~/ui/CursorPager";
import { ExportTable } from "~/ui/ExportTable";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { textOf } from "~/ui/problemText";
import { Empty, Failed, Loading } from "~/ui/states";
import { SavedViews } from "~/views/SavedViews";
import { DecideDialog } from "./DecideDialog";
import { Strip } from "./Pictures";

const route = getRouteApi("/shell/quarantine");

export function QuarantinePage() {
  const { t } = useTranslation();
  const format = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = search.state ?? "waiting";
  const summary = useQuery(queries.quarantineSummary());
  const items = useQuery(queries.quarantine({ state, code: search.code, cursor: search.cursor, page_size: 20 }));
  const [open, setOpen] = useState<QuarantineItem | null>(null);
  const [told, setTold] = useState<{ done: number; failed: number } | null>(null);
  const rows = items.data?.results ?? [];
  const codes = Object.keys(summary.data?.waiting_by_code ?? {});

  return (
    <Page title={t("quarantine.title")} lead={t("quarantine.lead", { days: summary.data?.days ?? 30 })}
      actions={
        <>
        <SavedViews page="quarantine" />
        <ExportTable<QuarantineItem>
          name={`quarantine-${state}`}
          columns={[
            [t("common.code"), (row) => row.code],
            [t("common.stateLabel"), (row) => t(`quarantine.state.${row.state}`)],
            [t("common.site"), (row) => row.site],
            [t("records.device"), (row) => row.device],
            [t("common.created"), (row) => row.created_at],
            [t("common.action"), (row) => row.decision],
            [t("common.by"), (row) => row.decided_by],
            [t("patient.reason"), (row) => row.reason],
          ]}
          page={(cursor) => api.quarantine({ state, code: search.code, page_size: 200, cursor })}
        />
        </>
      }
    >
      <Group gap="md" role="group" aria-label={t("quarantine.filters")} align="flex-end">
        <Chip.Group
          value={state}
          onChange={(value) => {
            void navigate({ search: { state: value as typeof state, code: search.code }, replace: true });
          }}
        >
          <Group gap="xs">
            {WAITING_STATES.map((one) => (
              <Chip key={one} value={one} size="xs">
                {t(`quarantine.state.${one}`)} · {format.count(summary.data?.states[one] ?? 0)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Select
          size="xs"
          label={t("quarantine.reason")}
          placeholder={t("quarantine.allReasons")}
          clearable
          w={320}
          value={search.code ?? null}
          data={codes.map((code) => ({ value: code, label: textOf({ code, message: code, remedy: "" }).message }))}
          onChange={(code) => {
            void navigate({ search: { state: search.state, code: code ?? undefined }, replace: true });
          }}
        />
      </Group>
      {told ? (
        <Alert role="status" color={told.failed ? "orange" : "green"} withCloseButton onClose={() => { setTold(null); }} closeButtonLabel={t("common.close")}>
          {t("quarantine.result", { count: told.done })}
          {told.failed ? ` ${t("quarantine.someFailed", { count: told.failed })}` : ""}
        </Alert>
      ) : null}
      {items.isPending ? <Loading rows={4} height={120} /> : null}
      {items.error ? <Failed error={items.error} retry={() => void items.refetch()} /> : null}
      {items.data && !rows.length ? (
        state === "waiting" && !search.code ? (
          <Empty title={t("quarantine.none.title")}>{t("quarantine.none.text")}</Empty>
        ) : (
          <Empty title={t("quarantine.noneOf.title")}>{t("quarantine.noneOf.text")}</Empty>
        )
      ) : null}
      <Stack gap="sm" data-testid="quarantine-list" style={{ opacity: items.isPlaceholderData ? 0.6 : 1 }}>
        {rows.map((item) => (
          <Row
            key={item.id}
            item={item}
            decide={() => {
              setTold(null);
              setOpen(item);
            }}
          />
        ))}
      </Stack>
      {items.data ? (
        <CursorPager
          page={items.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
      {open ? (
        <DecideDialog
          key={open.id}
          item={open}
          close={() => {
            setOpen(null);
          }}
          decided={(done, failed) => {
            setOpen(null);
            setTold({ done, failed });
          }}
        />
      ) : null}
    </Page>
  );
}

function Row({ item, decide }: { item: QuarantineItem; decide: () => void }) {
  const { t } = useTranslation();
  const format = useFormats();
  const text = textOf(item);
  const { look } = item;
  const open = item.state === "waiting" || item.state === "refused";
  return (
    <Paper data-item={item.id} data-code={item.code}>
      <Group align="flex-start" gap="md" wrap="wrap">
        {item.state === "refused" ? null : <Strip item={item} />}
        <Stack gap={4} flex={1} miw={260}>
          <Text fw={600}>{text.message}</Text>
          <Group gap="xs">
            <Code fz="xs">{text.code}</Code>
            <Badge variant="default" tt="none">
              {item.site}
            </Badge>
            {look?.band === "HF" || look?.band === "LF" ? <BandBadge band={look.band} /> : null}
            {look?.simulated ? <SimulatedBadge /> : null}
          </Group>
          <Text size="sm">
            {item.device || t("quarantine.unknownDevice")}
            {look ? ` · ${look.columns} × ${look.rows} · ${t("quarantine.frames", { count: look.frames })}` : ""}
            {` · ${format.bytes(item.size)}`}
          </Text>
          {look ? <Text size="sm">{t(`quarantine.source.${look.proposal_source}`)}</Text> : null}
          {look?.text.length ? <Text size="sm">{t("quarantine.text", { count: look.text.length })}</Text> : null}
          {item.note ? <Text size="sm">{t("quarantine.withdrawnNote", { note: item.note })}</Text> : null}
          <Text size="xs" c="dimmed">
            {t("quarantine.arrived", { when: format.moment(item.created_at) })}
            {item.has_original
              ? item.expires_at
                ? ` · ${t("quarantine.expires", { when: format.date(item.expires_at) })}`
                : ""
              : ` · ${t("quarantine.originalGone")}`}
          </Text>
          {item.decided_at ? (
            <Text size="sm">
              {t("quarantine.decided", {
                action: t(`quarantine.done.${(item.decision || "remove") as "release" | "mask" | "remove"}`),
                who: item.decided_by ?? t("quarantine.nobody"),
                when: format.moment(item.decided_at),
              })}
              {`: ${item.reason}`}
            </Text>
          ) : null}
          <Group gap="sm" mt={4}>
            {open ? (
              <Button size="xs" onClick={decide}>
                {t("quarantine.decide")}
              </Button>
            ) : null}
            {item.file && item.upload && item.has_original && item.code !== "withdrawn" ? (
              <Anchor size="sm" href={`/api/v1/uploads/${item.upload}/files/${item.file}/original/`} download>
                {t("quarantine.original")}
              </Anchor>
            ) : null}
            {item.exam ? (
              <LinkTo size="sm" to="/cases/$examId" params={{ examId: item.exam }}>
                {t("quarantine.openCase")}
              </LinkTo>
            ) : null}
          </Group>
        </Stack>
      </Group>
    </Paper>
  );
}
