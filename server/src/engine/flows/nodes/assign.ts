import { placeOf, territoryOf } from '@lianke/shared/flows/territories';
import type { DepartmentId, FlowId, MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { FormMeta } from '../../forms/form-meta.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { activeAways } from '../../tasks/aways.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { resolvePeople } from '../people.js';
import { explain, need } from './records.js';
import { type Given, nextInTurn } from './turns.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'assign' }>>;

/** 分配 */
@Injectable()
export class AssignNode implements NodeType<'assign'> {
  readonly type = 'assign';

  constructor(
    private readonly writer: RecordWriter,
    private readonly reader: RecordReader,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    const { target, form, field, people, turn } = await this.place(step);
    // One after the other through this row, so that no two runs count the same turn.
    const [row] = await step.tx.sql<{ given: Given }>(
      `INSERT INTO lianke.flow_turn (tenant_id, flow_id, node) VALUES ($1,$2,$3)
       ON CONFLICT (tenant_id, flow_id, node) DO UPDATE SET given = lianke.flow_turn.given RETURNING given`,
      [step.ctx.tenantId, step.flowId, turn],
    );
    const { member, given } = await this.choose(step, people, row?.given ?? {});
    await step.tx.run(
      'UPDATE lianke.flow_turn SET given = $4::jsonb WHERE tenant_id = $1 AND flow_id = $2 AND node = $3',
      [step.ctx.tenantId, step.flowId, turn, JSON.stringify(given)],
    );
    await this.writer
      .writeIn(step.tx, step.ctx, {
        formId: form.id,
        op: 'update',
        rows: [{ id: target.recordId, values: { [field.id]: member } }],
        atomic: true,
      })
      .catch((error) => explain(error, form));
    return {
      kind: 'next',
      port: 'next',
      output: { member, record: { formId: target.formId, recordId: target.recordId } },
    };
  }

  async preview(step: Step): Promise<Preview> {
    const { target, form, field, people, turn, where } = await this.place(step);
    const [row] = await step.tx.sql<{ given: Given }>(
      'SELECT given FROM lianke.flow_turn WHERE flow_id = $1 AND node = $2',
      [step.flowId || '00000000-0000-0000-0000-000000000000', turn],
    );
    const { member } = await this.choose(step, people, row?.given ?? {});
    return {
      outcome: {
        zh: `把【${form.name}】的数据分给 ${step.org.nameOf(member)}`,
        en: `Give the record of [${form.name}] to ${step.org.nameOf(member)}`,
      },
      lines: [{ label: field.name, value: step.org.nameOf(member) }, ...(where ? [where] : [])],
      port: 'next',
      writes: { formId: form.id, recordId: target.recordId, values: { [field.id]: member } },
      answers: { member },
    };
  }

  private async place(step: Step) {
    const target = step.values.record(step.node.target);
    const form = need(step, target.formId);
    const field = form.field(step.node.field);
    if (field?.typeName !== 'member')
      throw refusal('wrong_state', {
        zh: `“${form.name}”里没有要写入的成员字段`,
        en: `the member field to write to is no longer in "${form.name}"; choose another in the flow`,
      });
    const own = step.node.method === 'territory' ? await this.ofTerritory(step, form) : undefined;
    if (own && own.people.length > 0) return { target, form, field, ...own };
    const people = await resolvePeople(step.node.people, step.values, step.org, step.starterId);
    if (people.length === 0)
      throw refusal('wrong_state', {
        zh: '没有可以分配的人：都已离职或没有选人',
        en: 'nobody can be given the record: no people are chosen, or all of them have left',
      });
    const here = await this.here(step, people);
    // Everybody when all are away, so that nothing is left to nobody.
    const chosen = here.length > 0 ? here : people;
    // The others' turns in a table of territories are counted apart from those of every row.
    return { target, form, field, people: chosen, turn: own ? `${step.node.id}#` : step.node.id, where: own?.where };
  }

  /** Who takes turns in the territory of the record, and which it is; nobody where it lies in none, or all are away. */
  private async ofTerritory(step: Step, form: FormMeta) {
    const { by = '', territories = [], target } = step.node;
    const field = form.field(by);
    if (!field)
      throw refusal('wrong_state', {
        zh: `“${form.name}”里没有用来分地区的字段`,
        en: `the field that tells the territory is no longer in "${form.name}"; choose another in the flow`,
      });
    const { record } = await step.values.values(target);
    const place = placeOf(field.typeName, record.values[field.id] ?? null);
    const row = territoryOf(field.typeName, territories, place);
    if (!row)
      return {
        people: [],
        turn: '',
        where: {
          label: field.name,
          value: { zh: '不在任何一行里，分给其余的人', en: 'In no row; it goes to the rest' },
        },
      };
    const people = [
      ...row.members.filter((id) => step.org.members.get(id as MemberId)?.state === 'active'),
      ...row.departments.flatMap((id) => step.org.membersOfDepartment(id as DepartmentId)),
    ] as MemberId[];
    const here = await this.here(step, [...new Set(people)]);
    const n = territories.indexOf(row) + 1;
    const value =
      here.length > 0
        ? { zh: `第 ${n} 行`, en: `Row ${n}` }
        : {
            zh: `第 ${n} 行的人都不在，分给其余的人`,
            en: `Everybody of row ${n} has left or is away; it goes to the rest`,
          };
    return { people: here, turn: `${step.node.id}#${row.id}`, where: { label: field.name, value } };
  }

  /** Who is not away from this flow now. */
  private async here(step: Step, people: MemberId[]): Promise<MemberId[]> {
    const aways = await activeAways(step.tx, step.now);
    const concerns = (flows: FlowId[] | null) => flows === null || flows.includes(step.flowId);
    const gone = new Set(aways.filter((away) => concerns(away.flow_ids)).map((away) => away.member_id));
    return people.filter((id) => !gone.has(id));
  }

  private async choose(step: Step, people: readonly MemberId[], given: Given) {
    if (step.node.method === 'load') {
      const { form, field } = await this.place(step);
      const items = await this.reader.aggregateIn(step.tx, step.ctx, form.id, {
        filter: { field: field.id, op: 'in', value: [...people] },
        groupBy: [{ field: field.id }],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: 1000,
      });
      const load: Given = {};
      for (const item of items) {
        const [group] = item.groups;
        if (typeof group === 'object' && group !== null) load[group.id] = Number(item.metrics.n);
      }
      const { member } = nextInTurn(people, Object.fromEntries(people.map((id) => [id, load[id] ?? 0])), {});
      return { member, given };
    }
    return nextInTurn(people, given, step.node.method === 'weight' ? step.node.weights : {});
  }
}
