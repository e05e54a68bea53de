import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId } from '@lianke/shared/ids';
import { aggregateQuery, recordQuery } from '@lianke/shared/records/query';
import { type MonthQuestion, monthQuestions } from '@lianke/shared/workbench/month';
import { type VisitsQuestion, visitsQuestion } from '@lianke/shared/workbench/visits';
import { Controller } from '@nestjs/common';
import { AppsService } from '../../engine/apps/apps.service.js';
import type { TenantContext } from '../../engine/context.js';
import { FormsService } from '../../engine/forms/forms.service.js';
import { RecordReader } from '../../engine/records/record-reader.js';
import { TargetFigures } from '../../engine/targets/target-figures.js';
import { TasksService } from '../../engine/tasks/tasks.service.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { Notices } from '../chat/notices.js';
import { MeService } from '../identity/me.service.js';

type Start = AnswerOf<'me.start'>;

/** What the phone's first screen shows, in one answer: each part as its own route gives it. */
@Controller()
export class WorkbenchController {
  constructor(
    private readonly me: MeService,
    private readonly apps: AppsService,
    private readonly forms: FormsService,
    private readonly tasks: TasksService,
    private readonly notices: Notices,
    private readonly reader: RecordReader,
    private readonly targets: TargetFigures,
  ) {}

  @Route('me.start')
  async start(@Call() { ctx, session }: RouteCall<'me.start'>): Promise<Start> {
    const [me, apps, forms, tasks, notices] = await Promise.all([
      this.me.of({ ctx, session }),
      this.apps.list(ctx),
      this.forms.list(ctx),
      this.tasks.list(ctx, { state: 'pending', limit: 100 }),
      this.notices.mine(ctx, {}),
    ]);
    const [visits, targets, ...figures] = await Promise.all([
      this.visits(ctx, visitsQuestion({ apps, forms })),
      this.targets.mine(ctx),
      ...monthQuestions({ apps, forms }).map((question) => this.figure(ctx, question)),
    ]);
    const month = figures.filter((figure) => figure !== null);
    return { me, apps, forms, tasks, notices, month, targets, visits } as Start;
  }

  private async visits(ctx: TenantContext, question: VisitsQuestion | undefined) {
    if (!question) return null;
    const { formId, filter, fields, limit } = question;
    const query = recordQuery.parse({ filter, fields, limit, total: false });
    return ifSeen(async () => (await this.reader.query(ctx, formId as FormId, query)).items);
  }

  private async figure(ctx: TenantContext, { key, formId, filter, metric }: MonthQuestion) {
    return ifSeen(async () => {
      const query = aggregateQuery.parse({ filter, metrics: [metric] });
      const [row] = await this.reader.aggregate(ctx, formId as FormId, query);
      return { key, value: String(row?.metrics.value ?? 0) };
    });
  }
}

/** Null where the reader may not see what is asked. */
async function ifSeen<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
