import { tint } from '../format.js';
import { PeopleIcon } from './icons.js';

/** A person's picture: the last two characters of the name, as WeCom draws it without a photo. */
export function Avatar({ userid, name, size = 40 }: { userid: string; name: string; size?: number }) {
  return (
    <span
      className="avatar"
      style={{ width: size, height: size, background: tint(userid), fontSize: Math.round(size * 0.34) }}
    >
      {[...name].slice(-2).join('')}
    </span>
  );
}

/** The app's mark. */
export function AppMark({ name, size = 44 }: { name: string; size?: number }) {
  return (
    <span
      className="app-mark"
      style={{ width: size, height: size, fontSize: Math.round(size * 0.42), borderRadius: Math.round(size * 0.24) }}
    >
      {[...name][0]}
    </span>
  );
}

/** A group's mark: several people. */
export function GroupMark({ size = 44 }: { size?: number }) {
  return (
    <span className="app-mark group-mark" style={{ width: size, height: size, borderRadius: Math.round(size * 0.24) }}>
      <PeopleIcon size={Math.round(size * 0.56)} />
    </span>
  );
}

export function Badge({ count }: { count: number }) {
  return count > 0 ? <span className="badge">{count > 99 ? '99+' : count}</span> : null;
}
