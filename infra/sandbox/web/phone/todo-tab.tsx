import type { ChatView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';
import type { OpenTarget } from './conversation.js';
import { CheckIcon } from './icons.js';

/** 待办 of DingTalk: what waits for this person, what is done below it. */
export function TodoTab({ chats, onOpen }: { chats: ChatView[]; onOpen: OpenTarget }) {
  const { t } = useLanguage();
  const todos = chats.flatMap((chat) => (chat.todos ?? []).map((todo) => ({ ...todo, appName: chat.appName })));
  const sorted = [...todos].sort((a, b) => Number(a.done) - Number(b.done));
  return (
    <>
      <header className="phone-bar">
        <span />
        <h2>{t('todos')}</h2>
        <span />
      </header>
      <div className="phone-scroll">
        {sorted.length === 0 ? (
          <div className="phone-empty">
            <b>{t('noTodos')}</b>
          </div>
        ) : null}
        {sorted.map((todo) => (
          <button
            key={todo.id}
            type="button"
            className={`todo-row${todo.done ? ' done' : ''}`}
            data-todo={todo.done ? 'done' : 'open'}
            onClick={() => void onOpen({ url: todo.url }, todo.appName)}
          >
            <span className="todo-mark">{todo.done ? <CheckIcon size={14} /> : null}</span>
            <span>
              <b>{todo.subject}</b>
              <small>{todo.description.split('\n')[0]}</small>
            </span>
          </button>
        ))}
      </div>
    </>
  );
}
