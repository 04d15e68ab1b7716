import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import { ButtonTo } from "~/ui/links";
import { Empty } from "~/ui/states";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("notFound.title")}>
      <Empty title={t("notFound.heading")} action={<ButtonTo to="/">{t("notFound.home")}</ButtonTo>}>
        {t("notFound.text")}
      </Empty>
    </Page>
  );
}
