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

/** WeCom's small Markdown: headings, bold, links, inline code, quotes, three font colours. */
export function Markdown({ text, onLink }: { text: string; onLink: Link }) {
  const lines = text.split('\n').map((line, index) => ({ line, index }));
  return (
    <div className="markdown">
      {lines.map(({ line, index }) => {
        const image = /^!\[([^\]]*)\]\((https?:[^)\s]+)\)\s*$/.exec(line);
        if (image) return <img key={index} src={image[2]} alt={image[1]} />;
        const heading = /^#{1,6}\s+(.*)$/.exec(line);
        const quote = /^>\s?(.*)$/.exec(line);
        const words = inline(heading?.[1] ?? quote?.[1] ?? line, onLink);
        if (heading) return <h4 key={index}>{words}</h4>;
        if (quote) return <blockquote key={index}>{words}</blockquote>;
        return <p key={index}>{words}</p>;
      })}
    </div>
  );
}
