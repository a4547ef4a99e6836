import { readFile } from 'node:fs/promises';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { edited } from './edited.mjs';

/**
 * In place of modules of qrcode 1.5.4's encoder (MIT): those that are for much more than bytes
 * (`mode`, `byte-data`) or the levels L, M and H (`error-correction-level`, `error-correction-code`),
 * and the one that takes most of the time (`mask-pattern`).
 */
const folder = new URL('qrcode-core/', import.meta.url);
const REPLACED = [
  'byte-data.js',
  'error-correction-code.js',
  'error-correction-level.js',
  'mask-pattern.js',
  'mode.js',
];

/**
 * The encoder's other modules are the package's own, but for what nothing reaches there: it is given
 * one segment of bytes, and a level. By file, the text that is replaced and by what; each must be
 * there once, so a new version of qrcode needs a look at all of them.
 */
const EDITS = {
  'qrcode.js': [
    // Modules that export a class, and nothing else.
    ["const BitMatrix = require('./bit-matrix')", "import BitMatrix from './bit-matrix'"],
    [
      "const ReedSolomonEncoder = require('./reed-solomon-encoder')",
      "import ReedSolomonEncoder from './reed-solomon-encoder'",
    ],
    // Texts, and segments of several modes.
    ["const Segments = require('./segments')", "const ByteData = require('./byte-data')"],
    [
      `  let segments

  if (Array.isArray(data)) {
    segments = Segments.fromArray(data)
  } else if (typeof data === 'string') {
    let estimatedVersion = version

    if (!estimatedVersion) {
      const rawSegments = Segments.rawSplit(data)

      // Estimate best version that can contain raw splitted segments
      estimatedVersion = Version.getBestVersionForData(rawSegments, errorCorrectionLevel)
    }

    // Build optimized segments
    // If estimated version is undefined, try with the highest version
    segments = Segments.fromString(data, estimatedVersion || 40)
  } else {
    throw new Error('Invalid data')
  }
`,
      '',
    ],
    ['getBestVersionForData(segments, ', 'getBestVersionForData(data, '],
    [
      'createData(version, errorCorrectionLevel, segments)',
      `createCodewords(
    ByteData.codewordsOf(
      data[0].data,
      version,
      Utils.getSymbolTotalCodewords(version) -
        ECCode.getTotalCodewordsCount(version, errorCorrectionLevel),
    ),
    version,
    errorCorrectionLevel,
  )`,
    ],
    ['new Uint8Array(bitBuffer.buffer)', 'new Uint8Array(bitBuffer)'],
    // Options but for the level.
    [
      `  if (typeof data === 'undefined' || data === '') {
    throw new Error('No input text')
  }

  let errorCorrectionLevel = ECLevel.M
  let version
  let mask

  if (typeof options !== 'undefined') {
    // Use higher error correction level as default
    errorCorrectionLevel = ECLevel.from(options.errorCorrectionLevel, ECLevel.M)
    version = Version.from(options.version)
    mask = MaskPattern.from(options.maskPattern)

    if (options.toSJISFunc) {
      Utils.setToSJISFunction(options.toSJISFunc)
    }
  }

  return createSymbol(data, version, errorCorrectionLevel, mask)`,
      '  return createSymbol(data, ECLevel.from(options.errorCorrectionLevel))',
    ],
    [
      'function createSymbol (data, version, errorCorrectionLevel, maskPattern) {',
      'function createSymbol (data, errorCorrectionLevel) {',
    ],
    ['const bestVersion = ', 'const version = '],
    ['if (!bestVersion)', 'if (!version)'],
    [
      `  // If not specified, use min version as default
  if (!version) {
    version = bestVersion

  // Check if the specified version can contain the data
  } else if (version < bestVersion) {
    throw new Error('\\n' +
      'The chosen QR Code version cannot contain this amount of data.\\n' +
      'Minimum version required to store current data is: ' + bestVersion + '.\\n'
    )
  }
`,
      '',
    ],
    [
      `  if (isNaN(maskPattern)) {
    // Find best mask pattern
    maskPattern = MaskPattern.getBestMask(modules,
      setupFormatInfo.bind(null, modules, errorCorrectionLevel))
  }
`,
      `  const maskPattern = MaskPattern.getBestMask(modules,
    setupFormatInfo.bind(null, modules, errorCorrectionLevel))
`,
    ],
    // Results but for the modules.
    [
      `    modules: modules,
    version: version,
    errorCorrectionLevel: errorCorrectionLevel,
    maskPattern: maskPattern,
    segments: segments
`,
      '    modules: modules\n',
    ],
  ],
  'version.js': [
    [
      `  if (!VersionCheck.isValid(version)) {
    throw new Error('Invalid QR Code version')
  }

  // Use Byte mode as default
  if (typeof mode === 'undefined') mode = Mode.BYTE
`,
      '',
    ],
    [
      `  if (!VersionCheck.isValid(version) || version < 7) {
    throw new Error('Invalid QR Code version')
  }
`,
      '',
    ],
    // Several segments, and modes other than bytes.
    [
      `function getBestVersionForMixedData (segments, errorCorrectionLevel) {
  for (let currentVersion = 1; currentVersion <= 40; currentVersion++) {
    const length = getTotalBitsFromDataArray(segments, currentVersion)
    if (length <= exports.getCapacity(currentVersion, errorCorrectionLevel, Mode.MIXED)) {
      return currentVersion
    }
  }

  return undefined
}
`,
      '',
    ],
    ['  if (mode === Mode.MIXED) return dataTotalCodewordsBits\n', ''],
    [
      `  switch (mode) {
    case Mode.NUMERIC:
      return Math.floor((usableBits / 10) * 3)

    case Mode.ALPHANUMERIC:
      return Math.floor((usableBits / 11) * 2)

    case Mode.KANJI:
      return Math.floor(usableBits / 13)

    case Mode.BYTE:
    default:
      return Math.floor(usableBits / 8)
  }
`,
      '  return Math.floor(usableBits / 8)\n',
    ],
    [
      `  let seg

  const ecl = ECLevel.from(errorCorrectionLevel, ECLevel.M)

  if (Array.isArray(data)) {
    if (data.length > 1) {
      return getBestVersionForMixedData(data, ecl)
    }

    if (data.length === 0) {
      return 1
    }

    seg = data[0]
  } else {
    seg = data
  }

  return getBestVersionForDataLength(seg.mode, seg.getLength(), ecl)
`,
      `  const seg = data[0]

  return getBestVersionForDataLength(seg.mode, seg.data.length, errorCorrectionLevel)
`,
    ],
  ],
  'utils.js': [
    [
      `  if (!version) throw new Error('"version" cannot be null or undefined')
  if (version < 1 || version > 40) throw new Error('"version" should be in range from 1 to 40')
`,
      '',
    ],
  ],
  'bit-matrix.js': [
    [
      `  if (!size || size < 1) {
    throw new Error('BitMatrix size must be defined and greater than 0')
  }
`,
      '',
    ],
    // What the package's `mask-pattern` used.
    [
      `BitMatrix.prototype.get = function (row, col) {
  return this.data[row * this.size + col]
}
`,
      '',
    ],
    [
      `BitMatrix.prototype.xor = function (row, col, value) {
  this.data[row * this.size + col] ^= value
}
`,
      '',
    ],
  ],
  'reed-solomon-encoder.js': [
    [
      `  this.genPoly = undefined
  this.degree = degree

  if (this.degree) this.initialize(this.degree)
}
`,
      `  this.degree = degree
  this.genPoly = Polynomial.generateECPolynomial(this.degree)
}
`,
    ],
    [
      `ReedSolomonEncoder.prototype.initialize = function initialize (degree) {
  // create an irreducible generator polynomial
  this.degree = degree
  this.genPoly = Polynomial.generateECPolynomial(this.degree)
}
`,
      '',
    ],
    [
      `  if (!this.genPoly) {
    throw new Error('Encoder not initialized')
  }
`,
      '',
    ],
  ],
};

/**
 * CommonJS, as these files are written, in modules of the language: names between them are
 * shortened then, and what is not reached is left out without an edit.
 */
function asModule(code) {
  return code
    .replace(/^const (\w+) = require\((.+)\)\.\1$/gm, 'import { $1 } from $2')
    .replace(/^const (\w+) = require\((.+)\)$/gm, 'import * as $1 from $2')
    .replace(/^module\.exports = /gm, 'export default ')
    .replace(/^exports\.(\w+) = function( \w+)? /gm, 'export function $1 ')
    .replaceAll('exports.', '');
}

/**
 * Members of the encoder's classes. Properties are not shortened unless named; none of these is a
 * name of the platform's or of Lit's.
 */
export const encoderNames = /^(degree|genPoly|isReserved|reservedBit)$/;

/** Rollup plugins that bundle qrcode's encoder, reduced to what URLs need; and CommonJS as it is. */
export function qrcodeCore() {
  return [
    {
      name: 'qrcode-core',
      async load(id) {
        const file = id.replaceAll('\\', '/').split('/qrcode/lib/core/')[1];
        if (!file) return null;
        if (REPLACED.includes(file)) return readFile(new URL(file, folder), 'utf8');
        const code = await readFile(id, 'utf8');
        return asModule(edited(code, EDITS[file] ?? [], file, 'scripts/qrcode-core.mjs'));
      },
    },
    nodeResolve({ browser: true, ignoreSideEffectsForRoot: true }),
    commonjs({ strictRequires: false }),
  ];
}
