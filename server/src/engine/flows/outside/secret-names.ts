/** Names of secrets and robots that a definition uses, wherever they stand in it. */
export function secretsIn(definition: unknown): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) {
        if ((key === 'secret' || key === 'robot') && typeof item === 'string') {
          if (item !== '') found.add(item);
        } else walk(item);
      }
  };
  walk(definition);
  return found;
}
