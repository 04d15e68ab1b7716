export const charts = {
  chart: {
    download: "下载为 PNG",
    taking: "正在绘制图像…",
    taken: "已下载",
    zoom: "框选缩放",
    pan: "平移",
    zoomIn: "放大",
    zoomOut: "缩小",
    reset: "重置坐标轴",
    back: "双击恢复原始范围",
  },
};
