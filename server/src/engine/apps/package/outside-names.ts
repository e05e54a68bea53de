import type { OpenItem } from '@lianke/shared/apps/package';
import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';

type HttpNode = Extract<FlowNode, { type: 'http' }>;
type Piece = Extract<SecretText, { parts: unknown }>['parts'][number];

const telling = /auth|cookie|key|secret|sign|token/i;
const tellingQuery = /([?&](?:access_?token|app_?key|key|secret|sign|token)=)([^&#]+)/i;

/** A flow whose requests hold no secret in plain: where one was typed in, the package asks for one by name. */
export function withoutTypedSecrets(definition: FlowDefinition, flow: string): FlowDefinition {
  return {
    ...definition,
    nodes: definition.nodes.map((node) => (node.type === 'http' ? cleaned(node, flow) : node)),
  };
}

function cleaned(node: HttpNode, flow: string): HttpNode {
  return {
    ...node,
    url: splitAt(node.url, tellingQuery, `${flow} URL`),
    headers: node.headers.map((header) =>
      telling.test(header.name)
        ? { ...header, value: splitAt(header.value, /^()([\s\S]+)$/, `${flow} ${header.name}`) }
        : header,
    ),
  };
}

/** What the pattern's second group finds in the typed parts of a text becomes a secret of that name. */
function splitAt(value: SecretText, pattern: RegExp, name: string): SecretText {
  const parts: Piece[] | undefined =
    value.kind === 'text' ? value.parts : value.kind === 'literal' ? [{ text: String(value.value ?? '') }] : undefined;
  if (!parts?.some((part) => 'text' in part && pattern.test(part.text))) return value;
  const secret: Piece = { secret: name.trim().slice(0, 40) };
  return {
    kind: 'text',
    parts: parts.flatMap((part): Piece[] => {
      const found = 'text' in part ? pattern.exec(part.text) : null;
      if (!found || !('text' in part)) return [part];
      const from = found.index + (found[1] ?? '').length;
      const pieces = [part.text.slice(0, from), secret, part.text.slice(from + (found[2] ?? '').length)];
      return pieces.flatMap((piece): Piece[] => {
        if (typeof piece !== 'string') return [piece];
        return piece === '' ? [] : [{ text: piece }];
      });
    }),
  };
}

/** Secrets, group robots and the mail account that flows name: whoever installs has his own. */
export function outsideNames(flows: readonly { name: string; definition: unknown }[]): OpenItem[] {
  const items = new Map<string, OpenItem>();
  const note = (kind: OpenItem['kind'], key: string, name: string) => {
    const item: OpenItem = items.get(`${kind}:${key}`) ?? { kind, key: key.slice(0, 40), uses: [] };
    if (item.uses.length < 200 && !item.uses.some((use) => use.name === name)) item.uses.push({ kind: 'flow', name });
    items.set(`${kind}:${key}`, item);
  };
  for (const { name, definition } of flows) {
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) for (const item of value) walk(item);
      else if (typeof value === 'object' && value !== null) {
        if ((value as { type?: unknown }).type === 'email') note('mail', 'mail', name);
        for (const [key, item] of Object.entries(value)) {
          if ((key === 'secret' || key === 'robot') && typeof item === 'string') {
            if (item !== '') note(key, item, name);
          } else walk(item);
        }
      }
    };
    walk(definition);
  }
  return [...items.values()];
}
