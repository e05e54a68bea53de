import { type Drawing, round, widthOf } from './drawing.js';
import type { Mark } from './words.js';

/** As on the console's pages (look: one palette everywhere). */
export const colors = ['#1668dc', '#13a8a8', '#d89614', '#7c5cd6', '#d9534f', '#3c8c2f', '#c2568f', '#64748b'];
export const ink = { strong: '#1f2329', plain: '#4e5969', faint: '#86909c', line: '#e5e6eb', ground: '#f5f6f8' };

export interface Place {
  x: number;
  y: number;
  width: number;
}

const row = 30;
const chartHeight = 220;
const text = { size: 13, color: ink.plain };

/** How high each kind of chart stands with these marks. */
export const heightOf = {
  bar: (marks: readonly Mark[]) => Math.max(1, marks.length) * row + 4,
  funnel: (marks: readonly Mark[]) => Math.max(1, marks.length) * (row + 6),
  line: () => chartHeight,
  pie: (marks: readonly Mark[]) => Math.max(180, marks.length * 24 + 12),
};

/** 柱状图, lying: labels of any length stay readable. */
export function bars(
  to: Drawing,
  { x, y, width }: Place,
  marks: readonly Mark[],
  say: (value: number) => string,
): void {
  const label = 150;
  const most = Math.max(...marks.map((mark) => Math.abs(mark.value)), 1);
  const values = Math.max(...marks.map((mark) => widthOf(say(mark.value), 13)), 20) + 12;
  const room = width - label - values;
  for (const [index, mark] of marks.entries()) {
    const top = y + index * row;
    to.text(x + label - 10, top + 20, mark.label, { ...text, anchor: 'end', width: label - 10 });
    const length = Math.max(2, (Math.abs(mark.value) / most) * room);
    to.rect(x + label, top + 7, length, 16, mark.value < 0 ? ink.faint : (colors[0] ?? ''), 3);
    to.text(x + label + length + 8, top + 20, say(mark.value), { ...text, color: ink.strong });
  }
}

/** 漏斗图: each stage below the last, with its share of the first. */
export function funnel(
  to: Drawing,
  { x, y, width }: Place,
  marks: readonly Mark[],
  say: (value: number) => string,
): void {
  const most = Math.max(...marks.map((mark) => mark.value), 1);
  const first = marks[0]?.value ?? 0;
  const label = 150;
  const room = width - label - 170;
  for (const [index, mark] of marks.entries()) {
    const top = y + index * (row + 6);
    const length = Math.max(2, (mark.value / most) * room);
    to.text(x + label - 10, top + 21, mark.label, { ...text, anchor: 'end', width: label - 10 });
    to.rect(x + label + (room - length) / 2, top + 2, length, row, colors[index % colors.length] ?? '', 3);
    const share = first > 0 && index > 0 ? `，${Math.round((mark.value / first) * 100)}%` : '';
    to.text(x + width, top + 21, `${say(mark.value)}${share}`, { ...text, color: ink.strong, anchor: 'end' });
  }
}

/** 折线图 */
export function line(
  to: Drawing,
  { x, y, width }: Place,
  marks: readonly Mark[],
  say: (value: number) => string,
): void {
  const values = marks.map((mark) => mark.value);
  const [low, high] = [Math.min(0, ...values), Math.max(...values, 1)];
  const [top, bottom] = [y + 18, y + chartHeight - 30];
  const left = x + widthOf(say(high), 12) + 12;
  const right = x + width - 24;
  const at = (index: number) =>
    marks.length === 1 ? (left + right) / 2 : left + (index / (marks.length - 1)) * (right - left);
  const up = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - top);
  for (const value of [low, (low + high) / 2, high]) {
    to.line(left, up(value), right, up(value), ink.line);
    to.text(left - 8, up(value) + 4, say(value), { size: 12, color: ink.faint, anchor: 'end' });
  }
  const points = values.map((value, index) => `${round(at(index))} ${round(up(value))}`);
  to.path(`M${points.join('L')}L${round(at(marks.length - 1))} ${bottom}L${round(at(0))} ${bottom}Z`, {
    fill: '#1668dc1a',
  });
  to.path(`M${points.join('L')}`, { stroke: colors[0] ?? '', width: 2.5 });
  const every = Math.max(1, Math.ceil(marks.length / 9));
  for (const [index, mark] of marks.entries()) {
    if (marks.length <= 20) to.rect(at(index) - 3, up(mark.value) - 3, 6, 6, colors[0] ?? '', 3);
    if (index % every === 0)
      to.text(at(index), bottom + 20, mark.label, { size: 12, color: ink.faint, anchor: 'middle', width: 90 });
  }
  const last = marks.at(-1);
  if (last)
    to.text(at(marks.length - 1), up(last.value) - 10, say(last.value), {
      size: 13,
      color: ink.strong,
      bold: true,
      anchor: 'middle',
    });
}

/** 饼图 as a ring, with its parts named beside it. */
export function ring(
  to: Drawing,
  { x, y, width }: Place,
  marks: readonly Mark[],
  say: (value: number) => string,
): void {
  const shown = marks.filter((mark) => mark.value > 0);
  const sum = shown.reduce((total, mark) => total + mark.value, 0);
  const [outer, inner] = [80, 50];
  const [cx, cy] = [x + outer + 24, y + 90];
  let from = -Math.PI / 2;
  for (const [index, mark] of shown.entries()) {
    // A whole circle begins where it ends, which is no arc at all.
    const angle = Math.min((mark.value / sum) * 2 * Math.PI, 2 * Math.PI - 0.0001);
    to.path(slice(cx, cy, outer, inner, from, from + angle), {
      fill: colors[index % colors.length] ?? '',
      stroke: '#ffffff',
      width: 1.5,
    });
    from += angle;
  }
  const list = cx + outer + 40;
  for (const [index, mark] of shown.entries()) {
    const top = y + 8 + index * 24;
    to.rect(list, top + 2, 12, 12, colors[index % colors.length] ?? '', 2);
    to.text(list + 20, top + 13, mark.label, { ...text, width: x + width - list - 200 });
    const share = `${say(mark.value)}，${Math.round((mark.value / sum) * 100)}%`;
    to.text(x + width, top + 13, share, { ...text, color: ink.strong, anchor: 'end' });
  }
}

function slice(cx: number, cy: number, outer: number, inner: number, from: number, to: number): string {
  const at = (radius: number, angle: number) =>
    `${round(cx + radius * Math.cos(angle))} ${round(cy + radius * Math.sin(angle))}`;
  const large = to - from > Math.PI ? 1 : 0;
  return `M${at(outer, from)}A${outer} ${outer} 0 ${large} 1 ${at(outer, to)}L${at(inner, to)}A${inner} ${inner} 0 ${large} 0 ${at(inner, from)}Z`;
}

const tableRow = 32;

export const tableHeight = (rows: number): number => (rows + 1) * tableRow;

/** 数据列表: names of columns, then rows; every cell on one line. */
export function table(
  to: Drawing,
  { x, y, width }: Place,
  columns: readonly { name: string; right: boolean }[],
  rows: readonly (readonly string[])[],
): void {
  const own = width / Math.max(1, columns.length);
  const cell = (text: string, column: number, line: number, style: { color: string; bold?: boolean }) => {
    const right = columns[column]?.right === true;
    const at = right ? x + (column + 1) * own - 10 : x + column * own + 10;
    to.text(at, y + line * tableRow + 21, text, {
      size: 13,
      ...style,
      anchor: right ? 'end' : 'start',
      width: own - 20,
    });
  };
  to.rect(x, y, width, tableRow, ink.ground, 4);
  for (const [index, column] of columns.entries()) cell(column.name, index, 0, { color: ink.faint });
  for (const [line, row] of rows.entries()) {
    for (const [index, value] of row.entries()) cell(value, index, line + 1, { color: ink.strong });
    to.line(x, y + (line + 2) * tableRow, x + width, y + (line + 2) * tableRow, ink.line);
  }
}
