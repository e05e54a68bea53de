import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { chineseByNature } from './support/chinese-by-nature.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const han = /\p{Script=Han}/u;
const latin = /[A-Za-z]{2}/;
/** Files whose Chinese has its English in a twin or beside it: tables of words, and page titles that hosts read as they are. */
const wordFiles =
  /(^|\/)(words(-[\w-]+)?|texts|[\w-]*i18n|[\w-]+-words|sentence-zh)\.ts$|\/(i18n|messages|migrations)\/|\.config\.ts$/;

describe('texts', () => {
  const found = ['server', 'console', 'miniapp'].flatMap((part) => {
    const root = join(project, part, 'src');
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.(spec|test)\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(100);
    return files.flatMap((file) => {
      const path = relative(project, file);
      if (wordFiles.test(path)) return [];
      return chineseOnly(readFileSync(file, 'utf8'), path).map((line) => ({ path, line }));
    });
  });

  it('have an English of their own wherever somebody may read them in it', () => {
    const known = new Set(Object.keys(chineseByNature));
    expect(
      found.filter(({ path }) => !known.has(path)).map(({ path, line }) => `${path}:${line}`),
      'pair them ({ zh, en }), move them into a table of words, or say in chinese-by-nature.ts why they are Chinese',
    ).toEqual([]);
  });

  it('that are Chinese by nature are still there', () => {
    const paths = new Set(found.map(({ path }) => path));
    expect(Object.keys(chineseByNature).filter((path) => !paths.has(path))).toEqual([]);
  });

  it.each([
    `return { id, label: '系统' };`,
    `const reason = \`第 \${row} 行没有写入\`;`,
    `error: owner ? '已离职' : 'left'`,
    `return <span>没有数据</span>;`,
    `<Tag title="待处理" />`,
    `const words = { zh: '系统' };`,
    `const card = { title: \`\${n} 条新消息\`, facts: [], buttons: [] };`,
    `facts.push({ label: '结果', value });`,
    `await notifier.update(tx, ctx, { about, outcome: \`\${name} 已同意\`, by });`,
  ])('are found where they speak Chinese only: %s', (source) => {
    expect(chineseOnly(`// line 1\n${source}`, 'sample.tsx')).toEqual([2]);
  });

  it.each([
    `const system = { zh: '系统', en: 'System' };`,
    `const text = language === 'en' ? 'System' : '系统';`,
    `throw new StartupError('端口被占用', 'the port is in use');`,
    `say('没有 / none of them');`,
    `const yes = /是|对/;`,
    `const card = { title: { zh: '有新消息', en: 'News' }, facts: [{ label: { zh: '结果', en: 'Result' }, value }] };`,
    `// 例如\nconst names = list.join('、');`,
  ])('are let alone where they do not: %s', (source) => {
    expect(chineseOnly(source, 'sample.tsx')).toEqual([]);
  });
});

/** Lines with a text in Chinese that has no English beside it. */
function chineseOnly(text: string, path: string): number[] {
  if (!han.test(text)) return [];
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (isPaired(node) || isBilingual(wholeOf(node) ?? '')) return;
    const said = textOf(node);
    if (said !== undefined && han.test(said)) lines.add(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...lines];
}

/** An object with its English, a choice by language, and a text whose next one says the same in English. */
function isPaired(node: ts.Node): boolean {
  if (ts.isObjectLiteralExpression(node))
    return node.properties.some((property) => ['en', 'english'].includes(property.name?.getText() ?? ''));
  if (ts.isConditionalExpression(node)) return /\blanguage\b|'zh'|'en'/.test(node.condition.getText());
  const list = siblingsOf(node);
  const next = list?.[list.indexOf(node) + 1];
  return next !== undefined && isEnglish(next);
}

function siblingsOf({ parent }: ts.Node): readonly ts.Node[] | undefined {
  if (parent === undefined) return undefined;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.arguments;
  return ts.isArrayLiteralExpression(parent) ? parent.elements : undefined;
}

function isEnglish(node: ts.Node): boolean {
  const said = wholeOf(node);
  return said !== undefined && latin.test(said) && !han.test(said);
}

/** What operators read on a terminal stands in both languages in one line: 「没有 / none」. */
const isBilingual = (said: string): boolean => / \/ .*[A-Za-z]{2}/.test(said);

/** A template's text without what is put into it. */
function wholeOf(node: ts.Node): string | undefined {
  return ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('')
    : textOf(node);
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isJsxText(node)) return node.text;
  return ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) ? node.text : undefined;
}
