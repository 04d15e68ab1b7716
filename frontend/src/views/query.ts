/** Which saved view an address is, whatever the order of its filters. */
import { readSearch } from "~/pages/search";

/** Filters without the place in the list, in one order. */
export function filtersOf(search: string): string {
  const filters = Object.entries(readSearch(search)).filter(([name]) => name !== "cursor");
  return new URLSearchParams(filters.sort(([a], [b]) => a.localeCompare(b))).toString();
}

export function isOpen(view: { query: string }, search: string): boolean {
  return filtersOf(view.query) === filtersOf(search);
}
