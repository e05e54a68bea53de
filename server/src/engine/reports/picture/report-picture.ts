import type { DashboardDefinition, Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { printText } from '../../print/print-text.js';
import { bars, funnel, heightOf, ink, line, type Place, ring, table, tableHeight } from './charts.js';
import { Drawing } from './drawing.js';
import { type ChartWidget, figureOf, marksOf, numberOf, pictureWords } from './words.js';

export const pictureWidth = 800;
/** A card shows a picture of at least this breadth to its height; what is below is cut off. */
const coverRatio = 1.6;
const margin = 24;
const gap = 12;
const padding = 16;
const heading = 44;
const figureHeight = 96;
const mostWidgets = 12;
const mostRows = 8;
const mostColumns = 5;

export interface Report {
  title: string;
  /** Below the title: when, and under whose rights where that is somebody else than the reader. */
  subtitle: string;
  widgets: DashboardDefinition['widgets'];
  data: readonly WidgetData[];
  timeZone: string;
  /** Of whoever looks at it. */
  language: Language;
  formOf(id: Widget['formId']): FormMeta | undefined;
  /** A dimension's field, through relations too. */
  fieldOf(form: FormMeta, path: string): FieldMeta | undefined;
}

/** A dashboard as an SVG: numbers side by side on top, everything else below one another in reading order. */
export function reportPicture(report: Report): { drawing: Drawing; height: number; cover: number } {
  const drawing = new Drawing();
  const ordered = [...report.widgets].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
  const shown = ordered.slice(0, mostWidgets);
  const figures = shown.filter((widget) => widget.type === 'metric');
  const others = shown.filter((widget) => widget.type !== 'metric');
  const bodies = others.map((widget) => ({ widget, body: bodyOf(report, widget) }));
  const aRow = figuresARow(figures.length);
  const figureRows = Math.ceil(figures.length / aRow);
  const left = ordered.length - shown.length;
  const height =
    80 +
    figureRows * (figureHeight + gap) +
    bodies.reduce((sum, { body }) => sum + heading + body.height + padding + gap, 0) +
    (left > 0 ? 36 : 12);
  const cover = Math.round(pictureWidth / coverRatio);

  drawing.rect(0, 0, pictureWidth, Math.max(height, cover), ink.ground);
  drawing.text(margin, 40, report.title, { size: 22, color: ink.strong, bold: true, width: pictureWidth - 2 * margin });
  drawing.text(margin, 64, report.subtitle, { size: 13, color: ink.faint, width: pictureWidth - 2 * margin });
  let y = 80;
  const own = (pictureWidth - 2 * margin - (aRow - 1) * gap) / aRow;
  for (const [index, widget] of figures.entries()) {
    const x = margin + (index % aRow) * (own + gap);
    const top = y + Math.floor(index / aRow) * (figureHeight + gap);
    drawing.rect(x, top, own, figureHeight, '#ffffff', 8);
    drawing.text(x + padding, top + 32, widget.title, { size: 13, color: ink.faint, width: own - 2 * padding });
    const { text, target, broken } = figureText(report, widget);
    const style = broken ? { size: 13, color: ink.faint } : { size: 28, color: ink.strong, bold: true };
    drawing.text(x + padding, top + 72, text, { ...style, width: own - 2 * padding });
    if (target) drawing.text(x + own - padding, top + 32, target, { size: 13, color: ink.strong, anchor: 'end' });
  }
  y += figureRows * (figureHeight + gap);
  for (const { widget, body } of bodies) {
    const width = pictureWidth - 2 * margin;
    drawing.rect(margin, y, width, heading + body.height + padding, '#ffffff', 8);
    drawing.text(margin + padding, y + 29, widget.title, {
      size: 15,
      color: ink.strong,
      bold: true,
      width: width - 160,
    });
    if (body.note)
      drawing.text(margin + width - padding, y + 29, body.note, { size: 13, color: ink.faint, anchor: 'end' });
    body.draw(drawing, { x: margin + padding, y: y + heading, width: width - 2 * padding });
    y += heading + body.height + padding + gap;
  }
  if (left > 0)
    drawing.text(pictureWidth / 2, y + 16, pictureWords[report.language].more(left), {
      size: 13,
      color: ink.faint,
      anchor: 'middle',
    });
  return { drawing, height: Math.max(height, cover), cover };
}

/** The numbers of a report for the card's lines: at most four. */
export function reportFacts(report: Report): { label: string; value: string }[] {
  return report.widgets
    .filter((widget) => widget.type === 'metric')
    .map((widget) => ({ label: widget.title, ...figureText(report, widget) }))
    .filter(({ broken }) => !broken)
    .slice(0, 4)
    .map(({ label, text, target }) => ({
      label,
      value: target ? pictureWords[report.language].withTarget(text, target) : text,
    }));
}

/** Side by side so that rows are full where they can be. */
function figuresARow(count: number): number {
  return count === 2 || count === 4 ? 2 : Math.min(3, Math.max(1, count));
}

interface Body {
  height: number;
  note?: string;
  draw(to: Drawing, place: Place): void;
}

function bodyOf(report: Report, widget: Exclude<Widget, { type: 'metric' }>): Body {
  const data = report.data.find((item) => item.id === widget.id);
  const form = report.formOf(widget.formId);
  const { none } = pictureWords[report.language];
  if (!data || data.kind === 'broken' || !form) return saying(data?.kind === 'broken' ? data.message : none);
  if (widget.type === 'list') return data.kind === 'rows' ? listBody(report, widget, data, form) : saying(none);
  return data.kind === 'groups' ? chartBody(report, widget, data, form) : saying(none);
}

const saying = (words: string): Body => ({
  height: 56,
  draw: (to, { x, y, width }) =>
    to.text(x + width / 2, y + 32, words, { size: 13, color: ink.faint, anchor: 'middle', width }),
});

function chartBody(
  report: Report,
  widget: ChartWidget,
  data: Extract<WidgetData, { kind: 'groups' }>,
  form: FormMeta,
): Body {
  const marks = marksOf(widget, data, report.fieldOf(form, widget.dimension.field), report.language);
  if (marks.length === 0 || marks.every((mark) => mark.value === 0))
    return saying(pictureWords[report.language].noMatch);
  const say = (value: number) => figureOf(value, widget, form, report.language);
  // Parts of a whole are above zero: with anything below it they are compared instead.
  const kind = widget.type === 'pie' && marks.some((mark) => mark.value < 0) ? 'bar' : widget.type;
  const draw = { bar: bars, funnel, line, pie: ring }[kind];
  return { height: heightOf[kind](marks), draw: (to, place) => draw(to, place, marks, say) };
}

function listBody(
  report: Report,
  widget: Extract<Widget, { type: 'list' }>,
  data: Extract<WidgetData, { kind: 'rows' }>,
  form: FormMeta,
): Body {
  if (data.items.length === 0) return saying(pictureWords[report.language].noMatch);
  const words = pictureWords[report.language];
  const fields = widget.columns.flatMap((ref) => form.field(ref) ?? []).slice(0, mostColumns);
  const rows = data.items
    .slice(0, mostRows)
    .map((record) =>
      fields.map((field) => printText(field, record.values[field.key], report.timeZone, undefined, report.language)),
    );
  const total = typeof data.total === 'number' ? String(data.total) : words.atLeast(data.total.atLeast);
  return {
    height: tableHeight(rows.length),
    note: words.total(total),
    draw: (to, place) =>
      table(
        to,
        place,
        fields.map((field) => ({ name: field.name, right: field.storage === 'numeric' })),
        rows,
      ),
  };
}

/** A metric in words, and how far its target is where it has one. */
function figureText(
  report: Report,
  widget: Extract<Widget, { type: 'metric' }>,
): { text: string; target?: string; broken: boolean } {
  const data = report.data.find((item) => item.id === widget.id);
  const form = report.formOf(widget.formId);
  const words = pictureWords[report.language];
  if (!form || data?.kind !== 'value')
    return { text: data?.kind === 'broken' ? data.message : words.none, broken: true };
  return {
    text: `${figureOf(numberOf(data.value), widget, form, report.language)}${widget.unit ? ` ${widget.unit}` : ''}`,
    ...(typeof data.target?.percent === 'number' && { target: words.target(data.target.percent) }),
    broken: false,
  };
}
