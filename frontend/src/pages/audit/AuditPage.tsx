import { Button, Code, Group, Paper, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { AuditRow } from "~/api/types";
import type { AuditSearch } from "~/pages/search";
import { CursorPager } from "~/ui/CursorPager";
import { NOTHING, useFormats } from "~/ui/formats";
import { Page } from "~/ui/Page";
import { Wide } from "~/ui/Wide";
import { Empty, Failed, Loading } from "~/ui/states";
import { SavedViews } from "~/views/SavedViews";

const route = getRouteApi("/shell/audit");

/** Who did what to which record, when and from where. */
export function AuditPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const wanted = {
    search: search.search,
    actor_name: search.actor,
    action: search.action,
    object_id: search.object,
    after: search.after ? new Date(search.after).toISOString() : undefined,
    before: search.before ? new Date(search.before).toISOString() : undefined,
  };
  const audit = useQuery(queries.audit({ ...wanted, cursor: search.cursor }));
  const rows = audit.data?.results ?? [];
  const blind = rows.some((row) => !row.hash); // the server leaves them out for who is to read blindly
  return (
    <Page title={t("audit.title")} lead={t("audit.lead")} actions={<SavedViews page="audit" />}>
      <Filters
        key={JSON.stringify({ ...search, cursor: undefined })}
        search={search}
        apply={(wanted) => {
          void navigate({ search: wanted });
        }}
      />
      <Group gap="sm" wrap="wrap">
        {blind ? null : (
          <Button component="a" href={exportAddress(wanted)} download variant="default" size="xs">
            {t("audit.export")}
          </Button>
        )}
        <Text size="xs" c="dimmed">
          {t(blind ? "audit.blind" : "audit.exportHint")}
        </Text>
      </Group>
      {audit.isPending ? <Loading rows={10} /> : null}
      {audit.error ? <Failed error={audit.error} retry={() => void audit.refetch()} /> : null}
      {audit.data && !rows.length ? <Empty title={t("audit.none.title")}>{t("audit.none.text")}</Empty> : null}
      {rows.length ? (
        <Paper p={0}>
          <Wide label={t("audit.title")}>
            <Table miw={900} verticalSpacing={5} horizontalSpacing="xs" data-testid="audit">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th ta="right">{t("audit.number")}</Table.Th>
                  <Table.Th>{t("audit.when")}</Table.Th>
                  <Table.Th>
                    {t("audit.who")} · {t("audit.address")}
                  </Table.Th>
                  <Table.Th>{t("audit.action")}</Table.Th>
                  <Table.Th>{t("audit.object")}</Table.Th>
                  <Table.Th>{t("common.site")}</Table.Th>
                  <Table.Th>{t("audit.detail")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Row key={row.number} row={row} />
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        </Paper>
      ) : null}
      {audit.data ? (
        <CursorPager
          page={audit.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
    </Page>
  );
}

/** Everything that the filter leaves, not only this page of it. */
function exportAddress(filter: Record<string, string | undefined>): string {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `/api/v1/audit/export/?${new URLSearchParams(given).toString()}`;
}

function Filters({ search, apply }: { search: AuditSearch; apply: (search: AuditSearch) => void }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<AuditSearch>({ ...search, cursor: undefined });
  const boxes = [
    { key: "search", label: t("audit.anywhere"), type: "text" },
    { key: "actor", label: t("audit.who"), type: "text" },
    { key: "action", label: t("audit.action"), type: "text" },
    { key: "object", label: t("audit.objectId"), type: "text" },
    { key: "after", label: t("audit.after"), type: "datetime-local" },
    { key: "before", label: t("audit.before"), type: "datetime-local" },
  ] as const;
  return (
    <Group
      component="form"
      gap="xs"
      align="flex-end"
      role="search"
      aria-label={t("audit.filters")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        apply(wanted);
      }}
    >
      {boxes.map(({ key, label, type }) => (
        <TextInput
          key={key}
          label={label}
          type={type}
          w={type === "text" ? 140 : 190}
          value={wanted[key] ?? ""}
          onChange={(event) => {
            setWanted({ ...wanted, [key]: event.currentTarget.value || undefined });
          }}
        />
      ))}
      <Button type="submit">{t("audit.search")}</Button>
      <Button
        variant="subtle"
        onClick={() => {
          apply({});
        }}
      >
        {t("common.clear")}
      </Button>
    </Group>
  );
}

function plain(text: string): string {
  // Identifiers and hashes by their first eight digits, as everywhere else; the whole is in the tooltip.
  return text.replace(/\b([0-9a-f]{8})[0-9a-f-]{20,}\b/g, "$1");
}

function Row({ row }: { row: AuditRow }) {
  const { t } = useTranslation();
  const format = useFormats();
  const detail = Object.entries(row.detail ?? {}).map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return (
    <Table.Tr>
      <Table.Td ta="right">{row.number}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{format.moment(row.at)}</Table.Td>
      <Table.Td style={{ overflowWrap: "break-word" }}>
        {row.actor_name || NOTHING}
        {row.address ? (
          <Text size="xs" c="dimmed">
            {row.address}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <Code>{row.action}</Code>
      </Table.Td>
      <Table.Td>
        {row.object_type} <Code>{row.object_id.slice(0, 8)}</Code>
      </Table.Td>
      <Table.Td>{row.site ?? NOTHING}</Table.Td>
      <Table.Td miw={150} maw={340}>
        <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }} lineClamp={3} title={detail.join("\n")}>
          {detail.map(plain).join("; ")}
        </Text>
        {row.withheld ? (
          <Text size="xs" c="dimmed">
            {t("audit.withheld")}
          </Text>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
