import type { ReactNode } from 'react';

type Link = (url: string) => void;

const LINK = /<a\s+href=["']([^"']+)["'][^>]*>(.*?)<\/a>/gis;

/** Plain text with `<a href>` links and line breaks, as WeCom shows text messages. Nothing else is taken for markup. */
export function LinkedText({ text, onLink }: { text: string; onLink: Link }) {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index));
    const url = match[1] ?? '';
    parts.push(
      <button key={match.index} type="button" className="text-link" onClick={() => onLink(url)}>
        {match[2]}
      </button>,
    );
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return <span className="pre">{parts}</span>;
}

const DIV = /<div\s+class=["'](gray|normal|highlight)["']>(.*?)<\/div>/gis;

/** The description of a text card: `<div class="gray|normal|highlight">` and `<br>`. */
export function CardText({ text }: { text: string }) {
  const lines = text.replace(/<br\s*\/?>/gi, '\n');
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of lines.matchAll(DIV)) {
    parts.push(lines.slice(from, match.index));
    parts.push(
      <span key={match.index} className={`tone-${match[1]}`}>
        {match[2]}
      </span>,
    );
    from = match.index + match[0].length;
  }
  parts.push(lines.slice(from));
  return <span className="pre">{parts}</span>;
}

const INLINE =
  /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<font color=["'](info|comment|warning)["']>(.*?)<\/font>/g;

function inline(line: string, onLink: Link): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of line.matchAll(INLINE)) {
    parts.push(line.slice(from, match.index));
    const [, bold, code, label, url, tone, toned] = match;
    const key = match.index;
    if (bold !== undefined) parts.push(<b key={key}>{bold}</b>);
    else if (code !== undefined) parts.push(<code key={key}>{code}</code>);
    else if (url !== undefined)
      parts.push(
        <button key={key} type="button" className="text-link" onClick={() => onLink(url)}>
          {label}
        </button>,
      );
    else
      parts.push(
        <span key={key} className={`font-${tone}`}>
          {toned}
        </span>,
      );
    from = match.index + match[0].length;
  }
  parts.push(line.slice(from));
  return parts;
}

/**
 * WeCom's small Markdown: headings, bold, links, inline code, quotes, three font colours.
 * @param second markdown_v2: lists and tables besides, and no colours
 */
export function Markdown({ text, onLink, second = false }: { text: string; onLink: Link; second?: boolean }) {
  const blocks = second ? blocksOf(text) : text.split('\n').map((line): Block => ({ kind: 'line', lines: [line] }));
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a message's lines never move
        <BlockView key={index} block={block} onLink={onLink} />
      ))}
    </div>
  );
}

interface Block {
  kind: 'line' | 'table' | 'ul' | 'ol';
  lines: string[];
}

/** Neighbouring lines of one list or table together. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.split('\n')) {
    const kind = /^\s*\|.*\|\s*$/.test(line)
      ? 'table'
      : /^\s*[-*+]\s+/.test(line)
        ? 'ul'
        : /^\s*\d+\.\s+/.test(line)
          ? 'ol'
          : 'line';
    const last = blocks.at(-1);
    if (last && last.kind === kind && kind !== 'line') last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  }
  return blocks;
}

function BlockView({ block: { kind, lines }, onLink }: { block: Block; onLink: Link }) {
  if (kind === 'table') return <Table lines={lines} onLink={onLink} />;
  if (kind === 'line') return <Line line={lines[0] ?? ''} onLink={onLink} />;
  const List = kind;
  return (
    <List>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a message's lines never move
        <li key={index}>{inline(line.replace(/^\s*(?:[-*+]|\d+\.)\s+/, ''), onLink)}</li>
      ))}
    </List>
  );
}

function Table({ lines, onLink }: { lines: string[]; onLink: Link }) {
  const rows = lines
    .filter((line) => !/^[\s|:-]+$/.test(line))
    .map((line) =>
      line
        .trim()
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  const [head = [], ...body] = rows;
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name, and none moves
            <th key={index}>{inline(cell, onLink)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a message's lines never move
          <tr key={at}>
            {row.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a message's lines never move
              <td key={index}>{inline(cell, onLink)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Line({ line, onLink }: { line: string; onLink: Link }) {
  const image = /^!\[([^\]]*)\]\((https?:[^)\s]+)\)\s*$/.exec(line);
  if (image) return <img src={image[2]} alt={image[1]} />;
  const heading = /^#{1,6}\s+(.*)$/.exec(line);
  const quote = /^>\s?(.*)$/.exec(line);
  const words = inline(heading?.[1] ?? quote?.[1] ?? line, onLink);
  if (heading) return <h4>{words}</h4>;
  if (quote) return <blockquote>{words}</blockquote>;
  return <p>{words}</p>;
}
