/** The guided tour: a step for each entry of the side bar that this person has. Loaded when it is asked for. */
import i18next from "i18next";
import type { Me } from "~/api/types";
import { lookUp } from "~/i18n";
import { navigationFor } from "./navigation";

const SEEN = "hepastage.tour";

export interface TourStep {
  element?: string;
  title: string;
  text: string;
}

/** Whether this browser has been offered the tour before. */
export function tourSeen(): boolean {
  return localStorage.getItem(SEEN) !== null;
}

export function rememberTour(): void {
  localStorage.setItem(SEEN, new Date().toISOString());
}

export function tourSteps(me: Me): TourStep[] {
  const t = i18next.t;
  const entries = navigationFor(me).flatMap((item) => {
    const text = lookUp(`tour.step.${item.key}`);
    return text ? [{ element: `[data-tour="${item.key}"]`, title: t(`shell.nav.${item.key}`), text }] : [];
  });
  return [
    { title: t("tour.welcome.title"), text: t("tour.welcome.text") },
    ...entries,
    { title: t("tour.end.title"), text: t("tour.end.text") },
  ];
}

export async function startTour(me: Me): Promise<void> {
  rememberTour();
  const [{ driver }] = await Promise.all([import("driver.js"), import("./tour.css")]);
  const t = i18next.t;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const before = document.activeElement;
  driver({
    steps: tourSteps(me).map(({ element, title, text }) => ({ element, popover: { title, description: text } })),
    animate: !still,
    showProgress: true,
    progressText: t("tour.progress", { current: "{{current}}", total: "{{total}}" }),
    nextBtnText: t("tour.next"),
    prevBtnText: t("tour.back"),
    doneBtnText: t("tour.done"),
    popoverClass: "tour",
    overlayOpacity: 0.5,
    onDestroyed: () => {
      if (before instanceof HTMLElement) before.focus();
    },
  }).drive();
}
