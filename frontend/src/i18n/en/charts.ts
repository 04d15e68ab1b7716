/** Words of a figure's tool bar. */
export const charts = {
  chart: {
    download: "Download as PNG",
    taking: "Drawing the picture…",
    taken: "Downloaded",
    zoom: "Zoom",
    pan: "Pan",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    reset: "Reset the axes",
    back: "Double-click to zoom back out",
  },
};
