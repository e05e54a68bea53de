import type { AnswerOf } from '@lianke/shared/api/contracts';
import { visitsQuestion } from '@lianke/shared/workbench/visits';
import { api } from '../api/client.js';
import type { Catalog } from './forms.js';
import { keptTasks } from './kept-task.js';
import { catalogKey, monthKey, noticesKey, plannedKey, targetsKey, tasksKey } from './keys.js';
import { figuresFrom } from './month.js';
import { seedResource } from './resource.js';

/** Who is there, and what the workbench shows: read together and known to the page when it opens. */
export async function startWorkbench(): Promise<AnswerOf<'me.get'>> {
  const { me, apps, forms, tasks, notices, month, targets, visits } = await api('me.start', {});
  const catalog = { apps, forms } as Catalog;
  const memberId = me.member.id;
  seedResource(catalogKey(memberId), catalog, true);
  seedResource(tasksKey(memberId, 'pending'), tasks, keptTasks);
  seedResource(monthKey(memberId), figuresFrom(catalog, month), true);
  seedResource(targetsKey(memberId), targets, true);
  seedResource(noticesKey, notices, false);
  const planned = visitsQuestion(catalog);
  if (planned && visits) seedResource(plannedKey(planned.formId), visits, false);
  return me;
}
