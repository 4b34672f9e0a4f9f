import { make } from "../dom.ts";
import { text } from "../texts.ts";
import { FIGURES, type Figure, gradeOf, type Health, measured } from "./health.ts";
import { Samples, sparkPath } from "./spark.ts";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;

/** `2500` as `2.5`, in the unit people set in their encoder. */
export function written(figure: Figure, value: number | undefined): string {
  if (value === undefined) return "–";
  if (figure === "video") return (value / 1000).toFixed(value < 995 ? 2 : 1);
  if (figure === "audio") return String(Math.round(value));
  return value.toFixed(1).replace(/\.0$/, "");
}

/** The figures side by side, each with its last two minutes and a word. */
export class Figures {
  readonly element = make("dl", { class: "ingest-figures" });
  readonly #parts = new Map<
    Figure,
    { box: HTMLElement; value: HTMLElement; word: HTMLElement; line: SVGPathElement; samples: Samples }
  >();

  constructor() {
    for (const figure of Object.keys(FIGURES) as Figure[]) {
      const value = make("b");
      const word = make("span", { class: "ingest-word" });
      const line = document.createElementNS(SVG, "path");
      const spark = document.createElementNS(SVG, "svg");
      spark.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
      spark.setAttribute("class", "ingest-spark");
      spark.setAttribute("preserveAspectRatio", "none");
      spark.setAttribute("aria-hidden", "true");
      spark.append(line);
      const unit = make("small", {}, text(`ingest_unit_${figure}`));
      const box = make(
        "div",
        {},
        make("dt", {}, text(`ingest_${figure}`)),
        make("dd", {}, value, " ", unit, word, spark),
      );
      this.#parts.set(figure, { box, value, word, line, samples: new Samples() });
      this.element.append(box);
    }
  }

  show(health: Health): void {
    for (const [figure, { box, value, word, line, samples }] of this.#parts) {
      const now = health.connected ? measured(health, figure) : undefined;
      const grade = gradeOf(health, figure);
      samples.note(now);
      box.dataset["grade"] = grade;
      value.textContent = written(figure, now);
      word.textContent = text(`ingest_grade_${grade}`);
      line.setAttribute("d", sparkPath(samples.values, WIDTH, HEIGHT));
    }
  }
}
