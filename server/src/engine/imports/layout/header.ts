import { fold } from '@lianke/shared/filter/fold';

/** A header cell taken apart: `*预计成交金额（万元）` is 预计成交金额, counted in 10,000. */
export interface Header {
  /** As it stands in the file, line breaks as blanks. */
  text: string;
  /** Without unit, remarks in brackets, required marks and colons. */
  name: string;
  factor?: number;
}

const factors: Record<string, number> = {
  元: 1,
  千元: 1e3,
  千: 1e3,
  万元: 1e4,
  万: 1e4,
  百万元: 1e6,
  百万: 1e6,
  千万: 1e7,
  千万元: 1e7,
  亿元: 1e8,
  亿: 1e8,
};
const bracket = /[(（[【]([^)）\]】]*)[)）\]】]/g;

/** The multiplier that `万元`, `单位：万元`, `人民币万元` name; undefined for anything else. */
export function unitFactor(text: string): number | undefined {
  const word = fold(text)
    .replace(/\s/g, '')
    .replace(/^(单位|金额单位|人民币|rmb|cny)[:为]?/, '')
    .replace(/^(人民币)/, '');
  return factors[word];
}

export function readHeader(cell: string): Header {
  const text = cell.replace(/\s*[\r\n]+\s*/g, ' ').trim();
  let factor: number | undefined;
  const plain = text.replace(bracket, (_, inside: string) => {
    factor ??= unitFactor(inside);
    return '';
  });
  const tail = /^(.*?)[/／:：\s]((?:人民币)?(?:百万|千万|[千万亿])?元)$/.exec(plain);
  if (tail) factor ??= unitFactor(tail[2] ?? '');
  const name = (tail?.[1] ?? plain).replace(/^[*＊\s]+|[*＊:：\s]+$/g, '').trim();
  return { text, name: name === '' ? text : name, ...(factor !== undefined && { factor }) };
}
