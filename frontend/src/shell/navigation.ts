/** What stands in the side bar, for whom. One table: a link is shown to those whom the server lets in. */
import type { Me, Role } from "~/api/types";

interface Entry {
  to: string;
  key: string;
  section: "work" | "research" | "operation";
  permission?: string;
  roles?: readonly Role[];
}

export const NAVIGATION = [
  { to: "/", key: "home", section: "work" },
  { to: "/upload", key: "upload", section: "work", permission: "uploads.create" },
  { to: "/quarantine", key: "quarantine", section: "work", permission: "quarantine.list" },
  { to: "/worklist", key: "worklist", section: "work", permission: "exams.list" },
  { to: "/patients", key: "patients", section: "work", permission: "patients.list" },
  { to: "/reading", key: "reading", section: "work", permission: "read-assignments.queue" },
  { to: "/cohort", key: "cohort", section: "research", permission: "datasets.preview" },
  { to: "/datasets", key: "datasets", section: "research", permission: "datasets.list" },
  { to: "/runs", key: "runs", section: "research", permission: "runs.list" },
  { to: "/experiments", key: "experiments", section: "research", permission: "experiments.list" },
  { to: "/compare", key: "compare", section: "research", permission: "runs.list" },
  { to: "/segmenters", key: "segmenters", section: "research", permission: "segmenters.list" },
  { to: "/models", key: "models", section: "research", permission: "models.list" },
  { to: "/jobs", key: "jobs", section: "operation", roles: ["researcher", "administrator"] },
  { to: "/people", key: "people", section: "operation", permission: "users.list" },
  { to: "/system", key: "system", section: "operation", permission: "system.get" },
  { to: "/audit", key: "audit", section: "operation", permission: "audit.list" },
] as const satisfies readonly Entry[];

type Known = (typeof NAVIGATION)[number];
export type NavItem = Entry & Pick<Known, "to" | "key">;

export function navigationFor(me: Me): NavItem[] {
  return (NAVIGATION as readonly NavItem[]).filter(
    (item) =>
      (!item.permission || me.permissions.includes(item.permission)) && (!item.roles || item.roles.includes(me.role)),
  );
}
