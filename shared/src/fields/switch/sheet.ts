import { bare, cellText, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { SwitchConfig } from './schema.js';

const yes = new Set([
  '是',
  '对',
  '有',
  '真',
  '已',
  '完成',
  '已完成',
  '√',
  '✓',
  '✔',
  '☑',
  'y',
  'yes',
  'true',
  't',
  '1',
  'on',
  '开',
]);
const no = new Set([
  '否',
  '不',
  '不是',
  '错',
  '没有',
  '无',
  '假',
  '未',
  '未完成',
  '×',
  '✗',
  '✘',
  '☐',
  'x',
  'n',
  'no',
  'false',
  'f',
  '0',
  'off',
  '关',
]);

export const switchSheet: SheetFormat<SwitchConfig> = {
  reader: () => (cell) => {
    if (typeof cell === 'boolean') return { value: cell };
    const text = bare(cellText(cell));
    if (yes.has(text)) return { value: true };
    if (no.has(text)) return { value: false };
    return saysNothing(text) ? emptyValue : refused('wrong_type', { expected: '是/否' });
  },
  write: (value) => (value === null ? null : value ? '是' : '否'),
};
