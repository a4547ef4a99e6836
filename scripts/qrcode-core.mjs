import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';

/**
 * Modules of qrcode 1.5.4's encoder that are replaced: URLs need the byte mode alone, and the rest
 * (numbers, Kanji, finding the best mix) is a quarter of the encoder's size.
 */
const replacements = new Map([
  [
    'segments.js',
    `const ByteData = require('./byte-data');
    exports.fromArray = (segments) => segments.map(({ data }) => new ByteData(data));`,
  ],
  [
    'mode.js',
    `exports.BYTE = { bit: 4 };
    exports.getCharCountIndicator = (mode, version) => (version < 10 ? 8 : 16);`,
  ],
  [
    'error-correction-level.js',
    `Object.assign(exports, { L: { bit: 1 }, M: { bit: 0 }, Q: { bit: 3 }, H: { bit: 2 } });
    exports.from = (level) => exports[level] ?? level;`,
  ],
]);

/**
 * Names that the encoder's modules use among themselves. CommonJS makes them properties, which are
 * not shortened unless named; none is a name of the platform's or of Lit's.
 */
export const encoderNames =
  /^(getPenaltyN\d|getBCHDigit|getSymbol(Size|TotalCodewords)|getTotalCodewordsCount|getPositions|applyMask|get(Bits)?Length(InBits)?|getEncodedBits|getCharCountIndicator|reservedBit|isReserved|getCapacity|getBestVersionForData|getBlocksCount|getRowColCoords|getBestMask|generateECPolynomial|setToSJISFunction|isKanjiModeEnabled|toSJIS|toSJISFunc|PATTERN\d+|Patterns)$/;

/** Rollup plugins that bundle qrcode's CommonJS encoder, reduced to byte mode. */
export function qrcodeCore() {
  return [
    {
      name: 'qrcode-byte-mode',
      load(id) {
        const file = id.replaceAll('\\', '/').split('/qrcode/lib/core/')[1];
        return replacements.get(file) ?? null;
      },
    },
    nodeResolve({ browser: true, ignoreSideEffectsForRoot: true }),
    commonjs({ strictRequires: false }),
  ];
}
