import { expect, it } from 'vitest';
import { mentioned } from './mentions.js';

const fields = [
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
