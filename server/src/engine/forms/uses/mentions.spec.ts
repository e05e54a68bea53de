import { expect, it } from 'vitest';
import { type FieldName, mentioned } from './mentions.js';

const fields: FieldName[] = [
  { id: 'f_aaaaaaaaaa', key: 'grade' },
  { id: 'f_bbbbbbbbbb', key: 'name' },
];

it.each<[string, unknown, string[]]>([
  ['an id in a text', { note: 'x f_aaaaaaaaaa y' }, ['f_aaaaaaaaaa']],
  ['an id as a key', { anything: { f_bbbbbbbbbb: 1 } }, ['f_bbbbbbbbbb']],
  ['a key where a field is named', { filter: { and: [{ field: 'grade', op: 'empty' }] } }, ['f_aaaaaaaaaa']],
  ['a key at the end of a path', { columns: ['customer.grade', 'owner'] }, ['f_aaaaaaaaaa']],
  ['a key of a map of widths', { look: { widths: { name: 120 } } }, ['f_bbbbbbbbbb']],
  ['a text that happens to be a key', { name: 'grade', title: 'name', value: 'grade' }, []],
])('%s', (_, definition, expected) => expect(mentioned(definition, fields)).toEqual(expected));

const price: FieldName = { id: 'f_cccccccccc', key: 'price', within: { id: 'f_dddddddddd', key: 'items' } };

it.each<[string, unknown, boolean]>([
  ['a column by the keys of both', { filter: { field: 'items.price', op: 'gt', value: 1 } }, true],
  ['a column after a relation', { columns: ['order.items.price'] }, true],
  ['a column of the subform named by its id', { path: 'f_dddddddddd.price' }, true],
  ['a right by the path of a column', { fields: { 'items.price': 'hide' } }, true],
  ['a value in a row that is given', { field: 'items', value: { value: [{ values: { price: '1' } }] } }, true],
  ['a value in a row by the subform’s key', { values: { items: [{ values: { price: '1' } }] } }, true],
  ['the form’s own field of the same key', { filter: { field: 'price', op: 'empty' } }, false],
  ['a column of the same key of another subform', { columns: ['parts.price'] }, false],
  ['a value in a row of another subform', { field: 'parts', value: { value: [{ values: { price: '1' } }] } }, false],
])('%s', (_, definition, found) => expect(mentioned(definition, [price])).toEqual(found ? [price.id] : []));
