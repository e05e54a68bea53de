import iconv from 'iconv-lite';
import { badFile } from './workbook.js';

/**
 * Text of a CSV file: by its byte order mark, else UTF-8 if it is valid, else GB18030 (which every ANSI file of a Chinese
 * Windows is). A file with NUL bytes is none.
 */
export function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return iconv.decode(bytes, 'utf16le').replace(/^\ufeff/, '');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return iconv.decode(bytes, 'utf16be').replace(/^\ufeff/, '');
  if (bytes.includes(0)) throw notASheet();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const text = iconv.decode(bytes, 'gb18030');
    const wrong = text.match(/\ufffd/g)?.length ?? 0;
    if (wrong > text.length / 100) throw notASheet();
    return text;
  }
}

export function notASheet(): Error {
  return badFile({
    zh: '这不是表格文件，请上传 .xlsx、.xls 或 .csv 文件',
    en: 'this is not a spreadsheet; upload an .xlsx, .xls or .csv file',
  });
}
