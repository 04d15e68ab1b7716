import { Button, Code, Group, Image, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Enrolment, house, houseQueries } from "~/api/house";
import { Dialog } from "~/ui/Dialog";
import { Failed, Loading } from "~/ui/states";
import { Notice } from "~/ui/Notice";
import { Section } from "./Section";

type Step = { kind: "none" } | { kind: "password"; then: "set-up" | "remove" } | { kind: "scan"; enrolment: Enrolment };

/** Setting up: password, picture and first code, recovery codes. Removing: password. */
export function SecondFactorSection() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const state = useQuery(houseQueries.secondFactor());
  const [step, setStep] = useState<Step>({ kind: "none" });
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => {
    setStep({ kind: "none" });
  };
  return (
    <Section
      title={t("account.secondFactor.title")}
      lead={t("account.secondFactor.why")}
      actions={
        state.data && !codes ? (
          <Button
            variant={state.data.enabled ? "default" : "filled"}
            onClick={() => {
              setStep({ kind: "password", then: state.data.enabled ? "remove" : "set-up" });
            }}
          >
            {state.data.enabled ? t("account.secondFactor.remove") : t("account.secondFactor.setUp")}
          </Button>
        ) : null
      }
    >
      {state.isPending ? <Loading rows={1} /> : null}
      {state.error ? <Failed error={state.error} retry={() => void state.refetch()} compact /> : null}
      {state.data ? (
        <Text size="sm" data-testid="second-factor" data-enabled={state.data.enabled}>
          {state.data.enabled
            ? t("account.secondFactor.on", { count: state.data.recovery_codes_left })
            : t("account.secondFactor.off")}
        </Text>
      ) : null}
      {codes ? (
        <RecoveryCodes
          codes={codes}
          kept={() => {
            // A full load: what was closed before the second factor was set up is open now.
            location.assign("/account");
          }}
        />
      ) : null}
      <Dialog
        opened={step.kind === "password"}
        close={close}
        title={t("account.secondFactor.title")}
      >
        {step.kind === "password" ? (
          <AskPassword
            remove={step.then === "remove"}
            begun={(enrolment) => {
              setStep({ kind: "scan", enrolment });
            }}
            removed={() => {
              close();
              void client.invalidateQueries({ queryKey: ["account"] });
            }}
          />
        ) : null}
      </Dialog>
      <Dialog opened={step.kind === "scan"} close={close} title={t("account.secondFactor.title")}>
        {step.kind === "scan" ? (
          <Scan
            enrolment={step.enrolment}
            confirmed={(shown) => {
              close();
              setCodes(shown);
              void client.invalidateQueries({ queryKey: ["account"] });
            }}
          />
        ) : null}
      </Dialog>
    </Section>
  );
}

function AskPassword({
  remove,
  begun,
  removed,
}: {
  remove: boolean;
  begun: (enrolment: Enrolment) => void;
  removed: () => void;
}) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const go = useMutation({
    mutationFn: async () => {
      if (remove) await house.removeSecondFactor(password);
      return remove ? null : house.beginSecondFactor(password);
    },
    onSuccess: (enrolment) => {
      if (enrolment) begun(enrolment);
      else removed();
    },
  });
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        go.mutate();
      }}
    >
      <Stack>
        {remove ? <Text size="sm">{t("account.secondFactor.removeText")}</Text> : null}
        <PasswordInput
          label={t("account.presentPassword")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        {go.error ? <Failed error={go.error} compact /> : null}
        <Button type="submit" color={remove ? "red" : undefined} loading={go.isPending}>
          {remove ? t("account.secondFactor.remove") : t("account.secondFactor.setUp")}
        </Button>
      </Stack>
    </form>
  );
}

function Scan({ enrolment, confirmed }: { enrolment: Enrolment; confirmed: (codes: string[]) => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => house.confirmSecondFactor({ ticket: enrolment.ticket, code }),
    onSuccess: (answer) => {
      confirmed(answer.recovery_codes);
    },
  });
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack>
        <Text size="sm">{t("account.secondFactor.scan")}</Text>
        {/* On white whatever the scheme: cameras read dark on light. */}
        <Image
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(enrolment.picture)}`}
          alt={t("account.secondFactor.picture")}
          w={200}
          h={200}
          bg="white"
          p="xs"
          mx="auto"
        />
        <Text size="sm">
          {t("account.secondFactor.key")} <Code data-testid="totp-key">{enrolment.secret}</Code>
        </Text>
        <TextInput
          label={t("code.label")}
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          withAsterisk={false}
          data-autofocus
          value={code}
          onChange={(event) => {
            setCode(event.currentTarget.value);
          }}
        />
        {confirm.error ? <Failed error={confirm.error} compact /> : null}
        <Button type="submit" loading={confirm.isPending}>
          {t("account.secondFactor.confirm")}
        </Button>
      </Stack>
    </form>
  );
}

function RecoveryCodes({ codes, kept }: { codes: string[]; kept: () => void }) {
  const { t } = useTranslation();
  return (
    <Notice color="yellow" title={t("account.secondFactor.codes")} role="status">
      <Stack gap="sm">
        <Text size="sm">{t("account.secondFactor.codesText")}</Text>
        <Group gap="xs" data-testid="recovery-codes">
          {codes.map((code) => (
            <Code key={code}>{code}</Code>
          ))}
        </Group>
        <Group>
          <Button size="xs" onClick={kept}>
            {t("account.secondFactor.kept")}
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}
