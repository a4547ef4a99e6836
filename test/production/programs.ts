import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Where Debian has its servers; not every user's PATH does. */
const SERVERS = '/usr/sbin';

/** The path of an installed program, or null. */
export function programOf(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), SERVERS];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
