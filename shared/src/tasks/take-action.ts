import type { createClient } from '../api/client.js';
import type { AnswerOf, BodyOf } from '../api/contracts.js';
import type { FileId, MemberId, RunId, TaskId } from '../ids.js';

/** What can be done with a task beside 同意 and 拒绝, in the order of the menu 更多. */
export const taskActions = [
  ...(['choose', 'resubmit', 'answer', 'advise'] as const),
  ...(['transfer', 'delegate', 'addSigner', 'removeSigner', 'return', 'askInfo'] as const),
  ...(['recall', 'cc', 'unlock', 'urge', 'withdraw'] as const),
];
export type TaskAction = (typeof taskActions)[number];

/** To several people. */
export const toMany: readonly TaskAction[] = ['addSigner', 'cc', 'choose'];
/** To one person. */
export const toOne: readonly TaskAction[] = ['transfer', 'delegate'];
/** Not without a word why. */
export const withReason: readonly TaskAction[] = ['return', 'askInfo', 'unlock'];
/** With which files go. */
export const withFiles: readonly TaskAction[] = ['answer', 'resubmit', 'advise'];

type SignerBody = BodyOf<'tasks.addSigners'>;

/** What was chosen before the action is sent; each action takes what it needs of it. */
export interface ActionChoice {
  people: readonly string[];
  comment: string;
  files: readonly string[];
  position: SignerBody['position'];
  mode: SignerBody['mode'];
  /** The task of the signer to be taken away. */
  signer: string;
  /** The node to return to, and whether the flow comes straight back from there. */
  target: string;
  goOn: BodyOf<'tasks.return'>['goOn'];
  opinion: 'approve' | 'reject';
}

/**
 * Sends one action.
 * @returns what became of the task where it no longer waits for the actor; undefined where it still does
 * @throws ApiError where the server refuses it
 */
export async function takeAction(
  api: ReturnType<typeof createClient>,
  action: TaskAction,
  task: { id: string; runId?: string | null | undefined },
  choice: ActionChoice,
): Promise<AnswerOf<'tasks.approve'> | undefined> {
  const params = { id: task.id as TaskId };
  const run = { id: (task.runId ?? '') as RunId };
  const text = choice.comment.trim();
  const note = text ? { comment: text } : {};
  const to = choice.people as readonly MemberId[] as MemberId[];
  const first = to[0] as MemberId;
  const given = { ...note, ...(choice.files.length > 0 ? { attachments: [...choice.files] as FileId[] } : {}) };
  switch (action) {
    case 'transfer':
      return api('tasks.transfer', { params, body: { to: first, ...note } });
    case 'delegate':
      return api('tasks.delegate', { params, body: { to: first, ...note } });
    case 'addSigner': {
      const { position, mode } = choice;
      const result = await api('tasks.addSigners', { params, body: { to, position, mode, ...note } });
      return position === 'before' ? result : undefined;
    }
    case 'removeSigner':
      await api('tasks.removeSigner', { params, body: { task: choice.signer as TaskId } });
      return undefined;
    case 'return':
      return api('tasks.return', { params, body: { to: choice.target, goOn: choice.goOn, comment: text } });
    case 'askInfo':
      await api('tasks.askInfo', { params, body: { comment: text } });
      return undefined;
    case 'recall':
      await api('tasks.recall', { params, body: note });
      return undefined;
    case 'cc':
      await api('tasks.copy', { params, body: { to, ...note } });
      return undefined;
    case 'choose':
      return api('tasks.choose', { params, body: { to } });
    case 'resubmit':
      return api('tasks.resubmit', { params, body: given });
    case 'answer':
      return api('tasks.answer', { params, body: given });
    case 'advise':
      return api(choice.opinion === 'approve' ? 'tasks.approve' : 'tasks.reject', { params, body: given });
    case 'unlock':
      await api('runs.unlock', { params: run, body: { reason: text } });
      return undefined;
    case 'urge':
      await api('runs.urge', { params: run });
      return undefined;
    case 'withdraw':
      await api('runs.withdraw', { params: run, body: note });
      return undefined;
  }
}
