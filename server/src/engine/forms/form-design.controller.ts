import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { LinkedService } from '../records/linked/linked.service.js';
import { FormBin } from './bin/form-bin.service.js';
import { ConversionsService } from './conversion/conversions.service.js';
import { FieldFill } from './uses/field-fill.service.js';
import { FieldUses } from './uses/field-uses.service.js';
import { FormDraftsService } from './versions/form-drafts.service.js';
import { FormVersionsService } from './versions/form-versions.service.js';

/** Drafts, versions, and what hangs on a form's fields. */
@Controller()
export class FormDesignController {
  constructor(
    private readonly drafts: FormDraftsService,
    private readonly versions: FormVersionsService,
    private readonly uses: FieldUses,
    private readonly fill: FieldFill,
    private readonly bin: FormBin,
    private readonly linked: LinkedService,
    private readonly conversions: ConversionsService,
  ) {}

  @Route('forms.draft')
  async draft(@Call() call: RouteCall<'forms.draft'>): Promise<AnswerOf<'forms.draft'>> {
    return { draft: await this.drafts.get(call.ctx, call.params.formId) };
  }

  @Route('forms.saveDraft')
  saveDraft(@Call() call: RouteCall<'forms.saveDraft'>): Promise<AnswerOf<'forms.saveDraft'>> {
    return this.drafts.save(call.ctx, call.params.formId, call.body);
  }

  @Route('forms.dropDraft')
  async dropDraft(@Call() call: RouteCall<'forms.dropDraft'>): Promise<void> {
    await this.drafts.drop(call.ctx, call.params.formId);
  }

  @Route('forms.versions')
  async list(@Call() call: RouteCall<'forms.versions'>): Promise<AnswerOf<'forms.versions'>> {
    return { items: await this.versions.list(call.ctx, call.params.formId), cursor: null };
  }

  @Route('forms.version')
  async version(@Call() call: RouteCall<'forms.version'>): Promise<AnswerOf<'forms.version'>> {
    return (await this.versions.view(call.ctx, call.params.formId, call.params.version)) as never;
  }

  @Route('forms.rollback')
  async rollback(@Call() call: RouteCall<'forms.rollback'>): Promise<AnswerOf<'forms.rollback'>> {
    return (await this.versions.rollback(
      call.ctx,
      call.params.formId,
      call.params.version,
      call.body.version,
    )) as never;
  }

  @Route('forms.impact')
  async impact(@Call() call: RouteCall<'forms.impact'>): Promise<AnswerOf<'forms.impact'>> {
    return { items: await this.uses.of(call.ctx, call.params.formId, call.body.fields), cursor: null };
  }

  @Route('forms.linked')
  async take(@Call() call: RouteCall<'forms.linked'>): Promise<AnswerOf<'forms.linked'>> {
    const { asked, parent } = askedOf(call.body);
    return answered(call.body, await this.linked.takeAll(call.ctx, call.params.formId, asked, parent));
  }

  @Route('forms.tryLinked')
  async tryLinked(@Call() call: RouteCall<'forms.tryLinked'>): Promise<AnswerOf<'forms.tryLinked'>> {
    const { asked, parent } = askedOf(call.body);
    return answered(call.body, await this.linked.tryAll(call.ctx, call.params.formId, call.body, asked, parent));
  }

  @Route('forms.deleted')
  async deleted(@Call() call: RouteCall<'forms.deleted'>): Promise<AnswerOf<'forms.deleted'>> {
    return { items: await this.bin.list(call.ctx, call.params.appId), cursor: null };
  }

  @Route('forms.restore')
  async restore(@Call() call: RouteCall<'forms.restore'>): Promise<AnswerOf<'forms.restore'>> {
    return (await this.bin.restore(call.ctx, call.params.formId)) as never;
  }

  @Route('forms.fill')
  fillRate(@Call() call: RouteCall<'forms.fill'>): Promise<AnswerOf<'forms.fill'>> {
    return this.fill.of(call.ctx, call.params.formId);
  }

  @Route('conversions.list')
  async listConversions(@Call() call: RouteCall<'conversions.list'>): Promise<AnswerOf<'conversions.list'>> {
    return { items: await this.conversions.list(call.ctx, call.params.formId), cursor: null };
  }

  @Route('conversions.preview')
  previewConversion(@Call() call: RouteCall<'conversions.preview'>): Promise<AnswerOf<'conversions.preview'>> {
    return this.conversions.preview(
      call.ctx,
      call.params.formId,
      call.params.fieldId,
      call.body,
      languageOf(call.request),
    );
  }

  @Route('conversions.start')
  startConversion(@Call() call: RouteCall<'conversions.start'>): Promise<AnswerOf<'conversions.start'>> {
    return this.conversions.start(call.ctx, call.params.formId, call.params.fieldId, call.body);
  }

  @Route('conversions.cancel')
  cancelConversion(@Call() call: RouteCall<'conversions.cancel'>): Promise<AnswerOf<'conversions.cancel'>> {
    return this.conversions.cancel(call.ctx, call.params.formId, call.params.fieldId);
  }

  @Route('conversions.undo')
  undoConversion(@Call() call: RouteCall<'conversions.undo'>): Promise<AnswerOf<'conversions.undo'>> {
    return this.conversions.undo(call.ctx, call.params.formId, call.params.fieldId);
  }
}

type Asked = Parameters<LinkedService['takeAll']>;

/** The records that are asked about, the first in the body's own place. */
function askedOf({ values, changed, fresh, rows, parent }: RouteCall<'forms.linked'>['body']): {
  asked: Asked[2];
  parent: Asked[3];
} {
  return { asked: [{ values, changed, fresh }, ...(rows ?? [])] as Asked[2], parent: parent as Asked[3] };
}

function answered(
  { rows }: Pick<RouteCall<'forms.linked'>['body'], 'rows'>,
  [first = {}, ...others]: Awaited<ReturnType<LinkedService['takeAll']>>,
): AnswerOf<'forms.linked'> {
  return { values: first, ...(rows ? { rows: others } : {}) };
}
