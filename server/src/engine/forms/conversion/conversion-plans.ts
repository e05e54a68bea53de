import type { Words } from '@lianke/shared/errors/issue-text';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { optionColors } from '@lianke/shared/fields/select/schema';
import { type ConversionBody, conversionTargets } from '@lianke/shared/forms/conversion';
import { type FieldDef, parseFieldConfig } from '@lianke/shared/forms/definition';
import { isJsonObject, type Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { OrgDirectory } from '../../org/org-directory.js';
import type { FieldPlace } from '../field-place.js';
import { faultyConfig } from '../form-definition.js';
import { columnName, type FieldMeta, type FormMeta } from '../form-meta.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import {
  converting,
  isTitle,
  notConvertible,
  notEncryptable,
  notUnique,
  noWordsIn,
  rowsRepeat,
  tooManyOptions,
  usedForDuplicates,
  valuesRepeat,
} from './conversion-words.js';
import { converterFor, matchField } from './convert-names.js';
import { distinctWords, type Scan, scanValues } from './scan-values.js';
import { keptConfig, rulesFor } from './target-settings.js';
import { setRepeats, setsWith, unfitForSet } from './unique-sets.js';

/** What a conversion would make of a field, and why it cannot begin. */
@Injectable()
export class ConversionPlans {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly forms: FormsService,
    private readonly org: OrgDirectory,
  ) {}

  /** The field as it is to be. Rules and defaults that mean nothing to the new type stay behind. */
  async target(
    tx: Tx,
    ctx: TenantContext,
    { field, holder }: FieldPlace,
    body: ConversionBody,
  ): Promise<{ target: FieldDef; options: string[]; unfit: Words | null }> {
    const to = fieldTypes[body.type];
    const wanted: Record<string, Json> = { ...body.config };
    let options: string[] = [];
    let unfit: Words | null = null;
    const encrypted = Boolean(body.encrypted ?? field.def.encrypted);
    const recoded = body.type === field.def.type && encrypted !== Boolean(field.def.encrypted);
    if (encrypted && !to.mayBeEncrypted)
      return {
        target: field.def,
        options,
        unfit: notEncryptable(field, body.type),
      };
    if (!recoded && !conversionTargets(field.def.type).includes(body.type))
      return {
        target: field.def,
        options,
        unfit: notConvertible(field, body.type),
      };
    if (body.makeOptions && (body.type === 'select' || body.type === 'multiSelect')) {
      const found = await distinctWords(tx, holder, field, body.type === 'multiSelect', ctx.timeZone);
      const given = Array.isArray(wanted.options) ? wanted.options : [];
      const named = new Set(given.flatMap((option) => (isJsonObject(option) ? [option.label, option.id] : [])));
      options = (found ?? []).filter((label) => !named.has(label));
      if (!found) unfit = tooManyOptions;
      wanted.options = [
        ...given,
        ...options.map((label, index) => ({
          id: label,
          label,
          color: optionColors[index % optionColors.length] ?? 'gray',
        })),
      ];
    }
    const config = parseFieldConfig(body.type, keptConfig(field.def, body.type, wanted));
    if (!config.ok) throw faultyConfig(field.name, config.detail);
    const { default: preset, rules, ...rest } = field.def;
    const literal = preset?.kind === 'literal' && to.parse(preset.value, to.config.parse(config.config)).ok;
    const target: FieldDef = {
      ...rest,
      type: body.type,
      config: config.config,
      rules: recoded ? rules : rulesFor(rules, field.def.type, body.type),
      ...(preset && (literal || recoded) ? { default: preset } : {}),
      // Once encrypted, its history holds values that must be opened ever after.
      ...(encrypted || field.def.encrypted !== undefined ? { encrypted } : {}),
    };
    return { target, options, unfit };
  }

  /** Why a conversion cannot begin: what it leans on would not hold afterwards. */
  async refusal(
    ctx: TenantContext,
    form: FormMeta,
    { field, holder, subform }: FieldPlace,
    target: FieldDef,
    body: ConversionBody,
    scan: Scan | undefined,
  ): Promise<Words | null> {
    if (form.converting) return converting;
    const unfit = await this.unfitRelation(ctx, field, target, body);
    if (unfit) return unfit;
    if (field.def.rules.unique && !fieldTypes[target.type].mayBeUnique) return notUnique(field, target.type);
    const unfitSet = unfitForSet(setsWith(holder, field), field, target);
    if (unfitSet) return unfitSet;
    const repeats = scan?.repeats.find((item) => item.rows > 0);
    if (repeats && subform) return rowsRepeat(field, repeats.rows);
    if (repeats)
      return repeats.fields.length > 1 ? setRepeats(repeats.fields, repeats) : valuesRepeat(field, repeats.values);
    if (target.encrypted && form.duplicates.some((rule) => rule.fields.some((item) => item.field === field.id)))
      return usedForDuplicates(field);
    if (target.encrypted && form.title?.id === field.id) return isTitle(field);
    try {
      const plan = await this.forms.planConversion(
        ctx,
        await this.registry.all(ctx),
        form,
        target,
        columnName(field.id),
      );
      return plan.after ? null : { zh: '', en: '' };
    } catch (error) {
      if (error instanceof AppError && (error.code === 'invalid_definition' || error.code === 'in_use'))
        return error.more.words ?? { zh: error.code, en: error.code };
      throw error;
    }
  }

  /** Why words cannot become records of the form that was chosen. */
  private async unfitRelation(
    ctx: TenantContext,
    field: FieldMeta,
    target: FieldDef,
    body: ConversionBody,
  ): Promise<Words | null> {
    if (fieldTypes[target.type].refers !== 'record' || field.type.refers === 'record') return null;
    const form = (await this.registry.all(ctx)).get(String(target.config.formId));
    if (!form) return { zh: '请选择要关联的表单', en: 'choose the form to relate to' };
    if (!(await this.access.ofForm(ctx, form)).may('view'))
      return { zh: '你没有权限查看要关联的表单', en: 'you may not see the form to relate to' };
    return matchField(form, body.matchBy) ? null : noWordsIn(form);
  }

  /** Reads what stands in the field and tries the conversion on it. */
  async scan(ctx: TenantContext, place: FieldPlace, target: FieldDef, body: ConversionBody): Promise<Scan> {
    const { field, holder, subform } = place;
    // Encryption makes nothing the same that was not; rows may have repeated before a rule said they may not.
    const mayNotRepeat = subform && target.type === field.def.type ? [] : together(place);
    const world = { timeZone: ctx.timeZone, org: await this.org.of(ctx), forms: await this.registry.all(ctx) };
    const forth = converterFor(world, field.def, target, body.matchBy);
    return this.database.withTenant(ctx, (tx) => scanValues(tx, holder, field, forth, ctx.timeZone, mayNotRepeat));
  }
}

/** Fields that may not repeat, taken together with this one: itself alone, and its sets. */
export function together({ field, holder }: FieldPlace): FieldMeta[][] {
  return [...(field.def.rules.unique ? [[field]] : []), ...setsWith(holder, field)];
}
