import type { ImportOptions } from '@lianke/shared/imports/api';
import type { zh } from './words-zh.js';

const duplicates: Record<ImportOptions['duplicates'], string> = {
  create: 'created all the same',
  merge: 'merged into one record',
  skip: 'skipped',
};
const ambiguous: Record<ImportOptions['ambiguous'], string> = {
  choose: 'choose row by row',
  owner: 'decided by the owner; choose row by row where that does not decide',
  first: 'the oldest one is taken',
  refuse: 'not imported',
};
const rows = (count: number) => (count === 1 ? '1 row' : `${count} rows`);

/** What is said of files, sheets and rows of an import, in English. */
export const en: typeof zh = {
  language: 'en',
  clauses: (texts) => texts.join('; '),
  listed: (texts) => texts.join(', '),

  noValue: (field) => `no ${field}`,
  noColumn: (field) => `no column for "${field}"`,
  unusable: (field, text) => `${field} "${text}" cannot be used`,
  fault: (field, text, why) => `${field} "${text}": ${why}`,
  emptied: (why) => `${why}; left empty`,
  partKept: (why) => `${why}; only what is understood is kept`,
  foundKept: (why) => `${why}; only those found are kept`,
  rounded: (field) =>
    `${field} has more than 15 digits and the spreadsheet has put zeros in place of the last ones: format the column as text, fill it in again and import`,
  mapped: (text, to) => `"${text}" → ${to === '' ? 'left empty' : to}`,
  keptOf: (text, kept) => `${text} → ${kept}`,
  left: (name) => `"${name}" has left`,
  stranger: (name) => `there is no member "${name}"`,
  ofPerson: (column, why) => `${column}: ${why}`,
  tooManyLines: (subform, count, most) => `${subform} has ${rows(count)}, at most ${most} are possible`,
  inLine: (subform, row, why) => `${subform} (row ${row}): ${why}`,
  inRow: (row, why) => `row ${row}: ${why}`,
  ofForm: (form, why) => `${form}: ${why}`,

  notFound: (field, text) => `${field} "${text}" was not found`,
  unclear: (field, text, count) => `there are ${count} of ${field} "${text}"; which one is meant is not clear`,
  toChoose: (field, text, count) => `there are ${count} of ${field} "${text}"; choose which one is meant`,
  declined: (field, text, count) => `there are ${count} of ${field} "${text}"; not imported, as chosen`,
  several: (text, count, chosen) => `there are ${count} of "${text}"${chosen ? `; taken: ${chosen}` : ''}`,

  rowOf: (row, owner) => `row ${row}${owner === '' ? '' : `, owner ${owner}`}`,
  knownRecord: (title, owner) =>
    `the existing ${title === '' ? 'record' : `"${title}"`}${owner === '' ? '' : `, owner ${owner}`}`,
  sameAs: (places, count, owner) =>
    `same name as ${places.join('; ')}${count > places.length ? ` and others, ${count} in all` : ''}${owner === '' ? '' : `; this row's owner is ${owner}`}`,
  noIdentity: () => 'nothing to tell the record by; the one to be changed is not found',
  manyKnown: (count) => `there are ${count} such records; which one to change is not clear`,
  noneKnown: () => 'the record to be changed was not found',

  refusedRows: (count, why) => `${rows(count)} not imported: ${why}`,
  repeatedRows: (count, rule) => `${rows(count)} with a name that repeats: ${duplicates[rule]}`,
  leaverRows: (count, chosen) =>
    `${rows(count)} of people who have left: ${chosen ? 'go to the chosen member' : 'left unassigned'}`,
  strangerRows: (count, chosen) =>
    `${rows(count)} of people who are no members: ${chosen ? 'go to the chosen member' : 'left unassigned'}`,
  badRows: (count, field) => `${rows(count)} with a ${field} that is not understood: left empty`,
  roundedRows: (count, field, examples) =>
    `${rows(count)} with more decimals than ${field} has are rounded, for example ${examples.join(', ')}; to keep them all, give ${field} more decimals in the form first`,
  mappedRows: (texts) => texts.map(([text, times]) => `${text} (${times})`).join(', '),
  ambiguousRows: (count, field, rule) => `${rows(count)} with a ${field} of several records: ${ambiguous[rule]}`,
  unlinkedRows: (count, field) => `${rows(count)} whose ${field} was not found`,
  unassigned: () => 'Unassigned',
  pictures: (count) => (count === 1 ? '1 picture' : `${count} pictures`),

  notWritten: () => 'not written',
  ofLine: (subform, row, field) => `${subform}, row ${row}, ${field}`,
  ofField: (field, why) => `${field}: ${why}`,
  formLeftOut: (form, why) => `${form} was not imported: ${why}`,
  broken: () => 'something broke and the import stopped; what was imported can be undone',
  takenBack: (row, why) => `row ${row} was not written (${why}); everything was taken back`,
  system: () => 'System',

  emptySheet: () => 'Nothing in it',
  noTable: () => 'Text only, no table',
  hiddenSheet: () => 'Hidden sheet',
  noForm: () => 'No form fits; making a new one needs the right to design',
  noRows: () => 'No rows below the header',

  errorsName: (file) => `${file} rows not imported.xlsx`,
  noErrors: () => 'Every row was imported',
  reasonHeader: () => 'Why it was not imported',
  templateName: (form) => `${form} import template.xlsx`,
  sampleMark: () => 'Sample, not imported',
  optionsSheet: () => 'Options',
  yes: () => 'Yes',
  no: () => 'No',
  yuan: () => ' (元)',
  tenThousandYuan: () => ' (万元)',
  percent: () => ' (%)',
  samples: {
    text: 'Text',
    longText: 'Text with line breaks',
    tags: 'Key account, Regular',
    address: '浙江省杭州市西湖区文三路 1 号',
    member: 'Name, phone number or account',
    members: 'Name, Name',
    department: 'Name of a department',
    departments: 'Department, Department',
    relation: 'Title of the other record',
  },
};
