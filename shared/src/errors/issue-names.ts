/** A phrase in both languages of the product. */
export interface Words {
  zh: string;
  en: string;
}

export type Language = keyof Words;

/** What zod calls the types of values, in words. */
export const typeNames: Record<string, Words> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  bigint: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表 […]', en: 'a list […]' },
  tuple: { zh: '列表 […]', en: 'a list […]' },
  set: { zh: '列表 […]', en: 'a list […]' },
  object: { zh: '对象 {…}', en: 'an object {…}' },
  record: { zh: '对象 {…}', en: 'an object {…}' },
  map: { zh: '对象 {…}', en: 'an object {…}' },
  null: { zh: '空值 null', en: 'null' },
  undefined: { zh: '空', en: 'nothing' },
  void: { zh: '空', en: 'nothing' },
  nonoptional: { zh: '一个值', en: 'a value' },
  date: { zh: '日期', en: 'a date' },
  file: { zh: '文件', en: 'a file' },
  nan: { zh: '不是数字的值', en: 'not a number' },
  symbol: { zh: '符号', en: 'a symbol' },
  function: { zh: '函数', en: 'a function' },
};

/** Formats of texts that zod knows, each completing a sentence: what the text is not, and what it should be. */
export const formatTexts: Record<string, Words> = {
  uuid: {
    zh: '不是编号，应为 UUID，如 01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e5f',
    en: 'is no id, expected a UUID such as 01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e5f',
  },
  guid: {
    zh: '不是编号，应为 GUID，如 01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e5f',
    en: 'is no id, expected a GUID such as 01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e5f',
  },
  email: {
    zh: '邮箱地址不对，应为 name@example.com 这样',
    en: 'is no mail address, expected one such as name@example.com',
  },
  url: {
    zh: '网址不对，应为 https://example.com 这样',
    en: 'is no web address, expected one such as https://example.com',
  },
  datetime: {
    zh: '时间不对，应为带时区的 ISO 时间，如 2026-03-01T09:30:00Z 或 2026-03-01T17:30:00+08:00',
    en: 'is no time, expected an ISO time with its zone such as 2026-03-01T09:30:00Z or 2026-03-01T17:30:00+08:00',
  },
  date: { zh: '日期不对，应为 2026-03-01 这样', en: 'is no date, expected one such as 2026-03-01' },
  time: { zh: '时间不对，应为 09:30:00 这样', en: 'is no time of day, expected one such as 09:30:00' },
  duration: { zh: '时长不对，应为 P1DT2H 这样的 ISO 时长', en: 'is no duration, expected an ISO one such as P1DT2H' },
  ipv4: { zh: 'IPv4 地址不对，应为 192.168.1.1 这样', en: 'is no IPv4 address, expected one such as 192.168.1.1' },
  ipv6: { zh: 'IPv6 地址不对，应为 2001:db8::1 这样', en: 'is no IPv6 address, expected one such as 2001:db8::1' },
  cidrv4: {
    zh: 'IPv4 网段不对，应为 192.168.0.0/16 这样',
    en: 'is no IPv4 range, expected one such as 192.168.0.0/16',
  },
  cidrv6: { zh: 'IPv6 网段不对，应为 2001:db8::/32 这样', en: 'is no IPv6 range, expected one such as 2001:db8::/32' },
  mac: {
    zh: 'MAC 地址不对，应为 00:1a:2b:3c:4d:5e 这样',
    en: 'is no MAC address, expected one such as 00:1a:2b:3c:4d:5e',
  },
  hostname: { zh: '主机名不对，应为 example.com 这样', en: 'is no host name, expected one such as example.com' },
  base64: { zh: '内容不是 base64 编码', en: 'is not encoded in base64' },
  base64url: { zh: '内容不是 base64url 编码', en: 'is not encoded in base64url' },
  hex: { zh: '内容不是十六进制，只能含 0–9 和 a–f', en: 'is not hexadecimal, expected 0–9 and a–f only' },
  json_string: { zh: '内容不是 JSON', en: 'is not JSON' },
  e164: { zh: '电话号码不对，应为 +8613800138000 这样', en: 'is no phone number, expected one such as +8613800138000' },
  jwt: { zh: '内容不是 JWT', en: 'is no JWT' },
  emoji: { zh: '只能是表情符号', en: 'may only hold emoji' },
  lowercase: { zh: '只能用小写字母', en: 'must be in lower case' },
  uppercase: { zh: '只能用大写字母', en: 'must be in upper case' },
};
