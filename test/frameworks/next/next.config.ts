import type { NextConfig } from 'next';

/** This folder, also where it is within another project that has a lock file. */
const root = process.cwd();

const nextConfig: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  outputFileTracingRoot: root,
  turbopack: { root },
};

export default nextConfig;
