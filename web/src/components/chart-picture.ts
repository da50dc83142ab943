/** A chart as a picture that can stand alone: with its title, its legend and a ground. */

import { type Series, seriesColor } from "./lines";

const MARGIN = 12;
const TITLE_PX = 26;
const LEGEND_PX = 20;

/** A PNG of `drawing` under `title`; `null` where there is nothing to draw. */
export function pngOf(
  drawing: HTMLCanvasElement | null,
  title: string,
  series: readonly Series[],
): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (drawing === null || context === null || drawing.width === 0) return Promise.resolve(null);
  const scale = devicePixelRatio;
  const top = MARGIN + TITLE_PX + LEGEND_PX;
  canvas.width = drawing.width + 2 * MARGIN * scale;
  canvas.height = drawing.height + (top + MARGIN) * scale;
  context.fillStyle = seriesColor("--panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawing, MARGIN * scale, top * scale);
  context.scale(scale, scale);
  context.textBaseline = "middle";
  context.fillStyle = seriesColor("--fg");
  context.font = '600 14px "Inter Variable", sans-serif';
  context.fillText(title, MARGIN, MARGIN + TITLE_PX / 2);
  drawLegend(context, series, MARGIN + TITLE_PX + LEGEND_PX / 2);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function drawLegend(context: CanvasRenderingContext2D, series: readonly Series[], y: number): void {
  context.font = '11px "Inter Variable", sans-serif';
  context.lineWidth = 3;
  let x = MARGIN;
  for (const { label, color, dash } of series) {
    context.setLineDash(dash ?? []);
    context.strokeStyle = seriesColor(color);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 14, y);
    context.stroke();
    context.fillStyle = seriesColor("--fg-2");
    context.fillText(label, x + 20, y);
    x += 32 + context.measureText(label).width;
  }
}
