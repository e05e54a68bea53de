import { describe, expect, it } from 'vitest';
import { readWorkbook } from './read-workbook.js';

const head = `<?xml version="1.0" encoding="UTF-8"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">`;
const sheet = (rows: string, name = '客户', more = '') =>
  `<Worksheet ss:Name="${name}"><Table ss:ExpandedColumnCount="6">${rows}</Table>${more}</Worksheet>`;
const file = (...sheets: string[]) => Buffer.from(`${head}<Styles/>${sheets.join('')}</Workbook>`);
const row = (...cells: string[]) => `<Row>${cells.join('')}</Row>`;
const cell = (type: string, text: string, more = '') => `<Cell${more}><Data ss:Type="${type}">${text}</Data></Cell>`;

describe('XML Spreadsheet 2003 under the name .xls', () => {
  it('reads texts, numbers, dates, switches and failed formulas', async () => {
    const { sheets } = await readWorkbook(
      file(
        sheet(
          row(cell('String', '名称'), cell('String', '金额'), cell('String', '日期')) +
            row(
              cell('String', '甲 &amp; 乙&#10;公司'),
              cell('Number', '1234.5'),
              cell('DateTime', '2025-03-07T16:11:00.000'),
              cell('Boolean', '1'),
              cell('Error', '#N/A'),
              cell('Number', '6222021234567890123'),
            ),
          '客户 &amp; 联系人',
        ),
      ),
    );
    expect(sheets).toHaveLength(1);
    expect(sheets[0]).toMatchObject({
      name: '客户 & 联系人',
      hidden: false,
      rows: [
        ['名称', '金额', '日期'],
        ['甲 & 乙\n公司', 1234.5, new Date('2025-03-07T16:11:00Z'), true, '#N/A', '6222021234567890123'],
      ],
    });
  });

  it('keeps places that it names, merged cells, hidden rows and sheets, and texts with marks', async () => {
    const rich = '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>重</B>点</ss:Data></Cell>';
    const { sheets } = await readWorkbook(
      file(
        sheet(
          row(cell('String', '部门', ' ss:MergeAcross="1"'), cell('String', '备注')) +
            `<Row ss:Index="3" ss:Hidden="1">${cell('String', '华东', ' ss:MergeDown="1"')}${rich}</Row>` +
            row(cell('String', '第二', ' ss:Index="2"'), '<Cell ss:Formula="=SUM(A1)"/>'),
        ),
        sheet(
          row(cell('String', '藏')),
          '旧',
          '<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>',
        ),
      ),
    );
    expect(sheets[0]).toMatchObject({
      rows: [['部门', null, '备注'], [], ['华东', '重点'], ['华东', '第二', null]],
      hiddenRows: [2],
      merges: [
        { startRow: 0, endRow: 0, startCol: 0, endCol: 1 },
        { startRow: 2, endRow: 3, startCol: 0, endCol: 0 },
      ],
      uncomputed: { count: 1, cells: ['C4'] },
    });
    expect(sheets[1]).toMatchObject({ name: '旧', hidden: true });
  });

  it('reads files whose elements have a prefix, and those in GB18030', async () => {
    const mixed = Buffer.from(
      `${head}<ss:Worksheet ss:Name='甲'><Table><Row ss:Height="12"><Cell><Data ss:Type="String">名称</Data></Cell></Row></Table></ss:Worksheet></Workbook>`,
    );
    expect((await readWorkbook(mixed)).sheets).toMatchObject([{ name: '甲', rows: [['名称']] }]);
    const iconv = (await import('iconv-lite')).default;
    const old = iconv.encode(
      `${head.replace('UTF-8', 'gb2312')}${sheet(row(cell('String', '杭州')))}</Workbook>`,
      'gb18030',
    );
    expect((await readWorkbook(old)).sheets[0]?.rows).toEqual([['杭州']]);
  });

  it.each([
    ['a row that never ends', `<Row><Cell><Data ss:Type="String">名称</Data>`, /表格文件/],
    ['a cell beyond every column', row(cell('String', '远', ' ss:Index="99999999"')), /行或列过多/],
    ['a row beyond every row', `<Row ss:Index="99999999">${cell('String', '远')}</Row>`, /行或列过多/],
    ['rows that go back', `${row(cell('String', '甲'))}<Row ss:Index="1">${cell('String', '乙')}</Row>`, /行或列过多/],
    ['the call of a program', row(cell('String', "=cmd|'/C calc'!A0")), /运行别的程序/],
    ['thousands of cells that never end', `<Row>${'<Cell><Data>'.repeat(200_000)}</Row>`, /不完整或已损坏/],
    ['nothing', '', /没有数据/],
  ])('refuses %s', async (_, rows, why) => {
    await expect(readWorkbook(file(sheet(rows)))).rejects.toMatchObject({
      code: 'invalid_file',
      params: { detail: expect.stringMatching(why) },
    });
  });
});
