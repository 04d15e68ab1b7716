/** 对照模型与迁移的用语。 */
export const comparators = {
  comparators: {
    transfers: {
      title: "迁移",
      none: "没有迁移权重。",
      way: "{{source}} → {{target}}",
      moved_one: "迁移 {{count}} 个张量",
      moved_other: "迁移 {{count}} 个张量",
      kept_one: "保留 {{count}} 个",
      kept_other: "保留 {{count}} 个",
      table: "逐层迁移记录",
      layer: "层",
      state: "权重",
      tensors: "张量",
      didMove: "已迁移",
      stayed: "保持初始值",
    },
  },
};
