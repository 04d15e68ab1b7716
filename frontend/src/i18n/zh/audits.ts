/** 数据集入库审查的文字。 */
import type { audits as english } from "../en/audits";

export const audits: typeof english = {
  intakeAudit: {
    title: "入库审查",
    lead: "此版本中有哪些因素会让网络不看肝脏也能得分。",
    none: "此版本冻结时尚无审查功能。请重新冻结已标注的图像对以获得审查。",
    severity: { fine: "正常", notice: "留意", warning: "警告" },
    byChance: "随机期望 {{expected}}",
    p: "p = {{p}}",
    measure: "{{measure}} {{effect}}",
    picture: "{{patient}} 的图像（{{part}}）",
    same: "相似度 {{correlation}}",
    counts: "各{{subject}}各期患者数",
    subject: { site: "中心", scanner: "设备", format: "图像尺寸", kind: "静态或动态" },
    question: {
      "exact-duplicates": "是否有同一图像出现两次？",
      "near-duplicates": "是否有同一图像以不同方式保存后出现两次？",
      "labels-follow-order": "分期是否跟随患者到来的顺序？",
      "labels-drift": "分期构成是否随时间变化？",
      confounded: "{{subject}}能否透露分期？",
    },
    answer: {
      none: "没有两位患者共用同一图像。",
      pairs: "不同患者之间有 {{count}} 对；请看它们所在的部分。",
      "labels-follow-order": "下一位患者分期相同的比例",
      "labels-drift": "分期与顺序的 Spearman 秩相关",
      confounded: "Cramér's V（偏差校正）",
      same: "所有患者相同。",
    },
    remedy: {
      "exact-duplicates": "请查明图像属于谁。若两份记录为同一患者，请合并后重新冻结。",
      "near-duplicates": "请查明图像属于谁。若两份记录为同一患者，请合并后重新冻结。",
      "labels-follow-order": "按分期排序送来的文件，除肝脏外还可能在日期、设备、导出方式上不同。请比较其采集方式。",
      "labels-drift": "请确认设备设置未随分期构成一同变化。",
      confounded: "网络可能学到{{subject}}而非肝脏。请分组查看结果、留一验证，或在其中平衡各期。",
    },
  },
};
