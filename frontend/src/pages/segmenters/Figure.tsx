import { useTranslation } from "react-i18next";
import { exampleUrl } from "~/api/segmenters";

/** One overlay, as the training drew it. */
export function Figure({ id, number, count }: { id: string; number: number; count: number }) {
  const { t } = useTranslation();
  return (
    <img
      src={exampleUrl(id, number)}
      alt={t("segmenters.example", { number: number + 1, count })}
      loading="lazy"
      style={{ width: "100%", height: "auto", borderRadius: 4, background: "black" }}
    />
  );
}
