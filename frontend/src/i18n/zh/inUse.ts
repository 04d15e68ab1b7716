/** Words of a model in use. */
export const inUse = {
  inUse: {
    title: "使用情况",
    none: "该模型尚未在您的中心为任何人分期。",
    lead: "各比例附 95 % 区间。约 {{share}} 的相似患者会因偶然被判为不相似；更多则说明送入的图像已发生变化。",
    alarm:
      "图像与训练所用图像不相似的患者多于预期的 {{share}}：设备、设置或患者群体可能已改变。在采信结果之前请查看这些图像；在其上评估模型，或纳入它们重新训练。",
    total: "合计",
    columns: {
      period: "月份",
      answers: "结果数",
      stages: "S0 / S1 / S2 / S3 / S4",
      wide: "不能排除的分期过多",
      unfamiliar: "与训练图像不相似",
      signed: "已签署",
      changed: "分期被修改",
      notStaged: "无法分期",
    },
  },
};
