import { Stack } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/session";
import { Notice } from "~/ui/Notice";
import { Page } from "~/ui/Page";
import { PasswordSection } from "./PasswordSection";
import { SecondFactorSection } from "./SecondFactorSection";
import { SessionsSection } from "./SessionsSection";
import { TokensSection } from "./TokensSection";

/** One's own account. Where a second factor is due, only what sets it up is shown. */
export function AccountPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page title={t("account.title")} lead={t("account.lead")}>
      {me.second_factor_due ? (
        <Notice color="yellow" role="status" icon={<IconShieldLock size={18} aria-hidden />}>
          {t("account.due")}
        </Notice>
      ) : null}
      <Stack gap="md" maw={920}>
        <SecondFactorSection />
        <PasswordSection />
        {me.second_factor_due ? null : (
          <>
            <SessionsSection />
            <TokensSection />
          </>
        )}
      </Stack>
    </Page>
  );
}
