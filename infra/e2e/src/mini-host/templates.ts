import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import vm from 'node:vm';
import { parseDocument } from 'htmlparser2';
import type { RenderedNode } from './node.js';
import type { Platform } from './platform.js';

type Scope = Record<string, unknown>;
interface SourceNode {
  type: string;
  name?: string;
  data?: string;
  attribs?: Record<string, string>;
  children?: SourceNode[];
}
interface Template {
  node: SourceNode;
  modules: Scope;
}
interface TemplateFile {
  templates: Map<string, Template>;
  modules: Scope;
  body: SourceNode[];
}

const deepest = 400;
const wholeExpression = /^\{\{([\s\S]*)\}\}$/;

/** Renders a compiled bundle's wxml or axml from a page's data, the way the host's view layer does. */
export class TemplateRenderer {
  private readonly files = new Map<string, TemplateFile>();
  private readonly scripts = new Map<string, Scope>();
  private readonly expressions = new Map<string, (scope: Scope) => unknown>();

  constructor(
    private readonly platform: Platform,
    private readonly context: vm.Context,
    private readonly onMissing: (template: string) => void,
  ) {}

  render(file: string, data: Scope): RenderedNode[] {
    const loaded = this.load(file);
    const out: RenderedNode[] = [];
    this.walk(loaded.body, { ...loaded.modules, ...data }, loaded.templates, out, null, 0);
    return out;
  }

  private load(file: string): TemplateFile {
    const known = this.files.get(file);
    if (known) return known;
    const loaded: TemplateFile = { templates: new Map(), modules: {}, body: [] };
    this.files.set(file, loaded);
    const source = parseDocument(readFileSync(file, 'utf8'), { xmlMode: true, recognizeSelfClosing: true });
    for (const node of source.children as unknown as SourceNode[]) this.take(file, node, loaded);
    return loaded;
  }

  private take(file: string, node: SourceNode, loaded: TemplateFile): void {
    const attributes = node.attribs ?? {};
    if (node.name === 'template' && attributes.name) {
      loaded.templates.set(attributes.name, { node, modules: loaded.modules });
    } else if (node.name === 'import') {
      for (const [name, template] of this.load(resolve(dirname(file), attributes.src ?? '')).templates) {
        loaded.templates.set(name, template);
      }
    } else if (node.name === 'wxs' || node.name === 'import-sjs') {
      const path = resolve(dirname(file), attributes.src ?? attributes.from ?? '');
      loaded.modules[attributes.module ?? attributes.name ?? ''] = this.script(path);
    } else loaded.body.push(node);
  }

  private script(file: string): Scope {
    const known = this.scripts.get(file);
    if (known) return known;
    const holder: { exports: Scope } = { exports: {} };
    const source = readFileSync(file, 'utf8').replace(/export default/, 'module.exports =');
    const run = vm.runInContext(`(function(module,exports){${source}\n})`, this.context) as (
      m: typeof holder,
      e: Scope,
    ) => void;
    run(holder, holder.exports);
    this.scripts.set(file, holder.exports);
    return holder.exports;
  }

  private evaluate(source: string, scope: Scope): unknown {
    let run = this.expressions.get(source);
    if (!run) {
      run = new Function('scope', `with (scope) { return (${source}) }`) as (scope: Scope) => unknown;
      this.expressions.set(source, run);
    }
    try {
      return run(scope);
    } catch {
      // The hosts show nothing for an expression that cannot be evaluated.
      return undefined;
    }
  }

  private value(text: string | undefined, scope: Scope): unknown {
    if (text === undefined) return undefined;
    const whole = wholeExpression.exec(text);
    if (whole?.[1] !== undefined && !whole[1].includes('}}')) return this.evaluate(whole[1], scope);
    return text.replace(/\{\{([\s\S]*?)\}\}/g, (_, source: string) => String(this.evaluate(source, scope) ?? ''));
  }

  private walk(
    nodes: readonly SourceNode[],
    scope: Scope,
    templates: Map<string, Template>,
    out: RenderedNode[],
    parent: RenderedNode | null,
    depth: number,
  ): void {
    if (depth > deepest) throw new Error('templates are nested without end');
    const prefix = this.platform.directive;
    let matched = false;
    for (const node of nodes) {
      if (node.type === 'text') {
        const text = String(this.value((node.data ?? '').trim(), scope) ?? '');
        if (text !== '') out.push({ name: '#text', text, attributes: {}, raw: {}, children: [], parent });
        continue;
      }
      if (node.type !== 'tag') continue;
      const raw = node.attribs ?? {};
      const list = raw[`${prefix}for`];
      if (list !== undefined) {
        this.repeat(node, list, scope, templates, out, parent, depth);
        continue;
      }
      const when = raw[`${prefix}if`] ?? raw[`${prefix}elif`];
      if (when !== undefined || `${prefix}else` in raw) {
        const first = `${prefix}if` in raw;
        if (!first && matched) continue;
        const holds = when === undefined || Boolean(this.value(when, scope));
        matched = first ? holds : matched || holds;
        if (!holds) continue;
      }
      if (node.name === 'block') this.walk(node.children ?? [], scope, templates, out, parent, depth + 1);
      else if (node.name === 'template') this.use(raw, scope, templates, out, parent, depth);
      else this.element(node, scope, templates, out, parent, depth);
    }
  }

  private repeat(
    node: SourceNode,
    list: string,
    scope: Scope,
    templates: Map<string, Template>,
    out: RenderedNode[],
    parent: RenderedNode | null,
    depth: number,
  ): void {
    const prefix = this.platform.directive;
    const { [`${prefix}for`]: _gone, ...attribs } = node.attribs ?? {};
    const item = attribs[`${prefix}for-item`] ?? 'item';
    const index = attribs[`${prefix}for-index`] ?? 'index';
    const values = (this.value(list, scope) ?? []) as unknown[];
    for (const [at, value] of values.entries()) {
      this.walk([{ ...node, attribs }], { ...scope, [item]: value, [index]: at }, templates, out, parent, depth + 1);
    }
  }

  private use(
    raw: Record<string, string>,
    scope: Scope,
    templates: Map<string, Template>,
    out: RenderedNode[],
    parent: RenderedNode | null,
    depth: number,
  ): void {
    const name = String(this.value(raw.is, scope) ?? '');
    const template = templates.get(name);
    if (!template) {
      // Taro asks for `tmpl_0_undefined` while a list is being filled; any other name is a component left out.
      if (name && !name.includes('undefined')) this.onMissing(name);
      return;
    }
    const data = wholeExpression.exec(raw.data ?? '')?.[1] ?? '';
    const inner = this.evaluate(`{${data}}`, scope) as Scope;
    this.walk(template.node.children ?? [], { ...template.modules, ...inner }, templates, out, parent, depth + 1);
  }

  private element(
    node: SourceNode,
    scope: Scope,
    templates: Map<string, Template>,
    out: RenderedNode[],
    parent: RenderedNode | null,
    depth: number,
  ): void {
    const raw = node.attribs ?? {};
    const shown: RenderedNode = { name: node.name ?? '', text: '', attributes: {}, raw, children: [], parent };
    for (const [key, text] of Object.entries(raw)) shown.attributes[key] = this.value(text, scope);
    out.push(shown);
    this.walk(node.children ?? [], scope, templates, shown.children, shown, depth + 1);
  }
}
