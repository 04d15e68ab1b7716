import { Button, Divider, Group, MultiSelect, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { house, type SiteRow, type UserRow } from "~/api/house";
import { ApiProblem } from "~/api/problem";
import type { Role } from "~/api/types";
import { Failed } from "~/ui/states";
import type { Invited } from "./InvitationLink";

const ROLES: readonly Role[] = ["clinician", "annotator", "researcher", "administrator"];

interface PersonFormProps {
  person: UserRow | null;
  sites: readonly SiteRow[];
  done: () => void;
  invited: (link: Invited) => void;
}

/** A new person, or what may be changed of one. */
export function PersonForm({ person, sites, done, invited }: PersonFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState({
    username: person?.username ?? "",
    first_name: person?.first_name ?? "",
    last_name: person?.last_name ?? "",
    email: person?.email ?? "",
    role: (person?.role ?? "clinician") as Role,
    is_active: person?.is_active ?? true,
    sites: (person?.sites ?? []) as string[],
  });
  const refresh = () => client.invalidateQueries({ queryKey: ["users"] });
  const save = useMutation({
    mutationFn: async () => {
      const { username, ...changes } = form;
      if (person) {
        await house.changeUser(person.id, changes);
        return null;
      }
      return house.makeUser({ username, ...changes });
    },
    onSuccess: async (made) => {
      await refresh();
      if (made) invited({ name: made.user.display_name, path: made.path });
      else done();
    },
  });
  const problem = save.error instanceof ApiProblem ? save.error.errors : {};
  const field = (name: "username" | "first_name" | "last_name" | "email") => ({
    value: form[name],
    error: problem[name]?.join(" "),
    onChange: (event: { currentTarget: { value: string } }) => {
      setForm({ ...form, [name]: event.currentTarget.value });
    },
  });
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="sm">
        {person ? null : (
          <TextInput label={t("people.username")} required withAsterisk={false} data-autofocus {...field("username")} />
        )}
        <Group grow>
          <TextInput label={t("people.firstName")} {...field("first_name")} />
          <TextInput label={t("people.lastName")} {...field("last_name")} />
        </Group>
        <TextInput label={t("people.email")} type="email" {...field("email")} />
        <Select
          label={t("people.role")}
          allowDeselect={false}
          data={ROLES.map((value) => ({ value, label: t(`common.role.${value}`) }))}
          value={form.role}
          onChange={(role) => {
            if (role) setForm({ ...form, role });
          }}
        />
        <MultiSelect
          label={t("people.sites")}
          data={sites.map((site) => ({ value: site.id, label: `${site.code} · ${site.name}` }))}
          value={form.sites}
          onChange={(chosen) => {
            setForm({ ...form, sites: chosen });
          }}
        />
        {person ? (
          <Switch
            label={t("people.active")}
            checked={form.is_active}
            onChange={(event) => {
              setForm({ ...form, is_active: event.currentTarget.checked });
            }}
          />
        ) : null}
        {save.error ? <Failed error={save.error} compact /> : null}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t("people.save")}
          </Button>
        </Group>
        {person ? <Help person={person} done={done} invited={invited} /> : null}
      </Stack>
    </form>
  );
}

/** What helps after a forgotten password or a lost phone. */
function Help({ person, done, invited }: { person: UserRow; done: () => void; invited: (link: Invited) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const settled = async () => {
    await client.invalidateQueries({ queryKey: ["users"] });
    done();
  };
  const invite = useMutation({
    mutationFn: () => house.invite(person.id),
    onSuccess: (link) => {
      invited({ name: person.display_name, path: link.path });
    },
  });
  const signOut = useMutation({ mutationFn: () => house.signOutUser(person.id), onSuccess: settled });
  const reset = useMutation({ mutationFn: () => house.resetSecondFactor(person.id), onSuccess: settled });
  const error = invite.error ?? signOut.error ?? reset.error;
  const name = person.display_name;
  return (
    <>
      <Divider />
      {error ? <Failed error={error} compact /> : null}
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Button
          size="xs"
          variant="default"
          loading={invite.isPending}
          onClick={() => {
            invite.mutate();
          }}
        >
          {t("people.invite")}
        </Button>
        <Text size="xs" c="dimmed">
          {t("people.linkText", { name })}
        </Text>
      </Group>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Button
          size="xs"
          variant="default"
          loading={signOut.isPending}
          onClick={() => {
            signOut.mutate();
          }}
        >
          {t("people.signOut")}
        </Button>
        <Text size="xs" c="dimmed">
          {t("people.signOutText", { name })}
        </Text>
      </Group>
      {person.has_second_factor ? (
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Button
            size="xs"
            variant="default"
            loading={reset.isPending}
            onClick={() => {
              reset.mutate();
            }}
          >
            {t("people.resetFactor")}
          </Button>
          <Text size="xs" c="dimmed">
            {t("people.resetText", { name })}
          </Text>
        </Group>
      ) : null}
    </>
  );
}
