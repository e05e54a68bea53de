import type { z } from 'zod';
import type { Words } from '../errors/issue-text.js';
import { type DerivedResult, isDerived, shownAs } from '../fields/derived.js';
import { behaviourOf } from '../fields/encrypted.js';
import { formulaConfig } from '../fields/formula/schema.js';
import { lookupConfig } from '../fields/lookup/schema.js';
import { fieldTypes } from '../fields/registry.js';
import { rollupConfig } from '../fields/rollup/schema.js';
import { type Filter, fieldsOf } from '../filter/ast.js';
import type { Json } from '../json.js';
import { compile, pathsIn } from './compile.js';
import { faultText } from './faults.js';
import type { FormulaType } from './types.js';
import { childrenOf, type FormulaField, type FormulaForm, kindOfField, resolveRef, targetOf } from './world.js';

/** Most derived fields computed one from the other. */
export const maxChain = 10;

/** Why a derived field cannot be published. */
export class DerivedFault extends Error {
  constructor(
    readonly form: FormulaForm,
    readonly field: FormulaField,
    readonly words: Words,
  ) {
    super(words.zh);
  }
}

interface Draft extends FormulaForm {
  fields: (FormulaField & { config: Record<string, Json> })[];
}

/**
 * Settles the derived fields of a tenant's forms: references become ids, each gets the result its inputs give it.
 * Works on its own copies; `settle` throws `DerivedFault` for a field at fault, cycles and long chains included.
 */
export class DerivedResolver {
  private readonly forms: Draft[];
  private readonly depth = new Map<string, number>();

  constructor(forms: readonly FormulaForm[]) {
    this.forms = forms.map((form) => ({
      ...form,
      fields: form.fields.map((field) => ({ ...field, config: { ...field.config } as Record<string, Json> })),
    }));
  }

  /** The settled configs of a form's derived fields, by field id. */
  settle(formId: string): Map<string, Record<string, Json>> {
    const form = this.form(formId);
    const settled = new Map<string, Record<string, Json>>();
    for (const field of form?.fields ?? []) {
      if (!form || !isDerived(field.type)) continue;
      this.visit(form, field, []);
      settled.set(field.id, field.config);
    }
    return settled;
  }

  /** The results of a form's derived fields as far as they can be told, by field id. */
  results(formId: string): Map<string, DerivedResult> {
    const form = this.form(formId);
    const known = new Map<string, DerivedResult>();
    for (const field of form?.fields ?? []) {
      if (!form || !isDerived(field.type)) continue;
      try {
        this.visit(form, field, []);
      } catch (error) {
        if (!(error instanceof DerivedFault)) throw error;
        continue;
      }
      const { type, config } = shownAs(field);
      known.set(field.id, { type, config });
    }
    return known;
  }

  private form(id: string | undefined): Draft | undefined {
    return this.forms.find((form) => form.id === id);
  }

  /** Settles one field after its inputs; answers how long the chain under it is. */
  private visit(form: Draft, field: Draft['fields'][number], above: readonly string[]): number {
    if (!isDerived(field.type)) return 0;
    const key = `${form.id}/${field.id}`;
    const known = this.depth.get(key);
    if (known !== undefined) return known;
    const name = `${form.name}.${field.name}`;
    if (above.includes(name)) {
      const path = [...above.slice(above.indexOf(name)), name].join(' → ');
      throw new DerivedFault(form, field, {
        zh: `循环引用：${path}`,
        en: `the fields refer to each other in a circle: ${path}`,
      });
    }
    const below = this.inputs(form, field).map(([owner, input]) => this.visit(owner, input, [...above, name]));
    const depth = 1 + Math.max(0, ...below);
    if (depth > maxChain)
      throw new DerivedFault(form, field, {
        zh: `公式连着公式超过 ${maxChain} 层：${[...above, name].join(' → ')}`,
        en: `formulas build on formulas more than ${maxChain} levels deep: ${[...above, name].join(' → ')}`,
      });
    this.depth.set(key, depth);
    this.give(form, field);
    return depth;
  }

  /** Fields that a derived field is computed from, with their forms. */
  private inputs(form: Draft, field: Draft['fields'][number]): [Draft, Draft['fields'][number]][] {
    const found = (owner: Draft | undefined, ref: unknown): [Draft, Draft['fields'][number]][] => {
      const input = owner && typeof ref === 'string' ? find(owner, ref) : undefined;
      return owner && input ? [[owner, input]] : [];
    };
    if (field.type === 'formula')
      return pathsIn(String(field.config.expression ?? '')).flatMap((path) => {
        const ref = resolveRef({ forms: this.forms }, form.id, path);
        // What is no value yet may become one once its own result is known.
        return ref.ok ? found(this.form(ref.value.form.id), ref.value.field?.id) : [];
      });
    if (field.type === 'lookup') return found(this.form(this.relationTarget(form, field)), field.config.field);
    const child = this.form(String(field.config.formId));
    const filter = rollupConfig.safeParse(field.config).data?.filter;
    return [
      ...found(child, field.config.field),
      ...(filter ? fieldsOf(filter) : []).flatMap((ref) => found(child, ref)),
    ];
  }

  private relationTarget(form: Draft, field: FormulaField): string | undefined {
    const relation = find(form, String(field.config.relation));
    return relation && targetOf(relation);
  }

  private give(form: Draft, field: Draft['fields'][number]): void {
    const fault = (words: Words): never => {
      throw new DerivedFault(form, field, words);
    };
    if (field.type === 'formula') this.giveFormula(form, field, fault);
    else if (field.type === 'lookup') this.giveLookup(form, field, fault);
    else this.giveRollup(form, field, fault);
  }

  private giveFormula(form: Draft, field: Draft['fields'][number], fault: (words: Words) => never): undefined {
    const config = read(formulaConfig, field, fault);
    const done = compile(config.expression, { forms: this.forms }, form.id);
    if (!done.ok) {
      const [first] = done.faults;
      return first
        ? fault({
            zh: `${faultText(first, 'zh')}（第 ${first.at.start + 1} 个字符）`,
            en: `${faultText(first, 'en')} (character ${first.at.start + 1})`,
          })
        : undefined;
    }
    const { type, stored } = done.formula;
    const result = formulaResultOf(type, config);
    if ('zh' in result) return fault(result);
    Object.assign(field.config, config, { expression: stored, result });
  }

  private giveLookup(form: Draft, field: Draft['fields'][number], fault: (words: Words) => never): undefined {
    const config = read(lookupConfig, field, fault);
    const relation = find(form, config.relation);
    const target = this.form(this.relationTarget(form, field));
    const source = target && find(target, config.field);
    if (!relation || !target)
      return fault({ zh: '引用要先选一个关联字段', en: 'choose a relation field for the lookup first' });
    if (!source)
      return fault({
        zh: `“${target.name}”没有字段“${config.field}”`,
        en: `"${target.name}" has no field "${config.field}"`,
      });
    if (!kindOfField(source) || source.type === 'relation')
      return fault({
        zh: `不能引用“${source.name}”：${source.encrypted ? '它加密存储' : fieldTypes[source.type].label.zh}`,
        en: `"${source.name}" cannot be looked up: ${source.encrypted ? 'it is stored encrypted' : `it is of type ${fieldTypes[source.type].label.en}`}`,
      });
    Object.assign(field.config, config, { relation: relation.id, field: source.id, result: likeField(source) });
  }

  private giveRollup(form: Draft, field: Draft['fields'][number], fault: (words: Words) => never): undefined {
    const config = read(rollupConfig, field, fault);
    const children = childrenOf({ forms: this.forms }, form.id).filter((item) => item.form.id === config.formId);
    const child = this.form(config.formId);
    const relation = child && find(child, config.relation);
    if (!child || !relation || !children.some((item) => item.relation.id === relation.id))
      return fault({
        zh: '汇总的表单要有一个关联字段指向本表单',
        en: 'the form that is rolled up needs a relation field that points to this form',
      });
    const source = config.field === undefined ? undefined : find(child, config.field);
    if (config.fn !== 'count' && !source)
      return fault({ zh: `请选择“${child.name}”中要汇总的字段`, en: `choose the field of "${child.name}" to roll up` });
    const kind = source && kindOfField(source);
    const wanted = rollupKinds[config.fn] ?? [];
    if (config.fn !== 'count' && (!kind || kind.list || !wanted.includes(kind.kind)))
      return fault({
        zh: `“${source?.name}”不能这样汇总，请换一个字段或方式`,
        en: `"${source?.name}" cannot be rolled up like this; choose another field or another way`,
      });
    const filter = config.filter && this.ownFilter(child, config.filter, fault);
    Object.assign(field.config, config, {
      relation: relation.id,
      ...(source ? { field: source.id } : {}),
      ...(filter ? { filter } : {}),
      result: rollupResult(config.fn, source, config.decimals),
    });
  }

  /** The filter with field ids; it may name the related form's own fields only. */
  private ownFilter(child: Draft, filter: Filter, fault: (words: Words) => never): Filter {
    if ('and' in filter) return { and: filter.and.map((item) => this.ownFilter(child, item, fault)) };
    if ('or' in filter) return { or: filter.or.map((item) => this.ownFilter(child, item, fault)) };
    if ('not' in filter) return { not: this.ownFilter(child, filter.not, fault) };
    const field = find(child, filter.field);
    if (!field)
      return fault({
        zh: `筛选条件里的字段“${filter.field}”不在“${child.name}”中`,
        en: `field "${filter.field}" of the filter is not in "${child.name}"`,
      });
    if (!behaviourOf(field).operators.includes(filter.op))
      return fault({
        zh: `筛选条件不能用于字段“${field.name}”`,
        en: `the filter cannot be used on field "${field.name}"`,
      });
    if (
      JSON.stringify(filter.value ?? null).includes('"me"') ||
      JSON.stringify(filter.value ?? null).includes('"myDepartment"')
    )
      return fault({
        zh: '汇总对所有人是同一个结果，筛选条件里不能用“我”',
        en: 'a rollup is the same for everybody; its filter cannot use "me"',
      });
    return { ...filter, field: field.id };
  }
}

const rollupKinds: Record<string, readonly string[]> = {
  sum: ['number'],
  avg: ['number'],
  min: ['number', 'date', 'datetime'],
  max: ['number', 'date', 'datetime'],
  join: ['text', 'number', 'date', 'datetime', 'boolean'],
};

function find<Form extends { fields: readonly FormulaField[] }>(
  form: Form,
  ref: string,
): Form['fields'][number] | undefined {
  return (
    form.fields.find((field) => field.id === ref) ??
    form.fields.find((field) => field.key === ref) ??
    form.fields.find((field) => field.name === ref)
  );
}

const kindNames: Record<string, Words> = {
  number: { zh: '数字', en: 'numbers' },
  boolean: { zh: '是或否', en: 'yes or no' },
  date: { zh: '日期', en: 'dates' },
  datetime: { zh: '日期时间', en: 'dates and times' },
};

/** How a formula's values are kept and shown, or why it has none. */
export function formulaResultOf(
  type: FormulaType,
  config: { decimals: number; money: boolean; unit?: string | undefined },
): DerivedResult | Words {
  if (type.list) {
    if (type.kind === 'text') return { type: 'tags', config: {} };
    const kind = kindNames[type.kind] ?? { zh: '值', en: 'values' };
    return {
      zh: `结果是多个${kind.zh}，请用 SUM、MAX、JOIN 等变成一个值`,
      en: `the result is a list of ${kind.en}; make it one value with SUM, MAX, JOIN and the like`,
    };
  }
  switch (type.kind) {
    case 'number':
      return config.money
        ? { type: 'money', config: { decimals: Math.min(config.decimals, 4) } }
        : { type: 'number', config: { decimals: config.decimals, ...(config.unit ? { unit: config.unit } : {}) } };
    case 'boolean':
      return { type: 'switch', config: {} };
    case 'date':
      return { type: 'date', config: {} };
    case 'datetime':
      return { type: 'datetime', config: {} };
    case 'blank':
      return { zh: '公式的结果总是空的', en: 'the result of the formula is always empty' };
    default:
      return { type: 'text', config: {} };
  }
}

/** A copy of a field's behaviour for values taken from it. Numbers of documents become plain texts, contact times instants. */
function likeField(source: FormulaField): DerivedResult {
  const shown = shownAs(source);
  if (shown.type === 'autonumber') return { type: 'text', config: {} };
  if (shown.type === 'lastContact') return { type: 'datetime', config: {} };
  const { default: _, ...config } = shown.config;
  return { type: shown.type, config };
}

function rollupResult(fn: string, source: FormulaField | undefined, decimals: number): DerivedResult {
  if (fn === 'count' || !source) return { type: 'number', config: { decimals: 0 } };
  if (fn === 'join') return { type: 'text', config: {} };
  const like = likeField(source);
  if (fn !== 'avg') return withoutBounds(like);
  return withoutBounds({
    ...like,
    config: { ...like.config, decimals: like.type === 'money' ? Math.min(decimals, 4) : decimals },
  });
}

/** Sums may pass the bounds of what is added up. */
function withoutBounds({ type, config }: DerivedResult): DerivedResult {
  const { min: _, max: __, ...rest } = config;
  return { type, config: rest };
}

/** A config as its schema has it: one that is drafted and not filled in yet is at fault. */
function read<Config>(schema: z.ZodType<Config>, field: FormulaField, fault: (words: Words) => never): Config {
  const { data } = schema.safeParse(field.config);
  return data ?? fault({ zh: `“${field.name}”还没有设置完整`, en: `"${field.name}" has not been set up completely` });
}
