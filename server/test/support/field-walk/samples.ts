import { type FieldTypeName, fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import type { FilterValue } from '@lianke/shared/filter/ast';
import type { Json } from '@lianke/shared/json';
import { uuid7 } from '../../../src/kernel/ids/uuid7.js';

/** What the walk needs of a type: settings, two different values, one that is refused, and how a cell says the first. */
export interface Sample {
  config?: Record<string, Json>;
  values: [Json, Json];
  bad: Json;
  /** A cell that reads as the first value; null for types that cells cannot hold. */
  cell: string | number | boolean | null;
  /** Value of conditions where the stored value itself is none. */
  condition?: FilterValue;
  /** What is left of the values when they went through a sheet, which has no formatting. */
  carried?: [Json, Json];
}

/** Types that the system keeps: nobody writes them, everything else holds of them too (see the end). */
export const keptNames = ['autonumber', 'lastContact', 'formula', 'lookup', 'rollup'] as const;
export type KeptType = (typeof keptNames)[number];
export type WrittenType = Exclude<FieldTypeName, KeptType>;
const isWritten = (type: FieldTypeName): type is WrittenType => !(keptNames as readonly string[]).includes(type);
export const writtenNames = fieldTypeNames.filter(isWritten);

/** A field that is walked: each type as it is, and once more stored encrypted where it may be. */
export interface Case {
  name: string;
  key: string;
  type: WrittenType;
  encrypted: boolean;
}
export const cases: Case[] = [
  ...writtenNames.map((type) => ({ name: type, key: `${type}1`, type, encrypted: false })),
  ...writtenNames
    .filter((type) => fieldTypes[type].mayBeEncrypted)
    .map((type) => ({ name: `${type}, encrypted`, key: `${type}Sealed`, type, encrypted: true })),
];

const options = ['A', 'B'].map((id) => ({ id, label: `${id}级` }));
const region: Json[] = [
  { id: '华东', label: '华东区', children: ['浙江', '上海'].map((id) => ({ id, label: id })) },
  { id: '华南', label: '华南区' },
];

/** What the samples name: two of each. */
export interface Named {
  members: [string, string];
  departments: [string, string];
  records: [string, string];
  files: [string, string];
  /** The form that the records are of. */
  formId: string;
}

/** Two values of every type that people write; the compiler asks for each of them. */
export function samplesOf({ members, departments, records, files, formId }: Named): Record<WrittenType, Sample> {
  const [me, him] = members;
  const [department, other] = departments;
  const [first, second] = records;
  const [picture, another] = files;
  return {
    text: { values: ['甲', '乙'], bad: 'x'.repeat(201), cell: '甲' },
    longText: { values: ['甲\n乙', '丙'], bad: 'x'.repeat(5001), cell: '甲\n乙' },
    richText: {
      values: ['<p>甲<strong>乙</strong></p>', '<ul><li>丙</li></ul>'],
      bad: 'x'.repeat(10_001),
      cell: null,
      condition: '甲乙',
      carried: ['<p>甲乙</p>', '<p>丙</p>'],
    },
    number: { values: ['12345678901.25', '2'], bad: 'x', cell: 12345678901.25 },
    money: { values: ['100.05', '200'], bad: 'x', cell: '100.05元' },
    percent: { values: ['0.15', '0.3'], config: { max: 100 }, bad: '101%', cell: '15%' },
    rating: { values: ['3', '5'], bad: 6, cell: '3星' },
    slider: { values: ['10', '90'], bad: 101, cell: 10 },
    date: { values: ['2026-03-04', '2026-03-05'], bad: '2026-02-30', cell: '2026年3月4日' },
    datetime: { values: ['2026-03-04T00:30:00.000Z', '2026-03-05T00:30:00.000Z'], bad: 'x', cell: '2026-03-04 08:30' },
    time: { values: ['09:30', '18:00'], bad: '25:00', cell: '上午9:30' },
    dateRange: {
      values: ['2026-03-01/2026-03-04', '2026-04-01/2026-04-02'],
      bad: '2026-03-04/2026-03-01',
      cell: '2026-03-01 ~ 2026-03-04',
      condition: '2026-03-01',
    },
    select: { values: ['A', 'B'], config: { options }, bad: 'C', cell: 'A级' },
    multiSelect: {
      values: [['A', 'B'], ['B']],
      config: { options, display: 'checkbox' },
      bad: ['C'],
      cell: 'A级、B级',
    },
    cascader: { values: ['华东/浙江', '华南'], config: { options: region }, bad: '华东', cell: '华东区/浙江' },
    tags: { values: [['重点'], ['老客户']], bad: [[1]], cell: '重点' },
    switch: { values: [true, false], bad: 'x', cell: '是' },
    phone: {
      values: [['13800138000'], ['13900139000']],
      bad: ['123'],
      cell: '138 0013 8000',
      condition: '13800138000',
    },
    email: { values: ['a@b.cn', 'c@d.cn'], bad: 'x', cell: 'a@b.cn' },
    url: { values: ['https://a.cn/', 'https://b.cn/'], bad: 'x y', cell: 'https://a.cn/' },
    idNumber: {
      values: ['11010519491231002X', '440524188001010014'],
      bad: '110105194912310021',
      cell: '11010519491231002x',
    },
    creditCode: {
      values: ['91350100M000100Y43', '91110000600037341L'],
      bad: '91350100M000100Y44',
      cell: '91350100M000100Y43',
    },
    member: { values: [me, him], bad: first, cell: '王芳' },
    members: { values: [[me, him], [him]], bad: [first], cell: '王芳、李雷' },
    department: { values: [department, other], bad: first, cell: '销售部' },
    departments: { values: [[department], [other]], bad: [first], cell: '销售部' },
    relation: { values: [first, second], config: { formId: formId }, bad: me, cell: '甲' },
    relations: { values: [[first, second], [second]], config: { formId: formId }, bad: [me], cell: '甲、乙' },
    subform: {
      values: [
        [{ id: uuid7(), values: { name: '甲', amount: '1.5' } }],
        [{ id: uuid7(), values: { name: '乙', amount: null } }],
      ],
      config: {
        fields: [
          { key: 'name', name: '品名', type: 'text' },
          { key: 'amount', name: '金额', type: 'money' },
        ],
      },
      bad: [{ values: { amount: 'x' } }],
      cell: null,
    },
    attachment: { values: [[picture], [another]], bad: [me], cell: null },
    image: { values: [[picture, another], [another]], bad: [me], cell: null },
    signature: { values: [[picture], [another]], bad: [picture, another], cell: null },
    barcode: { values: ['6901234567892', 'LK-1'], bad: 'x'.repeat(201), cell: '6901234567892' },
    location: {
      values: [
        { lat: 30.2, lng: 120.2 },
        { lat: 31, lng: 121, name: '外滩' },
      ],
      bad: { lat: 91, lng: 0 },
      cell: '30.2,120.2',
    },
    address: {
      values: [{ province: '浙江省', city: '杭州市' }, { city: '上海市' }],
      bad: { nothing: 1 },
      cell: null,
      condition: '杭州',
    },
  };
}
