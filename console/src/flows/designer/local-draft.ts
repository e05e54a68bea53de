import type { FlowDefinition } from '@lianke/shared/flows/definition';

const keyOf = (flowId: string): string => `lianke.flow.${flowId}`;

interface Kept {
  at: string;
  definition: FlowDefinition;
}

/** Keeps an unfinished definition in this browser; a browser that refuses storage keeps it only on screen. */
export function keepLocal(flowId: string, definition: FlowDefinition): void {
  const kept: Kept = { at: new Date().toISOString(), definition };
  try {
    localStorage.setItem(keyOf(flowId), JSON.stringify(kept));
  } catch {
    // Full or forbidden: the draft lives as long as the page.
  }
}

export function forgetLocal(flowId: string): void {
  try {
    localStorage.removeItem(keyOf(flowId));
  } catch {
    // Nothing was kept either.
  }
}

/** The unfinished definition of an earlier visit, unless the flow was saved after it (instants in RFC 3339). */
export function readLocal(flowId: string, savedAt: string): FlowDefinition | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(flowId)) ?? 'null') as Kept | null;
    const newer = kept !== null && Date.parse(kept.at) > Date.parse(savedAt);
    // An unfinished draft does not pass the schema; this much the canvas needs to draw it.
    const drawable =
      newer && kept.definition?.trigger && Array.isArray(kept.definition.nodes) && Array.isArray(kept.definition.edges);
    return drawable ? kept.definition : undefined;
  } catch {
    return undefined;
  }
}
