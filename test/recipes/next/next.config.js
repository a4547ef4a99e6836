import path from 'node:path';

export default {
  // `didit-verify` is a link to a folder above: a package that is installed needs none of this.
  turbopack: { root: path.resolve(import.meta.dirname, '../../..') },
};
