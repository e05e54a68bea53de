import { cpus, loadavg } from 'node:os';
import { keepSection } from './report.js';

/** A section of `last.md` with a table of its own; an earlier run's section of the same title gives way. */
export class Section {
  private readonly lines: string[] = [];

  /** @param compared heading of what the figures are compared with */
  constructor(
    private readonly title: string,
    private readonly compared: string,
  ) {}

  /** Notes a figure; `compared`: the same work done by what it is compared with, in the same unit. */
  note(work: string, lianke: number, compared: number | undefined, unit: string, reach: string): void {
    const text = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ${unit}`;
    const other = compared === undefined ? '–' : text(compared);
    const ratio = compared === undefined ? '' : (lianke / compared).toFixed(2);
    this.lines.push(`| ${work} | ${text(lianke)} | ${other} | ${ratio} | ${reach} |`);
    console.log(`${this.title} ${work}: ${text(lianke)}${compared === undefined ? '' : ` (${other}, ${ratio})`}`);
  }

  write(): void {
    // What else ran makes the figures smaller; the ratios are taken in turns and stand.
    const load = `平均负载 ${loadavg()[0]?.toFixed(0)}，${cpus().length} 核`;
    const head = `| 工作 | 联客 | ${this.compared} | 比 | 目标 |\n|---|---|---|---|---|`;
    keepSection(this.title, `${load}\n\n${head}\n${this.lines.join('\n')}`);
  }
}
