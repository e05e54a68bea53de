import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import '../i18n/common.js';
import { i18n } from '../i18n/index.js';
import {
  formatBytes,
  formatDatetime,
  formatMoney,
  formatNumber,
  formatRecent,
  formatTotal,
  fromWallTime,
  moneyPlaces,
  moneyUnit,
  setTimeZone,
  toWallTime,
} from './format.js';

afterEach(() => setTimeZone('Asia/Shanghai'));

describe('numbers and money', () => {
  it('separates thousands and rounds half up', () => {
    expect(formatNumber('1234567.5')).toBe('1,234,567.5');
    expect(formatNumber('1234567.455', 2)).toBe('1,234,567.46');
    expect(formatNumber('999.999', 2)).toBe('1,000.00');
    expect(formatNumber('-0.001', 2)).toBe('0.00');
    expect(formatNumber('1e5')).toBe('1e5');
  });
  it('shows yuan, ten thousands and other currencies', () => {
    expect(formatMoney('580000')).toBe('580,000 元');
    expect(formatMoney('580000.5')).toBe('580,000.50 元');
    expect(formatMoney('585000', { display: 'wan' })).toBe('58.5 万元');
    expect(formatMoney('12', { currency: 'USD' })).toBe('12 USD');
    expect(formatMoney('585000', { currency: 'USD', display: 'wan' })).toBe('58.5 万 USD');
    expect(moneyUnit({ currency: 'USD', display: 'wan' })).toBe('万 USD');
  });
  it('shows amounts of 万 in full to who reads English', async () => {
    await i18n.changeLanguage('en');
    onTestFinished(() => void i18n.changeLanguage('zh'));
    expect(formatMoney('585000', { display: 'wan' })).toBe('585,000 CNY');
    expect(formatMoney('585000.5', { currency: 'USD', display: 'wan' })).toBe('585,000.50 USD');
    expect(moneyPlaces({ display: 'wan' })).toBe(0);
  });
  it('says when a total is only a lower bound', () => {
    expect(formatTotal(3979)).toBe('3,979');
    expect(formatTotal({ atLeast: 10000 })).toBe('10,000+');
  });
  it('shows sizes', () => {
    expect(formatBytes(900)).toBe('900 B');
    expect(formatBytes(1_300_000)).toBe('1.2 MB');
  });
});

describe('times', () => {
  it('are shown and read back in the company’s zone', () => {
    expect(formatDatetime('2025-03-06T16:30:00.000Z')).toBe('2025-03-07 00:30');
    expect(fromWallTime(toWallTime('2025-03-06T16:30:00.000Z'))).toBe('2025-03-06T16:30:00.000Z');
    setTimeZone('America/New_York');
    expect(formatDatetime('2025-03-06T16:30:00.000Z')).toBe('2025-03-06 11:30');
    expect(fromWallTime(toWallTime('2025-07-06T16:30:00.000Z'))).toBe('2025-07-06T16:30:00.000Z');
  });
  it('are relative within a week', () => {
    const now = new Date('2025-03-07T04:00:00Z');
    expect(formatRecent('2025-03-07T03:59:40Z', now)).toBe('刚刚');
    expect(formatRecent('2025-03-07T03:57:00Z', now)).toBe('3 分钟前');
    expect(formatRecent('2025-03-06T17:00:00Z', now)).toBe('11 小时前');
    expect(formatRecent('2025-03-02T03:00:00Z', now)).toBe('5 天前');
    expect(formatRecent('2025-02-01T17:00:00Z', now)).toBe('2025-02-02');
    expect(formatRecent('2025-03-09T03:00:00Z', now)).toBe('2025-03-09');
  });
});
