/** Words of what is said of comparators and transfers. */
export const comparators = {
  comparators: {
    transfers: {
      title: "Transfers",
      none: "No weights were transferred.",
      way: "{{source}} → {{target}}",
      moved_one: "{{count}} tensor moved",
      moved_other: "{{count}} tensors moved",
      kept_one: "{{count}} stayed",
      kept_other: "{{count}} stayed",
      table: "What moved, layer by layer",
      layer: "Layer",
      state: "Weights",
      tensors: "Tensors",
      didMove: "moved",
      stayed: "as drawn",
    },
  },
};
