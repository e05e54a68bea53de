export function packageSizes(folder: string): Map<string, number>;
export function readsGlobal(source: string, name: string): boolean;
