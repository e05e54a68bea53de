import type { Words } from '@lianke/shared/errors/issue-text';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';
import type { RunValues } from '../run-values.js';
import type { SecretValue } from './secrets.service.js';

/** A text with secrets by name where they will stand; a plain text when it holds none. */
export type Pieces = string | (string | { secret: string })[];

/** Thrown before anything was sent: a person need not look whether it was. */
export class NotSent extends Error {
  constructor(readonly words: Words) {
    super(words.zh);
  }
}

/** The value in pieces, ready to be kept in the run's story. */
export async function piecesOf(values: RunValues, value: SecretText): Promise<Pieces> {
  if (value.kind !== 'text') return values.text(value);
  const pieces = await Promise.all(
    value.parts.map(async (part) =>
      'secret' in part ? { secret: part.secret } : 'text' in part ? part.text : await values.refText(part.ref),
    ),
  );
  return pieces.some((piece) => typeof piece === 'object') ? pieces : pieces.join('');
}

/** How people see it: 「Bearer 【密钥 客户平台】」. */
export function shownPieces(pieces: Pieces): string {
  if (typeof pieces === 'string') return pieces;
  return pieces.map((piece) => (typeof piece === 'string' ? piece : `【密钥 ${piece.secret}】`)).join('');
}

export function secretsOf(...texts: (Pieces | null)[]): string[] {
  return texts.flatMap((pieces) =>
    typeof pieces === 'string' || pieces === null
      ? []
      : pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.secret])),
  );
}

/** The text with what its secrets say. Throws `NotSent` when one is not there any more. */
export function filled(pieces: Pieces, secrets: ReadonlyMap<string, SecretValue>): string {
  if (typeof pieces === 'string') return pieces;
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const found = secrets.get(piece.secret);
      if (!found)
        throw new NotSent({
          zh: `密钥“${piece.secret}”已删除`,
          en: `the secret "${piece.secret}" was deleted`,
        });
      return found.value;
    })
    .join('');
}

/** An answer in which the other system has said our secrets back: they are covered before it is kept. */
export function covered(text: string, secrets: ReadonlyMap<string, SecretValue>): string {
  let shown = text;
  // Anything shorter would cover half of what is no secret.
  for (const { value, signature } of secrets.values())
    for (const said of [value, signature])
      if (said && said.length >= 6)
        for (const form of new Set([said, JSON.stringify(said).slice(1, -1), encodeURIComponent(said)]))
          shown = shown.replaceAll(form, '••••••');
  return shown;
}
