import type { Json } from '@lianke/shared/json';
import type { FieldMeta } from '../forms/form-meta.js';
import { approvalLines } from './approval-lines.js';
import type { PrintImage } from './blocks.js';
import { printImage } from './images.js';
import type { Content, Placeholder, Scope } from './placeholders.js';
import type { ApprovalPart, Extra, Meaning } from './print-names.js';
import { idsOf, isPicture, type PrintRecord } from './print-records.js';
import { pictureWidth, printText } from './print-text.js';

/** Room of a picture on the page, in points, when the template does not say. */
const pictureRoom = { width: 160, height: 120 };
const signatureRoom = { width: 90, height: 42 };

/** What a template's placeholders are on one record. What its reader does not see is empty. */
export function recordScope(source: PrintRecord): Scope {
  const text = (field: FieldMeta, value: Json | undefined, item: Pick<Placeholder, 'format'>): Content => {
    if (isPicture(field)) return { images: picturesOf(source, field, value, item.format) };
    return { text: printText(field, value, source.timeZone, item.format) };
  };
  const content = (item: Pick<Placeholder, 'ref' | 'format'>, meaning: Meaning): Content => {
    switch (meaning.kind) {
      case 'field':
        return text(meaning.field, source.record.values[meaning.field.key], item);
      case 'related': {
        const target = source.related.get(meaning.relation.id);
        return text(meaning.field, target?.values[meaning.field.key], item);
      }
      case 'extra':
        return extra(source, meaning.name, item.format);
      default:
        return { text: '' };
    }
  };
  return {
    content: (item) => {
      const meaning = source.names.resolve(item.ref);
      return meaning && content(item, meaning);
    },
    rows: (ref) => {
      const meaning = source.names.resolve(ref);
      if (meaning?.kind === 'approval') return { name: '审批', scopes: approvalScopes(source) };
      if (meaning?.kind !== 'row') return undefined;
      const { list } = meaning;
      const rows = source.lists.get(list.name) ?? [];
      return {
        name: list.name,
        scopes: rows.map(
          (row, index): Scope => ({
            content: (item) => {
              if (item.ref === '序号') return { text: String(index + 1) };
              const inner = source.names.resolve(item.ref);
              return inner?.kind === 'row' && inner.list.name === list.name
                ? text(inner.field, row[inner.field.key], item)
                : undefined;
            },
          }),
        ),
      };
    },
  };
}

function approvalScopes(source: PrintRecord): Scope[] {
  return source.approvals
    .flatMap((task) => approvalLines(task, source))
    .map((line, index) => ({
      content: ({ ref }) => {
        if (ref === '序号') return { text: String(index + 1) };
        const meaning = source.names.resolve(ref);
        if (meaning?.kind !== 'approval') return undefined;
        if (meaning.part !== '签名') return { text: line[textOf[meaning.part]] };
        const image = line.signature && signatureImage(source.pictures, line.signature);
        return image ? { images: [image] } : { text: line.signature ? '已签名' : '' };
      },
    }));
}

const textOf = { 步骤: 'node', 审批人: 'who', 结果: 'result', 时间: 'at', 意见: 'comment' } as const satisfies Record<
  Exclude<ApprovalPart, '签名'>,
  string
>;

export function signatureImage(pictures: ReadonlyMap<string, Buffer>, id: string): PrintImage | undefined {
  const data = pictures.get(id);
  return data && printImage(data, signatureRoom.width, signatureRoom.height);
}

/** The pictures of a field, each no larger than its room. */
export function picturesOf(
  source: PrintRecord,
  field: FieldMeta,
  value: Json | undefined,
  format?: string,
): PrintImage[] {
  const wide = pictureWidth(format);
  const room = wide ? { width: wide, height: 800 } : field.typeName === 'signature' ? signatureRoom : pictureRoom;
  return idsOf(value).flatMap((id) => {
    const data = source.pictures.get(id);
    const image = data && printImage(data, room.width, room.height);
    return image ? [image] : [];
  });
}

function extra(source: PrintRecord, name: Extra, format: string | undefined): Content {
  switch (name) {
    case '二维码': {
      const wide = pictureWidth(format);
      return { images: [wide ? { ...source.qr, width: wide, height: wide } : source.qr] };
    }
    case '数据链接':
      return { text: source.link };
    case '打印人':
      return { text: source.printedBy };
    case '打印时间':
      return { text: moment(source, format) };
    case '打印日期':
      return { text: moment(source, format).slice(0, format ? undefined : 10) };
    case '企业名称':
      return { text: source.company };
    case '表单名称':
      return { text: source.form.name };
    case '数据标题':
      return { text: source.record.label };
  }
}

function moment(source: PrintRecord, format: string | undefined): string {
  const field = source.form.field('createdAt');
  return field ? printText(field, source.printedAt, source.timeZone, format) : source.printedAt;
}
