import { registerMessages, type SameKeys } from '../../i18n/register.js';

export const zh = {
  start: '发起',
  end: '结束',
  add: '在这里添加步骤',
  refused: '拒绝后流程结束',
  refusedThen: '拒绝后：{{what}}',
  canvas: '画布',
  simple: '步骤',
  view: '用画布还是步骤来设计',
};

export const en: SameKeys<typeof zh> = {
  start: 'Start',
  end: 'End',
  add: 'Add a step here',
  refused: 'A refusal ends the flow',
  refusedThen: 'After a refusal: {{what}}',
  canvas: 'Canvas',
  simple: 'Steps',
  view: 'Design on the canvas or as steps',
};

registerMessages('simpleFlow', { zh, en });
