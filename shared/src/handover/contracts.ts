import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { handoverBody, handoverPreview, handoverView, leaver } from './api.js';

const member = z.object({ memberId: uuidOf<'member'>() });

export const handoverContracts = {
  'handovers.preview': {
    tag: 'handovers',
    summary: '离职交接：一位成员名下有什么',
    params: member,
    answer: handoverPreview,
  },
  'handovers.start': {
    tag: 'handovers',
    summary: '离职交接：交给一位或几位接手人，7 天内可撤销',
    params: member,
    body: handoverBody,
    answer: handoverView,
  },
  'handovers.list': {
    tag: 'handovers',
    summary: '交接记录',
    answer: z.object({ items: z.array(handoverView), cursor: z.null() }),
  },
  'handovers.leavers': {
    tag: 'handovers',
    summary: '已离职而还没有交接的成员',
    answer: z.object({ items: z.array(leaver), cursor: z.null() }),
  },
  'handovers.undo': {
    tag: 'handovers',
    summary: '撤销交接',
    params: z.object({ id: uuidOf<'handover'>() }),
    answer: handoverView,
  },
} as const;
