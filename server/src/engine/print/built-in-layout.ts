import type { Language } from '@lianke/shared/errors/issue-text';
import { systemFields } from '@lianke/shared/forms/definition';
import { Dec } from '@lianke/shared/formulas/decimal';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { approvalLines, timeText } from './approval-lines.js';
import {
  a4,
  type Block,
  bodySize,
  type Inline,
  type Paragraph,
  type PrintDocument,
  type PrintImage,
  paragraph,
  plain,
  type Table,
  type TableCell,
  type TableRow,
} from './blocks.js';
import type { PrintRecord } from './print-records.js';
import { isPicture } from './print-records.js';
import { moneyOnPaper, printText } from './print-text.js';
import { picturesOf, signatureImage } from './record-scope.js';
import { sectionFields } from './section-fields.js';
import { printWords } from './words.js';

const label = '#f2f3f5';
const dim = '#5c5f66';
const wideTypes = ['longText', 'richText', 'attachment', 'image', 'address', 'signature'];

/** The page of a record without a template: its sections as tables, its rows, its approvals. */
export function builtInDocument(source: PrintRecord): PrintDocument {
  const { form, record } = source;
  return {
    title: [form.name, record.label].filter(Boolean).join(' '),
    page: a4,
    header: [],
    footer: footerOf(source.company, source),
    blocks: [
      heading(form.name, record.label, source.qr),
      ...sectionsOf(source),
      ...subformsOf(source),
      ...approvalBlocks(source.approvals, source),
    ],
  };
}

/** The page of one approval: what was asked, and who answered how. */
export function approvalDocument(task: TaskDetail, facts: Manner & { company: string }): PrintDocument {
  const words = printWords[facts.language];
  const asked = words.started(task.starter?.label ?? '', timeText(task.createdAt, facts.timeZone));
  const rows = task.facts.map((fact) => [labelCell(fact.label), { span: 1, blocks: [paragraph(fact.value)] }]);
  return {
    title: task.title,
    page: a4,
    header: [],
    footer: footerOf(facts.company, facts),
    blocks: [
      paragraph(task.title, { size: 18, bold: true, align: 'center', after: 4 }),
      paragraph(asked, { size: 9.5, color: dim, align: 'center', after: 10 }),
      ...(task.changedAfter ? [paragraph(words.changedAfter, { color: '#cf1322', after: 6 })] : []),
      ...(rows.length > 0
        ? [
            table(
              [110, 380],
              rows.map((cells) => rowOf(cells)),
            ),
          ]
        : []),
      ...approvalBlocks([task], facts),
    ],
  };
}

/** Who prints when, and for whom: a reader of the language. */
type Manner = Pick<PrintRecord, 'pictures' | 'printedBy' | 'printedAt' | 'timeZone' | 'language'>;

function footerOf(company: string, { printedBy, printedAt, timeZone, language }: Omit<Manner, 'pictures'>): Block[] {
  const { printed } = printWords[language];
  return pageFooter(`${company}  ${printed(printedBy, timeText(printedAt, timeZone))}`, language);
}

function pageFooter(text: string, language: Language): Block[] {
  const look = { size: 8.5, color: dim };
  const [before, between, after] = printWords[language].page;
  const parts: Inline[] = [
    { kind: 'text', text: `${text}    ${before}`, ...look },
    { kind: 'page', ...look },
    { kind: 'text', text: between, ...look },
    { kind: 'pages', ...look },
    ...(after === '' ? [] : [{ kind: 'text' as const, text: after, ...look }]),
  ];
  return [{ ...plain, kind: 'paragraph', align: 'center', inlines: parts }];
}

function heading(form: string, title: string, qr: PrintImage): Table {
  const picture: Paragraph = { ...plain, kind: 'paragraph', align: 'right', inlines: [{ kind: 'image', image: qr }] };
  const words = [
    paragraph(form, { size: 18, bold: true, after: 2 }),
    ...(title ? [paragraph(title, { size: 12, color: dim })] : []),
  ];
  return {
    kind: 'table',
    widths: [400, 90],
    borders: false,
    rows: [
      rowOf([
        { span: 1, blocks: words },
        { span: 1, blocks: [picture] },
      ]),
    ],
  };
}

/** The form's sections in the order of its design; a row holds two fields, or one that needs room. */
function sectionsOf(source: PrintRecord): Block[] {
  const told = ['owner', 'createdBy', 'createdAt', 'updatedAt'];
  const fields = source.fields.filter((field) => !field.system || told.includes(field.key));
  return sectionFields(source.form, fields).flatMap(({ title, fields: own }) => [
    title ? sectionTitle(title) : paragraph('', { size: 4 }),
    table(
      [80, 165, 80, 165],
      pairs(own).map((pair) => fieldRow(source, pair)),
    ),
  ]);
}

/** System fields are named by the product, all others by the company. */
function nameOf(field: FieldMeta, language: Language): string {
  const system = field.system ? systemFields.find(({ key }) => key === field.key) : undefined;
  return system?.[language] ?? field.name;
}

function pairs(fields: readonly FieldMeta[]): FieldMeta[][] {
  const rows: FieldMeta[][] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    const single = last?.length === 1 && !wideTypes.includes(last[0]?.typeName ?? '');
    if (last && single && !wideTypes.includes(field.typeName)) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

function fieldRow(source: PrintRecord, fields: readonly FieldMeta[]): TableRow {
  const [first, second] = fields;
  const cells = [first, second].flatMap((field): TableCell[] => {
    if (!field) return [];
    const span = fields.length === 1 ? 3 : 1;
    return [
      labelCell(nameOf(field, source.language)),
      { span, blocks: valueBlocks(source, field, source.record.values[field.key]) },
    ];
  });
  return rowOf(cells, 22);
}

function valueBlocks(
  source: PrintRecord,
  field: FieldMeta,
  value: PrintRecord['record']['values'][string] | undefined,
): Block[] {
  const images = isPicture(field) ? picturesOf(source, field, value) : [];
  if (images.length === 0) return [paragraph(printText(field, value, source.timeZone, '单位', source.language))];
  const inlines = images.flatMap((image): Inline[] => [
    { kind: 'image', image },
    { kind: 'text', text: ' ', size: bodySize },
  ]);
  return [{ ...plain, kind: 'paragraph', inlines }];
}

function subformsOf(source: PrintRecord): Block[] {
  return source.fields.flatMap((field) => {
    const columns = source.columns.get(field.name) ?? [];
    const rows = source.lists.get(field.name) ?? [];
    if (!field.part || columns.length === 0 || rows.length === 0) return [];
    const body = rows.map((row, index) =>
      rowOf([
        { span: 1, blocks: [paragraph(String(index + 1), { align: 'center' })] },
        ...columns.map(
          (column): TableCell => ({ span: 1, blocks: aligned(column, valueBlocks(source, column, row[column.key])) }),
        ),
      ]),
    );
    const words = printWords[source.language];
    const sums = sumRow(columns, rows, source.language);
    return [
      sectionTitle(field.name),
      table(
        [30, ...columns.map(widthOf)],
        [headRow([words.number, ...columns.map(({ name }) => name)]), ...body, ...(sums ? [sums] : [])],
      ),
    ];
  });
}

function aligned(field: FieldMeta, blocks: Block[]): Block[] {
  if (field.storage !== 'numeric') return blocks;
  return blocks.map((block) => (block.kind === 'paragraph' ? { ...block, align: 'right' } : block));
}

function widthOf(field: FieldMeta): number {
  if (wideTypes.includes(field.typeName)) return 120;
  return field.typeName === 'text' || field.type.refers === 'record' ? 100 : 70;
}

/** Totals of the columns that hold amounts of money. */
function sumRow(
  columns: readonly FieldMeta[],
  rows: readonly Record<string, unknown>[],
  language: Language,
): TableRow | undefined {
  if (!columns.some(({ typeName }) => typeName === 'money') || rows.length < 2) return undefined;
  const cells = columns.map((column): TableCell => {
    const values = rows.map((row) => row[column.key]);
    // Stars are not added up.
    const whole = values.every(
      (value) => value === null || value === undefined || /^-?\d+(\.\d+)?$/.test(String(value)),
    );
    if (column.typeName !== 'money' || !whole) return { span: 1, blocks: [paragraph('')], fill: label };
    const sum = values.reduce((total: Dec, value) => total.plus(String(value ?? 0)), new Dec(0));
    const text = moneyOnPaper(sum.toFixed(), column, language);
    return { span: 1, blocks: [paragraph(text, { align: 'right', bold: true })], fill: label };
  });
  const { total } = printWords[language];
  return rowOf([{ span: 1, blocks: [paragraph(total, { align: 'center', bold: true })], fill: label }, ...cells]);
}

function approvalBlocks(tasks: readonly TaskDetail[], manner: Manner): Block[] {
  const { pictures, language } = manner;
  const words = printWords[language];
  return tasks.flatMap((task): Block[] => {
    const lines = approvalLines(task, manner);
    if (lines.length === 0) return [];
    const rows = lines.map((line) => {
      const signature = line.signature ? signatureImage(pictures, line.signature) : undefined;
      const answer: Block[] = [
        ...(line.comment ? [paragraph(line.comment)] : []),
        ...(signature
          ? [{ ...plain, kind: 'paragraph' as const, inlines: [{ kind: 'image' as const, image: signature }] }]
          : []),
        ...(line.signature && !signature ? [paragraph(words.signed, { color: dim })] : []),
      ];
      return rowOf([
        ...[line.node, line.who, line.result, line.at].map(
          (text): TableCell => ({ span: 1, blocks: [paragraph(text)] }),
        ),
        { span: 1, blocks: answer.length > 0 ? answer : [paragraph('')] },
      ]);
    });
    return [
      sectionTitle(tasks.length > 1 ? words.approvalsOf(task.title) : words.approvals),
      table([80, 80, 80, 100, 150], [headRow(words.columns), ...rows]),
    ];
  });
}

function sectionTitle(text: string): Paragraph {
  return paragraph(text, { size: 12, bold: true, before: 12, after: 5 });
}

function headRow(names: readonly string[]): TableRow {
  return {
    header: true,
    minHeight: 22,
    cells: names.map((name) => ({ span: 1, fill: label, blocks: [paragraph(name, { bold: true, align: 'center' })] })),
  };
}

function labelCell(text: string): TableCell {
  return { span: 1, fill: label, blocks: [paragraph(text, { color: dim })] };
}

function rowOf(cells: readonly TableCell[], minHeight = 0): TableRow {
  return { cells, header: false, minHeight };
}

function table(widths: readonly number[], rows: readonly TableRow[]): Table {
  return { kind: 'table', widths, rows, borders: true };
}

/** A Word template to begin with: every field of the form as its placeholder. */
export function sampleDocument(
  form: FormMeta,
  fields: readonly FieldMeta[],
  columnsOf: (field: FieldMeta) => readonly FieldMeta[],
): PrintDocument {
  const own = fields.filter((field) => !field.system && !field.part);
  const system = fields.filter(({ key }) => ['owner', 'createdBy', 'createdAt'].includes(key));
  const cell = (field: FieldMeta, span: number): TableCell[] => [
    labelCell(field.name),
    { span, blocks: [paragraph(`{{${field.name}}}`)] },
  ];
  const fieldTable = (list: readonly FieldMeta[]) =>
    table(
      [80, 165, 80, 165],
      pairs(list).map((pair) =>
        rowOf(
          pair.flatMap((field) => cell(field, pair.length === 1 ? 3 : 1)),
          22,
        ),
      ),
    );
  const amounts = own.filter(({ typeName }) => typeName === 'money');
  const subforms = fields.flatMap((field) => {
    const columns = columnsOf(field);
    if (!field.part || columns.length === 0) return [];
    const line = ['{{序号}}', ...columns.map((column) => `{{${field.name}.${column.name}}}`)];
    return [
      sectionTitle(field.name),
      table(
        [34, ...columns.map(widthOf)],
        [
          headRow(['序号', ...columns.map(({ name }) => name)]),
          rowOf(line.map((text) => ({ span: 1, blocks: [paragraph(text)] }))),
        ],
      ),
    ];
  });
  return {
    title: form.name,
    page: a4,
    header: [],
    footer: pageFooter('{{企业名称}}  {{打印人}} 打印于 {{打印时间}}', 'zh'),
    blocks: [
      paragraph(form.name, { size: 18, bold: true, align: 'center', after: 10 }),
      fieldTable(own),
      ...amounts.map(({ name }) => paragraph(`${name}（大写）：{{${name}|大写}}`, { before: 6 })),
      ...subforms,
      paragraph('', { size: 4 }),
      fieldTable(system),
      sectionTitle('审批记录'),
      table(
        [80, 80, 80, 100, 100, 80],
        [
          headRow(['步骤', '审批人', '结果', '时间', '意见', '签名']),
          rowOf(
            ['步骤', '审批人', '结果', '时间', '意见', '签名'].map((part) => ({
              span: 1,
              blocks: [paragraph(`{{审批.${part}}}`)],
            })),
          ),
        ],
      ),
      paragraph('{{二维码|25mm}}', { align: 'right', before: 10 }),
    ],
  };
}
