import { Button, Code, CopyButton, Group, NumberInput, Select, Table, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { spoken } from "~/i18n";
import { type ApiToken, house, houseQueries } from "~/api/house";
import { useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";
import { Confirm } from "~/ui/Confirm";
import { Notice } from "~/ui/Notice";
import { Section } from "./Section";

const SCOPES = ["read", "write"] as const;

export function TokensSection() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tokens = useQuery(houseQueries.tokens());
  const [name, setName] = useState("");
  const [scope, setScope] = useState<(typeof SCOPES)[number]>("read");
  const [days, setDays] = useState(90);
  const again = () => client.invalidateQueries({ queryKey: ["account", "tokens"] });
  const make = useMutation({ mutationFn: () => house.makeToken({ name, scope, days }), onSuccess: again });
  const revoke = useMutation({ mutationFn: house.revokeToken, onSuccess: again });
  const rows = tokens.data?.results ?? [];
  return (
    <Section title={t("account.tokens.title")} lead={t("account.tokens.why")}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            w={240}
            label={t("account.tokens.name")}
            required
            withAsterisk={false}
            maxLength={80}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Select
            w={160}
            label={t("account.tokens.scope.title")}
            allowDeselect={false}
            data={SCOPES.map((value) => ({ value, label: t(`account.tokens.scope.${value}`) }))}
            value={scope}
            onChange={(value) => {
              if (value) setScope(value);
            }}
          />
          <NumberInput
            w={140}
            label={t("account.tokens.days")}
            min={1}
            max={366}
            value={days}
            onChange={(value) => {
              setDays(Number(value) || 1);
            }}
          />
          <Button type="submit" variant="default" loading={make.isPending}>
            {t("account.tokens.make")}
          </Button>
        </Group>
      </form>
      {make.error ? <Failed error={make.error} compact /> : null}
      {revoke.error ? <Failed error={revoke.error} compact /> : null}
      {make.data ? (
        <Notice color="yellow" title={t("account.tokens.made")} role="status">
          <Group gap="sm">
            <Code data-testid="made-token">{make.data.token}</Code>
            <Copy text={make.data.token} />
          </Group>
        </Notice>
      ) : null}
      {tokens.isPending ? <Loading rows={2} /> : null}
      {tokens.error ? <Failed error={tokens.error} retry={() => void tokens.refetch()} compact /> : null}
      {tokens.data && !rows.length ? (
        <Text size="sm" c="dimmed">
          {t("account.tokens.none")}
        </Text>
      ) : null}
      {rows.length ? (
        <Rows
          rows={rows}
          revoke={(id) => {
            revoke.mutate(id);
          }}
        />
      ) : null}
    </Section>
  );
}

/** A button that copies and says so. */
export function Copy({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="compact-sm" variant="default" onClick={copy}>
          {copied ? t("account.copied") : t("account.copy")}
        </Button>
      )}
    </CopyButton>
  );
}

function Rows({ rows, revoke }: { rows: readonly ApiToken[]; revoke: (id: string) => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<ApiToken | null>(null);
  const format = useFormats();
  const now = new Date().toISOString();
  return (
    <>
    <Confirm
      opened={asking !== null}
      title={t("removed.token", { name: asking?.name })}
      action={t("account.tokens.revoke")}
      danger
      close={() => {
        setAsking(null);
      }}
      confirm={() => {
        if (asking) revoke(asking.id);
        setAsking(null);
      }}
    >
      {t("removed.tokenText")}
    </Confirm>
    <Table data-testid="tokens">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("account.tokens.name")}</Table.Th>
          <Table.Th>{t("account.tokens.scope.title")}</Table.Th>
          <Table.Th>{t("account.tokens.begins")}</Table.Th>
          <Table.Th>{t("account.tokens.ends")}</Table.Th>
          <Table.Th>{t("account.tokens.used")}</Table.Th>
          <Table.Th>{t("common.action")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id}>
            <Table.Td>{spoken(row.name)}</Table.Td>
            <Table.Td>{t(`account.tokens.scope.${row.scope ?? "read"}`)}</Table.Td>
            <Table.Td>
              <Code>{row.beginning}…</Code>
            </Table.Td>
            <Table.Td>{format.date(row.expires_at)}</Table.Td>
            <Table.Td>{row.last_used_at ? format.moment(row.last_used_at) : t("account.tokens.never")}</Table.Td>
            <Table.Td>
              {row.revoked_at ? (
                t("account.tokens.revoked")
              ) : row.expires_at && Date.parse(row.expires_at) < Date.parse(now) ? (
                t("account.tokens.expired")
              ) : (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    setAsking(row);
                  }}
                >
                  {t("account.tokens.revoke")}
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
    </>
  );
}
