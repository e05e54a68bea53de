import { UserOutlined } from '@ant-design/icons';
import { isStandIn } from '@lianke/shared/chat/stand-in';
import { Named } from './named.js';

const hues = ['blue', 'cyan', 'green', 'gold', 'orange', 'magenta', 'purple'] as const;

/** A colour of its own for each name. */
function hueOf(name: string): string {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hues[sum % hues.length] ?? 'blue';
}

/** The last character of a Chinese name, the first of any other; a figure for whoever's name nobody but the reader knows. */
function markOf(name: string) {
  if (isStandIn(name)) return <UserOutlined />;
  const chars = [...name];
  return (/^[\u4e00-\u9fff]/.test(name) ? chars.at(-1) : chars[0]?.toUpperCase()) ?? '';
}

/** A member's round mark. */
export function Avatar({ name, size = 20 }: { name: string; size?: number }) {
  const hue = isStandIn(name) ? 'gray' : hueOf(name);
  return (
    <span
      aria-hidden
      style={{
        flex: 'none',
        display: 'inline-grid',
        placeItems: 'center',
        width: size,
        height: size,
        borderRadius: '50%',
        fontSize: Math.round(size * 0.55),
        lineHeight: 1,
        background: `var(--tint-${hue})`,
        color: `var(--tint-${hue}-text)`,
      }}
    >
      {markOf(name)}
    </span>
  );
}

/** A member's mark and name. */
export function Person({ name, size = 20 }: { name: string; size?: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, maxWidth: '100%', verticalAlign: 'middle' }}>
      <Avatar name={name} size={size} />
      <span className="ellipsis">
        <Named text={name} />
      </span>
    </span>
  );
}
