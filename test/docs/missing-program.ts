import { programOf } from '../../scripts/programs.mjs';

/** Why a block of code cannot be run here, where a program that it calls is missing. */
export function missing(program: string): string | undefined {
  return programOf(program) ? undefined : `${program} is not installed`;
}
