import { z } from 'zod';
import { conversionContracts } from '../forms/conversion.js';
import {
  deletedForm,
  fieldFill,
  fieldUse,
  formDraft,
  formVersion,
  impactBody,
  linkedAnswer,
  linkedBody,
  saveDraftBody,
  savedDraft,
  tryLinkedBody,
} from '../forms/versions.js';
import { uuidOf } from '../ids.js';
import { formView } from './form-view.js';

const form = z.object({ formId: uuidOf<'form'>() });
const version = form.extend({ version: z.coerce.number().int().min(1).max(2_000_000_000) });

/** Drafts and versions of forms, and what hangs on their fields. */
export const formDesignContracts = {
  ...conversionContracts,
  'forms.draft': {
    tag: 'forms',
    summary: '读取表单的草稿',
    params: form,
    answer: z.object({ draft: formDraft.nullable() }),
  },
  'forms.saveDraft': { tag: 'forms', summary: '保存表单的草稿', params: form, body: saveDraftBody, answer: savedDraft },
  'forms.dropDraft': { tag: 'forms', summary: '放弃表单的草稿', params: form },
  'forms.versions': {
    tag: 'forms',
    summary: '表单的发布记录',
    params: form,
    answer: z.object({ items: z.array(formVersion), cursor: z.string().nullable() }),
  },
  'forms.version': { tag: 'forms', summary: '查看一个旧版本', params: version, answer: formView },
  'forms.rollback': {
    tag: 'forms',
    summary: '回到一个旧版本（重新发布）；要带上看到的当前版本号，别人刚发布过就会被告知',
    params: version,
    body: z.object({
      /** The version that stood when it was asked for: another one answers `version_conflict` with the form as `current`. */
      version: z.number().int(),
    }),
    answer: z.object({
      form: formView,
      /** Names of fields that are gone for good and did not come back. */
      lost: z.array(z.string()),
      /** Names of fields whose type was converted since; they stay as they are. */
      kept: z.array(z.string()),
    }),
  },
  'forms.impact': {
    tag: 'forms',
    summary: '哪些地方用到这些字段',
    params: form,
    body: impactBody,
    answer: z.object({ items: z.array(fieldUse), cursor: z.string().nullable() }),
  },
  'forms.linked': {
    tag: 'forms',
    summary: '数据联动：随所填的内容带出的值',
    params: form,
    body: linkedBody,
    answer: linkedAnswer,
  },
  'forms.tryLinked': {
    tag: 'forms',
    summary: '试填还没发布的设计：随所填的内容带出的值，什么都不保存',
    params: form,
    body: tryLinkedBody,
    answer: linkedAnswer,
  },
  'forms.deleted': {
    tag: 'forms',
    summary: '应用回收站里的表单',
    params: z.object({ appId: uuidOf<'app'>() }),
    answer: z.object({ items: z.array(deletedForm), cursor: z.string().nullable() }),
  },
  'forms.restore': { tag: 'forms', summary: '恢复删除的表单', params: form, answer: formView },
  'forms.fill': { tag: 'forms', summary: '各字段的填写率', params: form, answer: fieldFill },
} as const;
