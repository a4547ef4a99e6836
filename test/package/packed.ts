import { createPackageFromTarballData, type Package } from '@arethetypeswrong/core';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { npm } from '../../scripts/npm.mjs';

/** The package as it would be published. */
export interface Packed {
  readonly tarball: Uint8Array;
  /** Names of its files, as they are below its folder. */
  readonly files: readonly string[];
  /** Writes its files into a folder, as a package manager does. */
  unpack(folder: string): void;
}

/** Packs what is in a folder, with what is built there. */
export function pack(folder = '.'): Packed {
  const place = mkdtempSync(path.join(tmpdir(), 'packed-'));
  try {
    const args = ['--ignore-scripts', '--pack-destination', place];
    assert.equal(npm(['pack', path.resolve(folder), ...args], { quiet: true }), 0);
    const [name] = readdirSync(place);
    return packedOf(readFileSync(path.join(place, name!)));
  } finally {
    rmSync(place, { recursive: true });
  }
}

function packedOf(tarball: Uint8Array): Packed {
  const content = createPackageFromTarballData(tarball);
  const start = `/node_modules/${content.packageName}/`;
  const files = content.listFiles().map((file) => file.slice(start.length));
  const unpack = (folder: string) => {
    for (const file of files) write(path.join(folder, file), content, start + file);
  };
  return { tarball, files: files.sort(), unpack };
}

/** All of them are text. */
function write(place: string, content: Package, file: string): void {
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, content.readFile(file));
}
