import { z } from 'zod';
import { principal } from '../apps/access.js';
import { uuidOf } from '../ids.js';

const app = z.object({ appId: uuidOf<'app'>() });
const named = z.array(principal.extend({ label: z.string() }));

/** 试运行 of an app: only its testers see it, what it sends is marked, and what they wrote can go in one step. */
export const trialView = z.object({
  on: z.boolean(),
  testers: named,
  startedAt: z.string().nullable(),
  /** Records made since it began, and runs of flows still under way on them. */
  records: z.number().int(),
  feedback: z.number().int(),
});
export type TrialView = z.infer<typeof trialView>;

export const trialBody = z.object({ testers: z.array(principal).min(1, '至少选择一位试用人').max(100) });

export const trialCleared = z.object({
  /** Records that went to the recycle bin, and those that did not, with the first reason. */
  deleted: z.number().int(),
  failed: z.number().int(),
  reason: z.string(),
  /** Runs of flows that were ended. */
  cancelled: z.number().int(),
});
export type TrialCleared = z.infer<typeof trialCleared>;

export const feedbackBody = z.object({
  text: z.string().trim().min(1, '请写下你的反馈').max(1000),
  /** Where it was written, a path of the console or the mini-app. */
  page: z.string().max(300).default(''),
});
export const feedbackView = z.object({
  id: z.string(),
  by: z.object({ id: z.string(), label: z.string() }),
  text: z.string(),
  page: z.string(),
  at: z.string(),
});

export const trialContracts = {
  'trials.get': { tag: 'apps', summary: '应用的试运行', params: app, answer: trialView },
  'trials.start': { tag: 'apps', summary: '开始试运行、修改试用人', params: app, body: trialBody, answer: trialView },
  'trials.end': { tag: 'apps', summary: '结束试运行，应用恢复原来的可见范围', params: app, answer: trialView },
  'trials.clear': { tag: 'apps', summary: '清除试运行以来的数据', params: app, answer: trialCleared },
  'trials.feedback': { tag: 'apps', summary: '试用反馈', params: app, body: feedbackBody, answer: feedbackView },
  'trials.feedbacks': {
    tag: 'apps',
    summary: '收到的试用反馈',
    params: app,
    answer: z.object({ items: z.array(feedbackView), cursor: z.null() }),
  },
} as const;
