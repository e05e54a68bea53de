import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));
const chinese = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef“”]/u;

describe('refusals', () => {
  it('say why in both languages, everywhere', () => {
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(500);
    const found = files.flatMap((file) =>
      chineseOnly(readFileSync(file, 'utf8')).map((line) => `${relative(root, file)}:${line}`),
    );
    expect(found, 'use refusal(code, { zh, en }) of kernel/errors/app-error.ts').toEqual([]);
  });

  it.each([
    `throw new AppError('wrong_state', { detail: '已经撤销' });`,
    `refuse(row, { code: 'in_use', params: { detail: \`\${n} 条\` } });`,
    `refuse(row, { code: 'forbidden', params: { action: '删除这条数据' } });`,
    `new AppError('invalid_request', { detail: owner ? '群主要在群里' : 'no' })`,
    `new AppError('in_use', { detail: names.join('、') })`,
    `new AppError('forbidden', { action: '导出数据' })`,
    `new AppError('invalid_definition', { detail }, { fields: [{ field, code: 'unknown_field' }] })`,
    `new AppError('wrong_state', { detail: why(row) })`,
    `class Moved extends AppError { constructor() { super('wrong_state', { detail: '表单刚刚换了新版本' }); } }`,
    `return { status: 409, detail: '已经撤销' };`,
  ])('are found where they speak Chinese only: %s', (source) => {
    expect(chineseOnly(`// line 1\n${source}`)).toEqual([2]);
  });

  it.each([
    `throw refusal('wrong_state', { zh: '已经撤销', en: 'undone already' });`,
    `new AppError('wrong_state', { detail: words.zh }, { words })`,
    `new AppError('forbidden', { action: '设置代理' }, { english: { action: 'set a substitute' } })`,
    `return { kind: 'unreachable', detail: '找不到邮件服务器', english: 'the mail server was not found' };`,
    `await writeAudit(tx, ctx, { action: 'target.save', object: null, detail: { name: '目标' } });`,
    `new AppError('invalid_request', { detail: 'outTrackId' })`,
    `/** As in detail: '例如' */\n// detail: '例如'`,
  ])('are let alone where they do not: %s', (source) => {
    expect(chineseOnly(source)).toEqual([]);
  });
});

/** Lines with a reason (`detail`, or the `action` of what may not be done) that has no English of its own. */
function chineseOnly(text: string): number[] {
  if (!/\b(detail|action)\b/.test(text)) return [];
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    const reason = reasonIn(node);
    if (reason) lines.add(source.getLineAndCharacterOfPosition(reason.getStart()).line + 1);
    if (!isBilingual(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return [...lines];
}

/** The reason in the parameters of a refusal, unless it is a name that both languages share; elsewhere any Chinese detail. */
function reasonIn(node: ts.Node): ts.Node | undefined {
  const params = isBilingual(node) ? undefined : paramsOf(node);
  const given = params?.properties.find((property) => ['detail', 'action'].includes(nameOf(property)));
  if (given && !(ts.isPropertyAssignment(given) && isShared(given.initializer))) return given;
  if (!ts.isPropertyAssignment(node) || nameOf(node) !== 'detail' || !speaksChinese(node.initializer)) return undefined;
  return objectOf(node.parent)?.properties.some((property) => nameOf(property) === 'english') ? undefined : node;
}

/** The parameters of `new AppError(code, params)`, of its subclasses' `super(code, params)` and of `{ code, params }`. */
function paramsOf(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (isRefusal(node)) return objectOf(node.arguments?.[1]);
  if (!ts.isObjectLiteralExpression(node) || !node.properties.some((property) => nameOf(property) === 'code')) return;
  const params = node.properties.find((property) => nameOf(property) === 'params');
  return params && ts.isPropertyAssignment(params) ? objectOf(params.initializer) : undefined;
}

function isRefusal(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'AppError';
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
}

function isBilingual(node: ts.Node): boolean {
  const more = isRefusal(node) ? objectOf(node.arguments?.[2]) : undefined;
  return more?.properties.some((property) => ['words', 'english'].includes(nameOf(property))) ?? false;
}

function isShared(value: ts.Expression): boolean {
  return ts.isStringLiteral(value) && !chinese.test(value.text);
}

/** Whether a text of the expression is Chinese; facts of an audit entry, an object of their own, are no reasons. */
function speaksChinese(node: ts.Node): boolean {
  if (ts.isObjectLiteralExpression(node)) return false;
  const text = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  if (text && chinese.test(node.text)) return true;
  return ts.forEachChild(node, (child) => speaksChinese(child) || undefined) ?? false;
}

function objectOf(node: ts.Node | undefined): ts.ObjectLiteralExpression | undefined {
  return node && ts.isObjectLiteralExpression(node) ? node : undefined;
}

function nameOf(property: ts.ObjectLiteralElementLike | ts.PropertyAssignment): string {
  return property.name && ts.isIdentifier(property.name) ? property.name.text : '';
}
