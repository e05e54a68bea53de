import type { FormulaTrial, FormulaTrialBody } from '@lianke/shared/forms/derived';
import { compile } from '@lianke/shared/formulas/compile';
import { Dec } from '@lianke/shared/formulas/decimal';
import { type FormulaFault, faultText } from '@lianke/shared/formulas/faults';
import { isList, toText } from '@lianke/shared/formulas/values';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from '../records/record-reader.js';
import { evaluateOn } from './compute.js';
import type { Input } from './derivation.js';
import { inputOf } from './derivations.js';
import { seesInput } from './hide-derived.js';
import { InputLoader } from './load-inputs.js';
import { RecomputeScope } from './recompute-scope.js';
import { worldOf } from './world.js';

/** Tries a formula on one record while it is written; nothing is stored. Designers only, over what they may see. */
@Injectable()
export class FormulaTrials {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly worlds: RecomputeScope,
  ) {}

  async run(ctx: TenantContext, formId: FormId, body: FormulaTrialBody): Promise<FormulaTrial> {
    const form = await this.registry.form(ctx, formId);
    await this.access.requireDesign(ctx, form.appId);
    const world = await this.worlds.of(ctx);
    const language = languageIn(ctx);
    const done = compile(body.expression, worldOf(world.forms.all), formId);
    if (!done.ok) return { result: null, record: null, faults: done.faults.map((fault) => told(fault, language)) };
    const inputs = new Map<string, Input>();
    for (const [key, ref] of done.formula.refs) {
      const input = inputOf(world.forms, form, ref);
      if (input) inputs.set(key, input);
    }
    const accessOf = await this.access.ofForms(ctx);
    for (const [key, input] of inputs)
      if (!seesInput(input, accessOf)) throw unseen(done.formula.refs.get(key)?.names.join('.') ?? '');
    const page = body.recordId
      ? [await this.reader.get(ctx, formId, body.recordId as RecordId)]
      : (await this.reader.query(ctx, formId, { limit: 1, total: false })).items;
    const [record] = page;
    if (!record) return { result: null, record: null, faults: [] };
    return this.database.withTenant(ctx, async (tx) => {
      const [stored] = await this.reader.stored(tx, ctx, formId, [record.id as RecordId]);
      const row = { id: record.id, values: stored?.values ?? {} };
      const loader = new InputLoader(
        tx,
        [row],
        [...inputs.values()].filter((input) => input.steps.length > 0),
        false,
      );
      const answer = await evaluateOn(
        { tx, org: world.org, scope: world.scope, fresh: false },
        done.formula,
        inputs,
        row,
        loader,
      );
      const shown = { id: record.id, label: record.label };
      if ('fault' in answer) return { result: null, record: shown, faults: [told(answer.fault, language)] };
      const values = isList(answer.value) ? answer.value : [answer.value];
      const texts = values.map((value) =>
        toText(value instanceof Dec ? value.toDecimalPlaces(body.decimals) : value, ctx.timeZone),
      );
      return { result: texts.join('、') || null, record: shown, faults: [] };
    });
  }
}

function unseen(name: string): AppError {
  return refusal('forbidden', { zh: `查看字段“${name}”`, en: `view the field "${name}"` });
}

function told(fault: FormulaFault, language: 'zh' | 'en'): FormulaTrial['faults'][number] {
  return { at: fault.at, message: faultText(fault, language) };
}
