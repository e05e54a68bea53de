import { dayDate, dayNumber } from '@lianke/shared/time/work-days';
import { describe, expect, it } from 'vitest';
import type { ReadField } from '../../../api/queries.js';
import { placedValues, pulled, shiftedValues, spanFilter, spanOf } from './gantt-dates.js';

const field = (key: string, type: string) => ({ id: `f_${key}`, key, name: key, type, config: {} }) as ReadField;
const dates = { start: field('start', 'date'), end: field('end', 'date') };
const instants = { start: field('start', 'datetime'), end: field('end', 'datetime') };
const range = { start: field('term', 'dateRange'), end: undefined };
const single = { start: field('start', 'date'), end: undefined };
const day = dayNumber;
const told = (span: ReturnType<typeof spanOf>) => span && [dayDate(span.from), dayDate(span.to), span.reversed];

describe('the days of a record', () => {
  it('run from its start to its end, both in the company’s zone', () => {
    expect(told(spanOf(dates, { start: '2026-03-01', end: '2026-03-04' }))).toEqual([
      '2026-03-01',
      '2026-03-04',
      false,
    ]);
    expect(told(spanOf(instants, { start: '2026-03-01T17:00:00Z', end: '2026-03-02T10:00:00Z' }))).toEqual([
      '2026-03-02',
      '2026-03-02',
      false,
    ]);
    expect(told(spanOf(range, { term: '2026-03-01/2026-04-01' }))).toEqual(['2026-03-01', '2026-04-01', false]);
  });

  it('are one day without an end or with one before the start, and none without a start', () => {
    expect(told(spanOf(dates, { start: '2026-03-01' }))).toEqual(['2026-03-01', '2026-03-01', false]);
    expect(told(spanOf(dates, { start: '2026-03-05', end: '2026-03-01' }))).toEqual(['2026-03-05', '2026-03-05', true]);
    expect([spanOf(dates, { end: '2026-03-01' }), spanOf(range, { term: null })]).toEqual([undefined, undefined]);
  });
});

describe('a moved bar', () => {
  const values = { start: '2026-02-27', end: '2026-03-02' };
  it('keeps its length, and instants their time of day', () => {
    expect(shiftedValues(dates, values, pulled('whole', 2, { from: 0, to: 3 }))).toEqual({
      start: '2026-03-01',
      end: '2026-03-04',
    });
    expect(
      shiftedValues(
        instants,
        { start: '2026-03-01T01:00:00.000Z', end: '2026-03-03T10:00:00.000Z' },
        { from: -1, to: -1 },
      ),
    ).toEqual({ start: '2026-02-28T01:00:00.000Z', end: '2026-03-02T10:00:00.000Z' });
    expect(shiftedValues(range, { term: '2026-02-27/2026-03-02' }, { from: 2, to: 2 })).toEqual({
      term: '2026-03-01/2026-03-04',
    });
    expect(shiftedValues(single, { start: '2026-02-27' }, { from: 7, to: 7 })).toEqual({ start: '2026-03-06' });
  });

  it('moves both ends of a record whose end lies before its start, and gives no end to one without', () => {
    expect(shiftedValues(dates, { start: '2026-03-05', end: '2026-03-01' }, { from: 1, to: 1 })).toEqual({
      start: '2026-03-06',
      end: '2026-03-02',
    });
    expect(shiftedValues(dates, { start: '2026-03-05', end: null }, { from: 1, to: 1 })).toEqual({
      start: '2026-03-06',
    });
  });

  it('writes nothing when it stays', () => {
    expect(shiftedValues(dates, values, { from: 0, to: 0 })).toEqual({});
  });
});

describe('a stretched bar', () => {
  it('moves one end, which never passes the other', () => {
    const span = { from: 10, to: 14 };
    expect(pulled('to', 3, span)).toEqual({ from: 0, to: 3 });
    expect(pulled('to', -9, span)).toEqual({ from: 0, to: -4 });
    expect(pulled('from', 9, span)).toEqual({ from: 4, to: 0 });
    expect(shiftedValues(dates, { start: '2026-03-01', end: '2026-03-04' }, { from: 0, to: -1 })).toEqual({
      end: '2026-03-03',
    });
  });

  it('gives a record its first end, instants at the end of a working day', () => {
    expect(shiftedValues(dates, { start: '2026-03-01', end: null }, { from: 0, to: 2 })).toEqual({ end: '2026-03-03' });
    expect(shiftedValues(instants, { start: '2026-03-01T01:00:00Z' }, { from: 0, to: 2 })).toEqual({
      end: '2026-03-03T10:00:00.000Z',
    });
  });
});

it('asks the server for what shares a day with the sheet', () => {
  const sheet = { from: day('2026-03-01'), to: day('2026-03-31') };
  expect(spanFilter(single, sheet)).toEqual({ field: 'f_start', op: 'between', value: ['2026-03-01', '2026-03-31'] });
  expect(spanFilter(range, sheet)).toEqual({ field: 'f_term', op: 'contains', value: ['2026-03-01', '2026-03-31'] });
  expect(spanFilter(dates, sheet)).toEqual({
    and: [
      { field: 'f_start', op: 'lte', value: '2026-03-31' },
      {
        or: [
          { field: 'f_end', op: 'gte', value: '2026-03-01' },
          { field: 'f_start', op: 'gte', value: '2026-03-01' },
        ],
      },
    ],
  });
});

it('places a record without dates on its first ones', () => {
  const chosen = { from: day('2026-03-02'), to: day('2026-03-04') };
  expect(placedValues(dates, chosen)).toEqual({ start: '2026-03-02', end: '2026-03-04' });
  expect(placedValues(range, chosen)).toEqual({ term: '2026-03-02/2026-03-04' });
  expect(placedValues(single, chosen)).toEqual({ start: '2026-03-02' });
  expect(placedValues(instants, chosen)).toEqual({
    start: '2026-03-02T01:00:00.000Z',
    end: '2026-03-04T10:00:00.000Z',
  });
});
