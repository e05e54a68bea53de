import { z } from 'zod';
import { formView } from '../api/form-view.js';
import { appView } from '../apps/api.js';
import { notifyContracts } from '../chat/notify.js';
import { me } from '../org/api.js';
import { recordView } from '../records/query.js';
import { targetFigure } from '../targets/api.js';
import { taskPage } from '../tasks/api.js';

/** A figure of the month: the answer to one of `monthQuestions`, an exact decimal. */
const monthFigure = z.object({ key: z.string(), value: z.string() });

export const workbenchContracts = {
  'me.start': {
    tag: 'auth',
    summary: '工作台首屏一次取回：本人、应用与表单、待办、消息、本月数字、今天要跟进的',
    answer: z.object({
      me,
      apps: z.array(appView),
      forms: z.array(formView),
      tasks: taskPage,
      notices: notifyContracts['me.notices'].answer,
      month: z.array(monthFigure),
      targets: z.array(targetFigure),
      /** Answer to `visitsQuestion`; null where the reader has none. */
      visits: z.array(recordView).nullable(),
    }),
  },
} as const;
