/** The diagram as a file of its own: colours of the light scheme, for paper, whatever the page looks like. */
const PAPER: Record<string, string> = {
  "var(--mantine-color-text)": "#1b2227",
  "var(--mantine-color-dimmed)": "#55626c",
  "var(--panel)": "#ffffff",
};
const SCALE = 3; // pixels of the PNG for one unit: 620 units are 16 cm at 300 dpi

function written(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const { width, height } = drawing.viewBox.baseVal;
  copy.removeAttribute("style");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("font-family", "Helvetica, Arial, 'Noto Sans SC', sans-serif");
  copy.setAttribute("font-size", "13.5");
  for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  return Object.entries(PAPER).reduce(
    (text, [variable, colour]) => text.replaceAll(variable, colour),
    new XMLSerializer().serializeToString(copy),
  );
}

export function svgOf(drawing: SVGSVGElement): Blob {
  return new Blob([written(drawing)], { type: "image/svg+xml" });
}

export async function pngOf(drawing: SVGSVGElement): Promise<Blob> {
  const { width, height } = drawing.viewBox.baseVal;
  const picture = new Image();
  const address = URL.createObjectURL(svgOf(drawing));
  try {
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("This browser cannot draw the picture.");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error("This browser cannot write the picture."));
      }, "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
