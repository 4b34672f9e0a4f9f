import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { make } from "../dom.ts";
import { type Series, seriesOf, withoutYear } from "./numbers.ts";

use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

/** A colour token as the canvas understands it: read back from an element, since a token may itself be a function. */
function colour(element: Element, name: string): string {
  const probe = make("span", { hidden: true });
  probe.style.color = `var(${name})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Long names read better beside lying bars. */
function settings(kind: string, series: Series, element: Element): Parameters<EChartsType["setOption"]>[0] {
  const styles = getComputedStyle(element);
  const faint = { color: colour(element, "--ink-faint"), fontFamily: styles.fontFamily, fontSize: 13 };
  const whole = series.values.every(Number.isInteger);
  const names = {
    type: "category",
    data: withoutYear(series.names),
    axisTick: { show: false },
    axisLabel: faint,
  } as const;
  const figures = {
    type: "value",
    // Nobody hands in half a lesson.
    ...(whole && { minInterval: 1 }),
    splitLine: { lineStyle: { color: colour(element, "--line") } },
    axisLabel: faint,
  } as const;
  const lying = kind === "bar";
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 200,
    aria: { enabled: true },
    grid: { left: 8, right: 24, top: 16, bottom: 8, containLabel: true },
    // HTML tooltips carry style attributes, which our content security policy forbids.
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: lying ? figures : names,
    yAxis: lying ? { ...names, inverse: true } : figures,
    series: [
      {
        type: lying ? "bar" : "line",
        data: series.values,
        barMaxWidth: 22,
        symbol: "circle",
        color: colour(element, "--lacquer-fill"),
        itemStyle: { borderRadius: lying ? [0, 4, 4, 0] : 0 },
      },
    ],
  };
}

/**
 * `<kj-chart data-table="ID" data-kind="bar|line" data-column="4" data-label="…">` draws one column of a table on the page.
 * The table stays: it is the accessible form, and the figures are the server's.
 */
class KjChart extends HTMLElement {
  #chart: EChartsType | undefined;
  readonly #resized = new ResizeObserver(() => this.#chart?.resize());
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");

  connectedCallback(): void {
    this.#dark.addEventListener("change", this.#draw);
    this.#draw();
    this.#resized.observe(this);
  }

  disconnectedCallback(): void {
    this.#dark.removeEventListener("change", this.#draw);
    this.#resized.disconnect();
    this.#chart?.dispose();
  }

  readonly #draw = (): void => {
    const table = document.getElementById(this.dataset["table"] ?? "");
    const rows = [...(table?.querySelectorAll("tbody tr") ?? [])];
    const cells = rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? ""));
    const series = seriesOf(cells, Number(this.dataset["column"] ?? 1));
    this.hidden = series.values.length === 0;
    if (this.hidden) return;
    const place = this.querySelector("div") ?? this.appendChild(make("div"));
    place.setAttribute("aria-label", this.dataset["label"] ?? "");
    this.#chart ??= init(place);
    this.#chart.setOption(settings(this.dataset["kind"] ?? "bar", series, this));
  };
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-chart")) customElements.define("kj-chart", KjChart);
}
