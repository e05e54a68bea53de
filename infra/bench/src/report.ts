import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../last.md', import.meta.url));

/** `last.md` in parts: what stands before its first section, then the sections, each beginning with its title. */
function parts(): string[] {
  return readFileSync(file, 'utf8')
    .split('\n## ')
    .map((part) => part.trimEnd());
}

function write(all: readonly string[]): void {
  writeFileSync(file, `${all.join('\n\n## ')}\n`);
}

/** Puts a section at the end of `last.md`; an earlier run's section of the same title gives way. */
export function keepSection(title: string, text: string): void {
  write([...parts().filter((part) => !part.startsWith(`${title}\n`)), `${title}\n\n${text}`]);
}

/** Puts a text before all sections of `last.md`; these stay, whichever run they came from. */
export function keepHead(text: string): void {
  write([text, ...parts().slice(1)]);
}
