import { Badge, Button, Group, Paper, Stack, Table, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { houseQueries, type SiteRow, type UserRow } from "~/api/house";
import { CursorPager } from "~/ui/CursorPager";
import { Dialog } from "~/ui/Dialog";
import { useFormats } from "~/ui/formats";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { InvitationLink, type Invited } from "./InvitationLink";
import { PersonForm } from "./PersonForm";
import { SitesSection } from "./SitesSection";

const route = getRouteApi("/shell/people");

/** Who may sign in, as what, for which sites; and the sites themselves. */
export function PeoplePage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const users = useQuery(houseQueries.users(search));
  const sites = useQuery(houseQueries.sites());
  const [editing, setEditing] = useState<UserRow | "new" | null>(null);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [text, setText] = useState(search.search ?? "");
  const rows = users.data?.results ?? [];
  const all = sites.data?.results ?? [];
  return (
    <Page
      title={t("people.title")}
      lead={t("people.lead")}
      actions={
        <Button
          onClick={() => {
            setEditing("new");
          }}
        >
          {t("people.add")}
        </Button>
      }
    >
      <form
        role="search"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void navigate({ search: { search: text || undefined } });
        }}
      >
        <Group gap="xs" align="flex-end">
          <TextInput
            label={t("people.search")}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
          />
          <Button type="submit" variant="default">
            {t("audit.search")}
          </Button>
        </Group>
      </form>
      {users.isPending ? <Loading rows={5} /> : null}
      {users.error ? <Failed error={users.error} retry={() => void users.refetch()} /> : null}
      {users.data && !rows.length ? <Empty title={t("people.none.title")}>{t("people.none.text")}</Empty> : null}
      {rows.length ? (
        <Paper p={0} style={{ overflowX: "auto" }}>
          <Rows rows={rows} sites={all} change={setEditing} />
        </Paper>
      ) : null}
      {users.data ? (
        <CursorPager
          page={users.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
      <SitesSection sites={all} />
      <Dialog
        opened={editing !== null}
        close={() => {
          setEditing(null);
        }}
        title={editing === "new" ? t("people.add") : (editing?.display_name ?? "")}
      >
        {editing !== null ? (
          <PersonForm
            person={editing === "new" ? null : editing}
            sites={all}
            done={() => {
              setEditing(null);
            }}
            invited={(link) => {
              setEditing(null);
              setInvited(link);
            }}
          />
        ) : null}
      </Dialog>
      <Dialog
        opened={invited !== null}
        close={() => {
          setInvited(null);
        }}
        title={t("people.link")}
      >
        {invited ? <InvitationLink invited={invited} /> : null}
      </Dialog>
    </Page>
  );
}

function Rows({
  rows,
  sites,
  change,
}: {
  rows: readonly UserRow[];
  sites: readonly SiteRow[];
  change: (row: UserRow) => void;
}) {
  const { t } = useTranslation();
  const format = useFormats();
  const codes = new Map(sites.map((site) => [site.id, site.code]));
  return (
    <Table miw={900} data-testid="people">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("people.username")}</Table.Th>
          <Table.Th>{t("people.name")}</Table.Th>
          <Table.Th>{t("people.role")}</Table.Th>
          <Table.Th>{t("people.sites")}</Table.Th>
          <Table.Th>{t("people.secondFactor")}</Table.Th>
          <Table.Th>{t("people.lastSeen")}</Table.Th>
          <Table.Th>{t("common.action")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id} data-user={row.username}>
            <Table.Td>
              <Stack gap={2} align="flex-start">
                {row.username}
                {row.is_active ? null : (
                  <Badge variant="default" tt="none">
                    {t("people.inactive")}
                  </Badge>
                )}
              </Stack>
            </Table.Td>
            <Table.Td>{row.display_name}</Table.Td>
            <Table.Td>{t(`common.role.${row.role}`)}</Table.Td>
            <Table.Td>{row.sites.map((id: string) => codes.get(id) ?? "").join(", ")}</Table.Td>
            <Table.Td>{row.has_second_factor ? t("people.yes") : t("people.no")}</Table.Td>
            <Table.Td>{row.last_login ? format.moment(row.last_login) : t("people.never")}</Table.Td>
            <Table.Td>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  change(row);
                }}
              >
                {t("people.change")}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
