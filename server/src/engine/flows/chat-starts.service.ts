import { afterKeyword } from '@lianke/shared/flows/keywords';
import type { Trigger } from '@lianke/shared/flows/triggers';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { recordInCode } from '@lianke/shared/records/record-code';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { ChatWords, Notifier, type ReceivedWords } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { FlowWorkers } from './flow-workers.js';
import { type PublishedFlow, PublishedFlows } from './published-flows.js';
import { eventIdOf, insertRuns } from './run-starts.js';

type ChatTrigger = Extract<Trigger, { type: 'chat' }>;
type ChatFlow = PublishedFlow & { definition: { trigger: ChatTrigger } };

/** Flows that a member starts by what he writes to the company's app in the chat, or scans with it. */
@Injectable()
export class ChatStarts implements OnModuleInit {
  constructor(
    private readonly words: ChatWords,
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly flows: PublishedFlows,
    private readonly workers: FlowWorkers,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.words.register(this);
  }

  /**
   * Starts each flow whose keyword the words meet, once a message however often it comes. A flow that wants a record which
   * the sender does not see or that is not there does not start, and he is told.
   */
  async onWords(ctx: TenantContext, said: ReceivedWords): Promise<boolean> {
    const sender = memberOf(ctx);
    if (sender === null) return false;
    const all = [...(await this.flows.all(ctx)).values()].flat().filter(isChat);
    const meeting = all.flatMap((flow) => {
      const { trigger } = flow.definition;
      const rest = trigger.on === said.kind ? afterKeyword(trigger, said.text) : undefined;
      return rest === undefined ? [] : [{ flow, rest }];
    });
    for (const { flow, rest } of meeting) await this.start(ctx, flow, said, rest);
    return meeting.length > 0;
  }

  private async start(ctx: TenantContext, flow: ChatFlow, said: ReceivedWords, rest: string): Promise<void> {
    const { trigger } = flow.definition;
    const eventId = eventIdOf('chat', said.key);
    const wanted = trigger.on === 'scan' ? said.text.trim() : rest;
    const recordId = trigger.find ? await this.recordOf(ctx, trigger, wanted) : null;
    const input: Json = trigger.on === 'scan' ? { scan: said.text.trim() } : { text: said.text.trim(), rest };
    await this.database.withTenant(ctx, async (tx) => {
      if (trigger.find && recordId === null) return this.tellMissing(tx, ctx, flow, wanted, eventId);
      const start = {
        ...{ flowId: flow.id, version: flow.version, eventId },
        ...{ formId: trigger.find ? trigger.formId : null, recordId },
        ...{ batchId: null, starterId: memberOf(ctx), door: ctx.cause.door, depth: 0, input },
      };
      await insertRuns(tx, ctx, [start], this.clock.now());
      tx.afterCommit(() => this.workers.ring());
    });
  }

  /** The record that a text or code names, among those that the sender sees. */
  private async recordOf(ctx: TenantContext, trigger: ChatTrigger, wanted: string): Promise<RecordId | null> {
    if (wanted === '') return null;
    const linked = recordInCode(wanted, trigger.formId);
    try {
      if (linked) return (await this.reader.get(ctx, trigger.formId, linked as RecordId)).id as RecordId;
      const field = (await this.registry.all(ctx)).get(trigger.formId)?.field(trigger.find?.field ?? '');
      if (!field) return null;
      const filter = { field: field.id, op: 'eq' as const, value: wanted };
      const found = await this.reader.query(ctx, trigger.formId, {
        filter,
        fields: [field.id],
        limit: 2,
        total: false,
      });
      return found.items.length === 1 ? ((found.items[0]?.id ?? null) as RecordId | null) : null;
    } catch (error) {
      // A form or field that is not the sender's to see, or a value that the field cannot have, names nothing.
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  private async tellMissing(
    tx: Tx,
    ctx: TenantContext,
    flow: ChatFlow,
    wanted: string,
    eventId: string,
  ): Promise<void> {
    const form = (await this.registry.all(ctx)).get(flow.definition.trigger.formId)?.name ?? '';
    await this.notifier.enqueue(tx, ctx, {
      card: {
        kind: 'notice',
        title: { zh: `“${flow.name}”没有开始`.slice(0, 120), en: `"${flow.name}" did not start`.slice(0, 120) },
        description: wanted
          ? {
              zh: `在“${form}”里没有找到“${wanted.slice(0, 60)}”，或者你看不到它。`,
              en: `"${wanted.slice(0, 60)}" was not found in "${form}", or you may not see it.`,
            }
          : {
              zh: `请在关键词后面写上要找哪一条“${form}”。`,
              en: `Write behind the keyword which record of "${form}" you mean.`,
            },
        facts: [],
        buttons: [],
        path: '/pages/workbench/index',
      },
      to: [memberOf(ctx) as never],
      key: `chat-missing:${flow.id}:${eventId}`,
      topic: 'direct',
      about: { kind: 'none', id: null },
    });
  }
}

function isChat(flow: PublishedFlow): flow is ChatFlow {
  return flow.definition.trigger.type === 'chat';
}
