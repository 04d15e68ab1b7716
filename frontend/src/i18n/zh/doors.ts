/** 数千文件的上传与中断的上传 */
import type { doors as english } from "../en/doors";

export const doors: typeof english = {
  doors: {
    unfinished: {
      title: "有一次上传中断",
      text: "始于 {{when}}：{{total}} 个文件中已处理 {{done}} 个。请再次拖入同一文件夹或文件，只发送缺少的部分。",
      forget: "不再继续",
    },
    retryAll: "重新发送 {{count}} 个",
    moreExams_one: "另有 {{count}} 个检查：",
    moreExams_other: "另有 {{count}} 个检查：",
  },
};
