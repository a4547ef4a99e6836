/**
 * What the minified builds have in place of `locale-loaders.ts`: beside them the words stay files of
 * their own, so a list of their names does. No path is made of what markup says.
 */
const FILES =
  'ar bg bn ca cnr cs da de el es et fa fi fr he hi hr hu hy id it ja ka ko lt lv mk ms nl ' +
  'no pl pt pt-BR ro ru sk sl so sr sv th tr uk uz vi zh zh-CN zh-TW';

export const localeLoaders: Readonly<Record<string, () => Promise<unknown>>> = Object.fromEntries(
  FILES.split(' ').map((file) => [file.toLowerCase(), () => import(`./locales/${file}.js`)]),
);
