import { Badge, Button, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { house, houseQueries } from "~/api/house";
import { NOTHING, useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";
import { browserName } from "./browserName";
import { Section } from "./Section";

export function SessionsSection() {
  const { t } = useTranslation();
  const format = useFormats();
  const client = useQueryClient();
  const sessions = useQuery(houseQueries.sessions());
  const revoke = useMutation({
    mutationFn: house.revokeSession,
    onSuccess: () => client.invalidateQueries({ queryKey: ["account", "sessions"] }),
  });
  const rows = sessions.data?.results ?? [];
  return (
    <Section title={t("account.sessions.title")}>
      {sessions.isPending ? <Loading rows={2} /> : null}
      {sessions.error ? <Failed error={sessions.error} retry={() => void sessions.refetch()} compact /> : null}
      {revoke.error ? <Failed error={revoke.error} compact /> : null}
      {sessions.data && !rows.length ? (
        <Text size="sm" c="dimmed">
          {t("account.sessions.none")}
        </Text>
      ) : null}
      {rows.length ? (
        <Table data-testid="sessions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("account.sessions.browser")}</Table.Th>
              <Table.Th>{t("account.sessions.address")}</Table.Th>
              <Table.Th>{t("account.sessions.since")}</Table.Th>
              <Table.Th>{t("account.sessions.seen")}</Table.Th>
              <Table.Th>{t("common.action")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td title={row.browser}>{browserName(row.browser)}</Table.Td>
                <Table.Td>{row.address || NOTHING}</Table.Td>
                <Table.Td>{format.moment(row.created_at)}</Table.Td>
                <Table.Td>{format.moment(row.seen_at)}</Table.Td>
                <Table.Td>
                  {row.current ? (
                    <Badge variant="default" tt="none">
                      {t("account.sessions.here")}
                    </Badge>
                  ) : (
                    <Button
                      size="compact-sm"
                      variant="default"
                      loading={revoke.isPending && revoke.variables === row.id}
                      onClick={() => {
                        revoke.mutate(row.id);
                      }}
                    >
                      {t("account.sessions.revoke")}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
    </Section>
  );
}
