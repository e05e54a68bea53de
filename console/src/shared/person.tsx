import { Named } from './named.js';

const hues = ['blue', 'cyan', 'green', 'gold', 'orange', 'magenta', 'purple'] as const;

/** A member's round mark: the last character of a Chinese name, the first of any other. */
export function Avatar({ name, size = 20 }: { name: string; size?: number }) {
  const chars = [...name];
  const mark = (/^[\u4e00-\u9fff]/.test(name) ? chars.at(-1) : chars[0]?.toUpperCase()) ?? '';
  let sum = 0;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  const hue = hues[sum % hues.length] ?? 'blue';
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
      {mark}
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
