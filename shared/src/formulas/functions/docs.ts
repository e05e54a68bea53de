import { dateDocs } from './docs-date.js';
import { listDocs } from './docs-list.js';
import { logicDocs } from './docs-logic.js';
import { numberDocs } from './docs-number.js';
import { textDocs } from './docs-text.js';

/**
 * What help says of one function, for editors only: nothing that computes imports it. `example` computes to `result`
 * (as text) at 2026-03-04 10:30 in Shanghai over the rows of `docSample`; a test holds each to it.
 */
export interface FunctionDoc {
  args: { zh: string; en: string };
  text: { zh: string; en: string };
  example: string;
  result: string;
}

/** Args zh, args en, text zh, text en, example, result. */
export type DocRow = readonly [string, string, string, string, string, string];

const rows: Record<string, DocRow> = { ...logicDocs, ...numberDocs, ...listDocs, ...textDocs, ...dateDocs };

/** Help by canonical function name. */
export const functionDocs: Readonly<Record<string, FunctionDoc>> = Object.fromEntries(
  Object.entries(rows).map(([name, [zhArgs, enArgs, zh, en, example, result]]) => [
    name,
    { args: { zh: zhArgs, en: enArgs }, text: { zh, en }, example, result },
  ]),
);

/** Related rows that the examples speak of. */
export const docSample = {
  金额: ['100', '250', '50'],
  数量: ['1', '2', '3'],
  状态: ['已签', '未签', '已签'],
} as const;
