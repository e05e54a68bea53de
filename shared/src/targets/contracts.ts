import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { targetBody, targetFigure, targetTable, targetValuesBody, targetView, targetYear } from './api.js';

const target = z.object({ id: uuidOf<'target'>() });

export const targetContracts = {
  'targets.mine': {
    tag: 'targets',
    summary: '自己和自己带的部门在本期的完成数与目标；按读者的权限统计',
    answer: z.object({ items: z.array(targetFigure), cursor: z.null() }),
  },
  'targets.list': {
    tag: 'targets',
    summary: '能设置的目标',
    answer: z.object({ items: z.array(targetView), cursor: z.null() }),
  },
  'targets.create': { tag: 'targets', summary: '新建目标', body: targetBody, answer: targetView },
  'targets.update': { tag: 'targets', summary: '修改目标', params: target, body: targetBody, answer: targetView },
  'targets.delete': { tag: 'targets', summary: '删除目标和它的全部数值', params: target },
  'targets.values': {
    tag: 'targets',
    summary: '一年里每位成员、每个部门的目标数',
    params: target,
    query: z.object({ year: targetYear }),
    answer: targetTable,
  },
  'targets.saveValues': {
    tag: 'targets',
    summary: '修改目标数',
    params: target,
    body: targetValuesBody,
  },
} as const;
